// Pass drop-uniqueness: relationships that cannot be the same are not compared.
//
// Relationships of different types are not the same, nor are two that leave one node for ends that must differ, nor two
// that lead to ends that must differ:
//
//   (a)-[r:R]-(b)-[s:R]-(c) WHERE a <> c              r is not s
//   (a)-[r:R]->(b), (c)-[s:R]->(d) WHERE b <> d       r is not s
//
// if the filter stands where it sees the same rows: before the comparison, or after it with only operators between that
// look at each row by itself.
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// What is known of a relationship variable. No types, or a variable that is not known, means any type.
struct KnownRelationship {
  std::vector<std::string> types;
  std::optional<std::pair<VarId, VarId>> ends = std::nullopt;  // of a single relationship
  bool directed = false;                                       // then `ends` are source and target
};
using Relationships = std::unordered_map<VarId, KnownRelationship>;
using Unequal = std::vector<std::pair<VarId, VarId>>;

/// Pairs of variables that a filter in [begin, end) asks to differ.
void add_unequal(const Chain& chain, size_t begin, size_t end, Unequal& pairs) {
  for (size_t i = begin; i < end; ++i) {
    const auto* filter = std::get_if<FilterOp>(&chain[i]);
    if (filter == nullptr || filter->predicate->kind != ExprKind::NotEqual) continue;
    const Expr& left = *filter->predicate->args[0];
    const Expr& right = *filter->predicate->args[1];
    if (left.kind == ExprKind::Variable && right.kind == ExprKind::Variable) pairs.emplace_back(left.var, right.var);
  }
}

bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& type) { return std::find(b.begin(), b.end(), type) != b.end(); });
}

/// Whether two relationships share one end and are asked to differ in the other, or are asked to differ in their
/// sources or targets.
bool ends_differ(const KnownRelationship& of_a, const KnownRelationship& of_b, const Unequal& unequal) {
  const std::pair<VarId, VarId>& a = *of_a.ends;
  const std::pair<VarId, VarId>& b = *of_b.ends;
  auto differ = [&](VarId x, VarId y) {
    return std::any_of(unequal.begin(), unequal.end(), [&](const auto& pair) {
      return (pair.first == x && pair.second == y) || (pair.first == y && pair.second == x);
    });
  };
  if (of_a.directed && of_b.directed && (differ(a.first, b.first) || differ(a.second, b.second))) return true;
  return (a.first == b.first && differ(a.second, b.second)) || (a.first == b.second && differ(a.second, b.first)) ||
         (a.second == b.first && differ(a.first, b.second)) || (a.second == b.second && differ(a.first, b.first));
}

bool can_be_same(VarId a, VarId b, const Relationships& known, const Unequal& unequal) {
  const auto of_a = known.find(a);
  const auto of_b = known.find(b);
  if (of_a == known.end() || of_b == known.end()) return true;
  if (!overlap(of_a->second.types, of_b->second.types)) return false;
  return !of_a->second.ends || !of_b->second.ends || !ends_differ(of_a->second, of_b->second, unequal);
}

/// The types of all relationships of the path.
std::vector<std::string> types_of(const PathSearchOp& search) {
  std::vector<std::string> types;
  for (const PathStretch& stretch : search.stretches) {
    for (const PathHop& hop : stretch.hops) {
      if (hop.types.empty()) return {};
      types.insert(types.end(), hop.types.begin(), hop.types.end());
    }
  }
  return types;
}

}  // namespace

Chain drop_uniqueness(Chain chain, const PassContext&) {
  Relationships known;
  std::vector<uint8_t> dropped(chain.size());
  size_t stretch = 0;  // the operators from here up to `stretch_end` look at each row by itself
  size_t stretch_end = 0;
  Unequal unequal;
  for (size_t i = 0; i < chain.size(); ++i) {
    if (i >= stretch_end) {
      stretch = stretch_end = i;
      while (stretch_end < chain.size() && (stretch_end == stretch || works_by_row(chain[stretch_end]))) ++stretch_end;
      unequal.clear();
      add_unequal(chain, stretch, stretch_end, unequal);
    }
    if (const auto* expand = std::get_if<ExpandOp>(&chain[i])) {
      const bool backward = expand->direction == Direction::In;
      const auto ends = backward ? std::pair(expand->to, expand->from) : std::pair(expand->from, expand->to);
      known[expand->rel] = {expand->types, ends, expand->direction != Direction::Both};
    } else if (const auto* walk = std::get_if<VarExpandOp>(&chain[i])) {
      known[walk->rel] = {walk->types};
    } else if (const auto* search = std::get_if<PathSearchOp>(&chain[i])) {
      known[search->rel] = {types_of(*search)};
    } else if (const auto* bound = std::get_if<BoundRelationshipOp>(&chain[i])) {
      known[bound->rel] = {bound->types};
    } else if (auto* unique = std::get_if<UniqueRelationshipsOp>(&chain[i])) {
      std::erase_if(unique->others, [&](VarId other) { return !can_be_same(unique->rel, other, known, unequal); });
      dropped[i] = unique->others.empty();
    }
  }
  Chain left;
  left.reserve(chain.size());
  for (size_t i = 0; i < chain.size(); ++i) {
    if (!dropped[i]) left.push_back(std::move(chain[i]));
  }
  return left;
}

}  // namespace entente
