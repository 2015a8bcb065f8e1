// The notifications of a statement: found once, when it is prepared, and told whenever it runs.
//
// Told are names (labels, relationship types, property keys) that the statement reads and the graph does not know, with
// the nearest that it does know; parts of a MATCH that nothing relates; and paths of any length. Names that
// the statement itself may create are left out.
//
// A name that is unknown when the statement is prepared may be known when it runs. Names are never removed, so it is
// enough to look again for those that the version committed last lacked; a statement that has none, and nothing else to
// tell, has no notes at all.
#pragma once

#include <string>
#include <vector>

#include "entente/core/snapshot.h"
#include "entente/query/notification.h"
#include "entente/query/syntax/ast.h"

namespace entente {

class StatementNotes {
 public:
  StatementNotes() = default;
  /// Of a bound statement that is not planned yet. `committed` is the version committed last, `graph` the one to take
  /// suggestions from.
  StatementNotes(const Statement& statement, const Snapshot& committed, const Snapshot& graph);

  bool empty() const { return notes_.empty(); }
  /// What there is to tell where the statement runs on this version, in the order of the places.
  std::vector<Notification> on(const Snapshot& graph) const;

  enum class NameKind : uint8_t { None, Label, Type, LabelOrType, Key };

 private:
  struct Note {
    Notification notification;
    NameKind kind = NameKind::None;  // None: it holds for every graph
    std::string name;
  };
  std::vector<Note> notes_;
};

}  // namespace entente
