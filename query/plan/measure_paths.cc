// Pass measure-paths: how long a path is, is told by the walks that find it.
//
//   MATCH p = (a)-[r:R*]->(b)-->(c) WHERE length(p) < 5 RETURN length(p), size(r)
//   →  VarExpand (a)-[r:R*1..3]->(b) length AS n, …, Filter n + 1 < 5, … n + 1, n
//
// `length(p)` is then the number of relationships that the pattern names, and what each of its walks adds; `size(r)` is
// what one adds. So neither the path nor the list need be made, unless they are read for something else. A walk that
// must be shorter or longer than a number goes no further, or gives nothing before.
//
// What is found in one MATCH can be measured so until a projection, grouping, limit or write.
#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/functions/registry.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// A number of relationships: those that are named, and what the walks add.
struct PathLength {
  int64_t named = 0;
  std::vector<size_t> walks;  // their places in the chain
};

bool keeps_walks(const PlanOp& op) {
  if (const auto* project = std::get_if<ProjectOp>(&op)) return project->keep_input;
  return std::holds_alternative<ArgumentOp>(op) || std::holds_alternative<NodeScanOp>(op) ||
         std::holds_alternative<NodeByIdOp>(op) || std::holds_alternative<ExpandOp>(op) ||
         std::holds_alternative<VarExpandOp>(op) || std::holds_alternative<PathSearchOp>(op) ||
         std::holds_alternative<UniqueRelationshipsOp>(op) || std::holds_alternative<BuildPathOp>(op) ||
         std::holds_alternative<FilterOp>(op) || std::holds_alternative<UnwindOp>(op) ||
         std::holds_alternative<OptionalOp>(op);
}

class MeasurePaths {
 public:
  MeasurePaths(Chain& chain, const PassContext& context) : chain_(chain), context_(context) {}

  void run() {
    for (size_t i = 0; i < chain_.size(); ++i) {
      PlanOp& op = chain_[i];
      if (const auto* filter = std::get_if<FilterOp>(&op)) bound_walks(filter->predicate);
      for_each_expression(op, [&](ExprPtr& expr) { expr = measured(expr); });
      if (!keeps_walks(op)) {
        steps_.clear();
        walks_.clear();
        paths_.clear();
      } else {
        note(op, i);
      }
    }
  }

 private:
  void note(const PlanOp& op, size_t place) {
    if (const auto* expand = std::get_if<ExpandOp>(&op)) {
      steps_.insert(expand->rel);
    } else if (const auto* walk = std::get_if<VarExpandOp>(&op)) {
      walks_[walk->rel] = place;
    } else if (const auto* path = std::get_if<BuildPathOp>(&op)) {
      if (std::optional<PathLength> length = length_of(*path)) paths_[path->path] = std::move(*length);
    }
  }

  /// Nothing if not all parts were found here: others may be null.
  std::optional<PathLength> length_of(const BuildPathOp& path) const {
    PathLength length;
    if (path.parts.size() < 2) return std::nullopt;
    for (size_t i = 1; i < path.parts.size(); i += 2) {
      if (steps_.contains(path.parts[i])) {
        ++length.named;
      } else if (const auto walk = walks_.find(path.parts[i]); walk != walks_.end()) {
        length.walks.push_back(walk->second);
      } else {
        return std::nullopt;
      }
    }
    return length;
  }

  /// What `length(p)` or `size(r)` asks for, if that is known here.
  std::optional<PathLength> length_of(const Expr& call) const {
    if (call.kind != ExprKind::Call || call.function == nullptr || call.args.size() != 1) return std::nullopt;
    if (call.args[0]->kind != ExprKind::Variable) return std::nullopt;
    if (call.function->name == "length") {
      const auto path = paths_.find(call.args[0]->var);
      if (path != paths_.end()) return path->second;
    } else if (call.function->name == "size") {
      const auto walk = walks_.find(call.args[0]->var);
      if (walk != walks_.end()) return PathLength{0, {walk->second}};
    }
    return std::nullopt;
  }

