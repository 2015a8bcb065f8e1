// Strong identifier types of the property graph.
//
// Node and relationship ids are dense: they are handed out in order from 0 and are not used again
// after a deletion. Both fit 32 bits, which bounds a graph to 4,294,967,040 nodes and as many
// relationships; Cypher's id() shows them as integers. Names (labels, relationship types, property
// keys) are numbered by the Dictionary in order of first use.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace entente {

/// A number that is not to be mixed up with numbers of another `Tag`.
template <class Tag>
struct StrongId {
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  uint32_t value = kNone;

  constexpr StrongId() = default;
  constexpr explicit StrongId(uint32_t v) : value(v) {}

  constexpr bool valid() const { return value != kNone; }
  friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

using NodeId = StrongId<struct NodeTag>;
using RelId = StrongId<struct RelTag>;
using LabelId = StrongId<struct LabelTag>;
using TypeId = StrongId<struct TypeTag>;
using KeyId = StrongId<struct KeyTag>;

/// Fewer than 2^32, so that numbers at the end can stand for something else.
inline constexpr uint32_t kMostIds = 0xFFFF'FF00;

/// Which end of its relationships a node is: `Out` lists the relationships that start at it.
enum class Direction : uint8_t { Out = 0, In = 1, Both = 2 };

/// The direction as the other end sees it.
constexpr Direction opposite(Direction direction) {
  switch (direction) {
    case Direction::Out:
      return Direction::In;
    case Direction::In:
      return Direction::Out;
    case Direction::Both:
      return Direction::Both;
  }
  return direction;
}

}  // namespace entente

template <class Tag>
struct std::hash<entente::StrongId<Tag>> {
  size_t operator()(entente::StrongId<Tag> id) const noexcept { return id.value * 0x9E3779B97F4A7C15ull; }
};
