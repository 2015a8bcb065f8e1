// Whether a version of a graph is of one piece: each thing that is kept twice says the same in both places.
//
// Checked are: labels of nodes against the label bitmaps; ends of relationships; adjacency in both directions against
// the table of relationships, entry by entry; properties of elements that are not there; range indexes against the
// columns, and full-text indexes against the postings that the columns give; uniqueness; all counts and statistics.
// It reads every page, and takes time and memory in proportion to the graph.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entente/core/snapshot.h"

namespace entente {

/// What was found wrong, a sentence each; only the first of them are kept.
struct Findings {
  static constexpr size_t kKept = 1'000;
  std::vector<std::string> texts;
  uint64_t count = 0;

  void add(std::string text) {
    if (++count <= kKept) texts.push_back(std::move(text));
  }
};

/// Of a whole database with its files (see storage/check.h).
struct CheckReport {
  uint32_t format = 0;
  uint64_t commits = 0;
  uint64_t pages = 0;        // that the manifest refers to
  uint64_t log_records = 0;  // behind the manifest
  uint64_t nodes = 0;
  uint64_t relationships = 0;
  Findings findings;
  std::vector<std::string> notes;  // what is strange and does no harm
};

/// Likewise.
struct RepairReport {
  uint64_t nodes = 0;  // saved
  uint64_t relationships = 0;
  Findings lost;                   // or recovered from elsewhere
  std::vector<std::string> notes;  // files that are damaged or foreign, and what was done about it
};

/// A page that cannot be read is a finding, and ends the part of the check that needs it.
void check_graph(const Snapshot& graph, Findings& findings);

}  // namespace entente