  ExprPtr measured(const ExprPtr& expr) {
    return rewrite(expr, [&](const ExprPtr& part) -> ExprPtr {
      const std::optional<PathLength> length = length_of(*part);
      if (!length) return nullptr;
      ExprPtr sum;
      for (const size_t place : length->walks) {
        auto& walk = std::get<VarExpandOp>(chain_[place]);
        if (walk.length == kNoVar) walk.length = context_.new_variable();
        ExprPtr steps = context_.variable(walk.length);
        sum = sum == nullptr ? steps : make_binary(ExprKind::Add, sum, steps, part->span);
      }
      if (sum != nullptr && length->named == 0) return sum;
      ExprPtr named = make_literal(Value(length->named), part->span);
      return sum == nullptr ? named : make_binary(ExprKind::Add, sum, named, part->span);
    });
  }

  /// Lets walks end where one of the conditions says that longer or shorter ones are not wanted.
  void bound_walks(const ExprPtr& predicate) {
    std::vector<ExprPtr> parts;
    split_conjunction(predicate, parts);
    for (const ExprPtr& part : parts) {
      if (part->args.size() != 2) continue;
      for (const bool turned : {false, true}) {
        const Expr& number = *part->args[turned ? 0 : 1];
        const std::optional<PathLength> length = length_of(*part->args[turned ? 1 : 0]);
        if (!length || number.kind != ExprKind::Literal || !number.literal.is_integer()) continue;
        bound_walks(*length, turned ? mirrored(part->kind) : part->kind, number.literal.as_integer());
      }
    }
  }

  /// `length` compared with `number` must hold.
  void bound_walks(const PathLength& length, ExprKind comparison, int64_t number) {
    // Beyond these nothing holds, or everything does, whatever is added to them.
    constexpr int64_t kFar = std::numeric_limits<int64_t>::max() / 4;
    number = std::clamp(number, -kFar, kFar);
    int64_t most = comparison == ExprKind::Less ? number - 1 : number;
    int64_t least = comparison == ExprKind::Greater ? number + 1 : number;
    const bool limits_above =
        comparison == ExprKind::Less || comparison == ExprKind::LessEqual || comparison == ExprKind::Equal;
    const bool limits_below =
        comparison == ExprKind::Greater || comparison == ExprKind::GreaterEqual || comparison == ExprKind::Equal;
    most -= length.named;
    least -= length.named;
    if (limits_above) {
      for (const size_t place : length.walks) {
        auto& walk = std::get<VarExpandOp>(chain_[place]);
        const int64_t room = most - least_of_others(length, place);
        if (room < 0) continue;  // nothing passes the filter, as it is
        walk.max = std::min(walk.max.value_or(static_cast<uint64_t>(room)), static_cast<uint64_t>(room));
      }
    }
    if (limits_below && length.walks.size() == 1 && least > 0) {
      auto& walk = std::get<VarExpandOp>(chain_[length.walks[0]]);
      walk.min = std::max(walk.min, static_cast<uint64_t>(least));
    }
  }

  int64_t least_of_others(const PathLength& length, size_t place) const {
    uint64_t least = 0;
    for (const size_t other : length.walks) {
      if (other != place) least += std::min<uint64_t>(std::get<VarExpandOp>(chain_[other]).min, uint64_t{1} << 32);
    }
    return static_cast<int64_t>(least);
  }

  Chain& chain_;
  const PassContext& context_;
  std::unordered_set<VarId> steps_;          // relationships of this row
  std::unordered_map<VarId, size_t> walks_;  // where the lists are found
  std::unordered_map<VarId, PathLength> paths_;
};

}  // namespace

Chain measure_paths(Chain chain, const PassContext& context) {
  const bool has_paths = std::any_of(chain.begin(), chain.end(), [](const PlanOp& op) {
    return std::holds_alternative<VarExpandOp>(op) || std::holds_alternative<BuildPathOp>(op);
  });
  if (has_paths) MeasurePaths(chain, context).run();
  return chain;
}

}  // namespace entente
