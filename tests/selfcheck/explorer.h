// The loop of a random test: make cases until the time is over, check each, and report failing ones made small.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "random_source.h"
#include "shrinker.h"

namespace entente::selfcheck {

/// Says what is wrong with a case; empty: nothing.
using Check = std::function<std::string(const Case&)>;

/// Statements over one graph, made from a random source.
using MakeStatement = std::function<std::string(Random&)>;

struct Exploration {
  double share = 0.1;  // of the time
  MakeStatement statement;
  Check check;
  size_t nodes = 6;
  size_t relationships = 9;
  int statements_a_graph = 12;
  bool shrink = true;  // the statement too
};

/// Fails the test for each case found wrong, at most three.
void explore(const Exploration& exploration);

/// The graph in a database in memory; kept for the next call, so that statements over one graph share it.
Database& loaded(const GraphSpec& graph, bool with_indexes = true);

/// Words that part a case's statement into pieces, as `§WHERE§`. Nothing if the marks are not there in this order.
std::vector<std::string> split_at(const std::string& text, const std::vector<std::string>& marks);

}  // namespace entente::selfcheck
