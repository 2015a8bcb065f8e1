// ChangeSet: what one transaction did, in order, in terms of ids and names. It is what the log stores, and what
// replaying the log applies.
//
// Replaying a change set on the version it was made from gives the same version again: ids are stated, not drawn. Names
// are given as text where a number is first used (`DefineName`) and as numbers afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entente/core/chunked_vector.h"
#include "entente/core/ids.h"
#include "entente/core/value.h"

namespace entente {

struct Change {
  enum class Kind : uint8_t {      // do not change these values: they are stored
    DefineLabel = 1,               // number, text
    DefineType = 2,                // number, text
    DefineKey = 3,                 // number, text
    CreateNode = 4,                // id, numbers = labels
    DeleteNode = 5,                // id
    AddLabel = 6,                  // id, number
    RemoveLabel = 7,               // id, number
    SetNodeProperty = 8,           // id, number = key, value (null removes)
    CreateRelationship = 9,        // id, number = type, source, target
    DeleteRelationship = 10,       // id
    SetRelationshipProperty = 11,  // id, number = key, value (null removes)
    CreateIndex = 12,              // id = index, text = name, flags; see IndexFlags
    DropIndex = 13,                // id = index
    CreateConstraint = 14,         // id, text = name, number = label or type, source = key, flags = relationships,
                                   // target = Constraint::Kind, numbers = of Type: kinds, then each list's kinds
    DropConstraint = 15,           // id
  };

  // Flags of CreateIndex. `number` is its label or type and `source` its key, if there is one of each; else `numbers`
  // has the count of labels or types, those, then the keys. `value` is the name of a full-text index's analyzer.
  enum IndexFlags : uint8_t { kUnique = 1, kRequired = 4, kRelationships = 8, kFullText = 16 };

  Kind kind = Kind::CreateNode;
  uint8_t flags = 0;
  uint32_t id = 0;
  uint32_t number = 0;
  uint32_t source = 0;
  uint32_t target = 0;
  std::vector<uint32_t> numbers;
  std::string text;
  Value value;
};

struct ChangeSet {
  ChunkedVector<Change> changes;
};

}  // namespace entente
