#include "entente/query/plan/optimizer.h"

#include <utility>

namespace entente {

namespace {

struct NamedPass {
  std::string_view name;
  Pass run;
};

constexpr NamedPass kPasses[] = {
    {"fold-constants", fold_constants},    // first: the others look for literals
    {"inline-calls", inline_calls},        // before all that looks for what is in a call
    {"measure-paths", measure_paths},      // before it: a filter by length moves further than one of the path
    {"push-filters", push_filters},        // brings filters to the scans that they restrict
    {"anti-join", anti_join},              // after push-filters: the test stands beside its OPTIONAL MATCH
    {"push-limits", push_limits},          // before all that looks at how many rows come
    {"semi-expand", semi_expand},          // after anti-join, which makes some
    {"run-once", run_once},                //
    {"join-subqueries", join_subqueries},  // after semi-expand, which is better where it can be; before implied-labels
    {"join-optional", join_optional},      // takes away the labels that these look for
    {"implied-labels", implied_labels},    // fewer reads
    {"node-by-id", node_by_id},            // before index-seek: an id is better than any index
    {"label-scans", label_scans},          // after it: a scan by label is worse
    {"index-seek", index_seek},            //
    {"count-rows", count_rows},            // before unread-variables: fewer reads
    {"drop-uniqueness", drop_uniqueness},  // before unread-variables: fewer reads
    {"join-cycles", join_cycles},          // after it: fewer relationships to compare; before counting ends
    {"exclude-ends", exclude_ends},        // after drop-uniqueness: the relationship must not be read
    {"unread-variables", unread_variables},  //
    {"optional-count", optional_count},      //
    {"meet-ends", meet_ends},                // after all that turns look-ups into something else
    {"reach-ends", reach_ends},              // after all that takes reads away
    {"combine-rows", combine_rows},          // the same; and after reach-ends, which leaves less to combine
    {"push-distinct", push_distinct},        // what is left after that
    {"break-symmetry", break_symmetry},      // after combine-rows: counting degrees costs less
    {"sum-ends", sum_ends},                  // after combine-rows, which is better where it can be
    {"count-scan", count_scan},              // after all that makes expansions count
    {"sort-limit", sort_limit},              // after push-limits
};

}  // namespace

Chain optimize(Chain chain, const PassContext& context, const PlannerOptions& options) {
  if (options.disabled_passes.contains("all")) return chain;
  for (const NamedPass& pass : kPasses) {
    if (!options.disabled_passes.contains(pass.name)) chain = pass.run(std::move(chain), context);
  }
  return chain;
}

std::vector<std::string_view> optimizer_passes() {
  std::vector<std::string_view> names{kJoinMatches};
  for (const NamedPass& pass : kPasses) names.push_back(pass.name);
  return names;
}

}  // namespace entente
