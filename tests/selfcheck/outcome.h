// What a statement gives, in a form that can be compared: rows as text, or the error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <entente/query/entente.h>

namespace entente::selfcheck {

/// How rows are compared.
struct Comparing {
  bool ordered = false;  // as a list; else as a bag
  /// 1 and 1.0 are the same text, as are 0.0 and -0.0: which of two equivalent values stands for their group is free.
  bool loose_numbers = false;
  /// The elements of lists are compared as a bag: collect() gives rows in an order that is free.
  bool loose_lists = false;
};

/// How loosely the rows of this statement must be compared, from the words in it. `ordered` is left false.
Comparing comparing_for(std::string_view statement);

/// A way to run a statement.
struct Twin {
  std::string name;
  size_t batch_size = 2048;
  std::vector<std::string> disabled;  // optimiser passes
  bool eager = false;                 // the others are used wherever they can be
  size_t threads = 1;
};

struct Outcome {
  std::vector<std::string> columns;
  std::vector<std::string> rows;  // sorted unless compared as a list
  std::string error;              // code and phase, empty if there was none
  std::string message;
  bool gave_up = false;  // a limit of time or memory was hit: says nothing

  bool failed() const { return !error.empty(); }
  std::string text() const;
};

/// What generated statements may use: $i, $s, $label, $map; `missing` is null.
const Map& known_parameters();

Outcome run(Database& database, const std::string& statement, const Twin& twin, const Comparing& comparing);

/// Empty if they agree; else what differs. A failure must meet a failure; its kind is compared only if `kinds`.
std::string difference(const Outcome& a, const Outcome& b, bool kinds = false);

/// The value as text in which values that must be told apart differ; entities with their ids.
std::string canonical(const Value& value, const Comparing& comparing);

/// The whole graph as lines that do not depend on ids: each node, and each relationship with its ends, described by
/// labels, properties and, three steps deep, their surroundings.
std::vector<std::string> describe_graph(Database& database);

}  // namespace entente::selfcheck
