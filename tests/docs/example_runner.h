// Runs the examples of documents and writes what they give as the documents show it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document.h"

namespace entente {

struct ExampleResult {
  std::vector<std::string> lines;
  /// Lines from here on are rows, whose order does not matter unless `ordered`.
  LineRange rows;
  bool ordered = true;
};

/// Each example gets a graph of its own: in memory, with what the first example of docs/language.md creates.
class ExampleRunner {
 public:
  /// `setup`: the statements that make the graph.
  explicit ExampleRunner(std::string setup) : setup_(std::move(setup)) {}

  /// Runs all statements of an example. Those before the last must not fail.
  ExampleResult run(std::string_view code, const std::map<std::string, std::string>& files = {}) const;
  /// The value of an expression as a literal, or the code of the error.
  std::string value_of(const std::string& expression) const;
  /// The code of the error that a statement raises; empty if it raises none.
  std::string error_of(const std::string& statement) const;

 private:
  std::string setup_;
};

/// Whether a result is as expected: the same lines, where the order of rows does not matter as lines in any order.
bool same_result(const ExampleResult& actual, const std::vector<std::string>& expected);

}  // namespace entente
