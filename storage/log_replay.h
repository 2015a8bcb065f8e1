// Reading the log of commits back and applying it to a graph.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "entente/core/graph_store.h"
#include "entente/storage/page_store.h"

namespace entente {

struct LoggedCommit {
  uint64_t commit;
  std::string bytes;  // its record
};

/// Some records of the log from a commit on, about 8 MiB; none at its end.
std::vector<LoggedCommit> read_some_log(const PageStore& store, uint64_t from);

/// How many of the records from the first on are intact and those of `commit` and the commits that follow it.
size_t count_intact(std::span<const LoggedCommit> records, uint64_t commit);

/// Applies such records, which follow the current version, and publishes the outcome as one new version: pages that
/// several of them change are copied once. Throws StorageError naming the commit.
void apply_logged(GraphStore& graph, std::span<const LoggedCommit> records);

}  // namespace entente
