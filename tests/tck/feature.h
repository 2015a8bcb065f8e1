// Reads the openCypher TCK's feature files: the part of Gherkin that they use.
//
// Outlines are expanded: each row of their examples is a scenario of its own. A scenario's id is its file below
// `features`, its number in brackets, and for an outline the number of the example: "clauses/match/Match1 [3] #2".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace entente::tck {

using Table = std::vector<std::vector<std::string>>;

struct Step {
  std::string text;  // without the keyword
  std::string doc;   // its """ text
  Table table;
};

struct Scenario {
  std::string id;
  std::string area;  // "clauses/match"
  std::string name;
  std::filesystem::path file;
  int line = 0;
  std::vector<Step> steps;
};

/// All scenarios below `folder`/features, sorted by file. Throws std::runtime_error for a file it cannot read.
std::vector<Scenario> read_features(const std::filesystem::path& folder);

}  // namespace entente::tck
