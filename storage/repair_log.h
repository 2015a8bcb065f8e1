// LogRepair: applies what is left of a log to a graph that was saved from the pages.
//
// A commit that fits is applied whole. Of one that does not, because pages or commits before it are lost, each change
// that fits: ids and names that lost commits have made are made up, so that all later ones stay the same. A node that
// is lost stays if a commit that is left touches it, and is deleted otherwise.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "entente/core/graph_store.h"

namespace entente {

class LogRepair {
 public:
  /// Indexes and constraints have other numbers in the new graph.
  struct SchemaIds {
    std::unordered_map<uint32_t, uint32_t> known;  // old to new
    uint32_t next = 0;
  };

  /// `stored` is the last commit that the pages have; `lost_nodes` those made in the graph for ids whose nodes are
  /// lost.
  LogRepair(GraphStore& graph, uint64_t stored, SchemaIds ids, std::set<uint32_t> lost_nodes,
            std::function<void(std::string)> lost)
      : graph_(graph),
        next_(stored + 1),
        ids_(std::move(ids)),
        lost_nodes_(std::move(lost_nodes)),
        lost_(std::move(lost)) {}

  /// Commits come in the order of their numbers. Throws StorageError only for what the new database says.
  void apply(uint64_t commit, std::string_view record);
  /// After the last one. `acknowledged` is the highest commit that there was.
  void finish(uint64_t acknowledged);

 private:
  void missing(uint64_t from, uint64_t to);
  bool apply_whole(ChangeSet changes);
  void apply_parts(uint64_t commit, const ChangeSet& changes);
  void apply_one(Transaction& transaction, Change change);
  void fill_gaps(Transaction& transaction, const Change& change);
  void fill_nodes(Transaction& transaction, uint64_t limit);
  void fill_relationships(Transaction& transaction, const Change& change);
  bool renumber(Change& change);
  void touch(const Change& change);

  GraphStore& graph_;
  uint64_t next_;
  SchemaIds ids_;
  std::set<uint32_t> lost_nodes_;
  std::function<void(std::string)> lost_;
};

}  // namespace entente
