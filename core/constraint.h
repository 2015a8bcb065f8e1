// What a graph promises of its properties, beyond what a unique index enforces: that a property is there, and of which
// type it is.
//
// A constraint is on the nodes with one label, or the relationships of one type, and one property. It is checked when a
// transaction commits, so that a statement may create an element first and complete it afterwards. Constraints are part
// of a version; these are plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/value.h"

namespace entente {

enum class EntityType : uint8_t {  // do not change these values: they are stored
  Node = 0,
  Relationship = 1,
};

constexpr uint32_t kind_bit(ValueKind kind) { return 1u << static_cast<uint32_t>(kind); }

/// The values that `IS :: TYPE` allows: of some kinds, or lists whose elements all are. Null is of every type.
struct AllowedType {
  uint32_t kinds = 0;           // bit k: values of ValueKind k, lists apart
  std::vector<uint32_t> lists;  // each allows the lists whose elements are of these kinds

  /// The kinds that a property, or an element of a list that is one, can have.
  static constexpr uint32_t kStorable = kind_bit(ValueKind::Boolean) | kind_bit(ValueKind::Integer) |
                                        kind_bit(ValueKind::Float) | kind_bit(ValueKind::String) |
                                        kind_bit(ValueKind::Date) | kind_bit(ValueKind::LocalTime) |
                                        kind_bit(ValueKind::Time) | kind_bit(ValueKind::LocalDateTime) |
                                        kind_bit(ValueKind::DateTime) | kind_bit(ValueKind::Duration);

  bool allows(const Value& value) const;
  /// As it is written, in one order whatever the text was: "INTEGER | LIST<STRING NOT NULL>".
  std::string text() const;
  /// Sorts and drops repetitions, so that types that allow the same and say so alike are equal.
  void normalize();
  friend bool operator==(const AllowedType&, const AllowedType&) = default;
};

struct Constraint {
  enum class Kind : uint8_t {  // do not change these values: they are stored
    Exists = 1,
    Type = 2,
  };

  uint32_t id = 0;  // from the same numbering as those of indexes
  std::string name;
  Kind kind = Kind::Exists;
  EntityType entity = EntityType::Node;
  uint32_t token = 0;  // number of the label or type
  KeyId key;
  AllowedType type;  // of Kind::Type
};

}  // namespace entente
