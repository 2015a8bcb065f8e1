// Pass drop-uniqueness: relationships of different types cannot be the same, so they are not compared.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// No list for a variable, or an empty one, means any type.
using TypesOf = std::unordered_map<VarId, std::vector<std::string>>;

bool can_be_same(VarId a, VarId b, const TypesOf& types) {
  auto of_a = types.find(a);
  auto of_b = types.find(b);
  if (of_a == types.end() || of_b == types.end() || of_a->second.empty() || of_b->second.empty()) return true;
  return std::any_of(of_a->second.begin(), of_a->second.end(), [&](const std::string& type) {
    return std::find(of_b->second.begin(), of_b->second.end(), type) != of_b->second.end();
  });
}

}  // namespace

Chain drop_uniqueness(Chain chain, const PassContext&) {
  TypesOf types;
  std::vector<bool> dropped(chain.size());
  for (size_t i = 0; i < chain.size(); ++i) {
    if (const auto* expand = std::get_if<ExpandOp>(&chain[i])) {
      types[expand->rel] = expand->types;
    } else if (const auto* walk = std::get_if<VarExpandOp>(&chain[i])) {
      types[walk->rel] = walk->types;
    } else if (const auto* bound = std::get_if<BoundRelationshipOp>(&chain[i])) {
      types[bound->rel] = bound->types;
    } else if (auto* unique = std::get_if<UniqueRelationshipsOp>(&chain[i])) {
      std::erase_if(unique->others, [&](VarId other) { return !can_be_same(unique->rel, other, types); });
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
