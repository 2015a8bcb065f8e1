// The commits that the tests of a failing disk make, and the record of what was acknowledged, which is kept apart from
// the database.
//
// Commit n makes two nodes (:Step {n, attempt, text}), a relationship (:Step)-[:PAIR {n}]->(:Step), one [:AFTER] to a
// node of an earlier step, and sets the property `last` of node 0; attempts are numbered, so that what an attempt that
// failed has written is told from what the one that followed it did. Some commits create or drop an index or
// constraint, every tenth is a bulk load, and two have a text that makes a checkpoint large.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "entente/core/snapshot.h"
#include "entente/core/transaction.h"

namespace entente {

class Record {
 public:
  Record() = default;
  /// So many commits were made, each at the first attempt, and are on disk.
  explicit Record(uint64_t commits);
  /// The number of a new attempt to make the commit.
  uint64_t attempt(uint64_t commit);
  void acknowledge(uint64_t commit, uint64_t attempt);
  /// All that was acknowledged up to now is on disk, whatever the durability.
  void durable();

  uint64_t acknowledged() const;  // the highest
  uint64_t durable_commit() const;

  /// What is wrong with a version that was opened; empty if nothing. It is to have at least so many commits.
  std::string compare(const Snapshot& snapshot, uint64_t at_least) const;
  /// From now on this version counts as what was acknowledged.
  void adopt(const Snapshot& snapshot);

 private:
  mutable std::mutex mutex_;
  uint64_t attempts_ = 0;
  uint64_t durable_ = 0;
  std::map<uint64_t, std::set<uint64_t>> tried_;  // by commit
  std::map<uint64_t, uint64_t> acknowledged_;     // the attempt, by commit
};

/// Makes the next commit's changes, and gives its number and attempt.
std::pair<uint64_t, uint64_t> make_step(Transaction& transaction, Record& record);

}  // namespace entente
