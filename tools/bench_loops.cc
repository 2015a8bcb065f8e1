#include "entente/tools/bench_loops.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "entente/core/error.h"

namespace entente {

namespace {

constexpr int kRuns = 5;

template <class Fn>
double milliseconds(Fn fn) {
  const auto begin = std::chrono::steady_clock::now();
  fn();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

template <class Visit>
void for_each_link(const LinkArrays& links, Visit visit) {
  for (uint32_t from = 0; from < links.nodes(); ++from) {
    for (uint64_t i = links.offsets[from]; i < links.offsets[from + 1]; ++i) visit(from, links.targets[i]);
  }
}

int64_t loop_ends(const LinkArrays& links) {
  int64_t most = 0;
  int64_t count = 0;
  for_each_link(links, [&](uint32_t, uint32_t to) {
    most = std::max<int64_t>(most, to);
    ++count;
  });
  return count + most;
}

/// A path does not use a relationship twice: not one that leads back to its own node.
int64_t loop_two_hops(const LinkArrays& links) {
  int64_t count = 0;
  for_each_link(links, [&](uint32_t from, uint32_t to) {
    count += static_cast<int64_t>(links.offsets[to + 1] - links.offsets[to]) - (from == to ? 1 : 0);
  });
  return count;
}

int64_t loop_groups(const LinkArrays& links) {
  std::vector<uint32_t> counts(links.nodes());
  for_each_link(links, [&](uint32_t, uint32_t to) { ++counts[to]; });
  int64_t squares = 0;
  for (const uint32_t count : counts) squares += int64_t{count} * count;
  return squares;
}

int64_t loop_mutual(const LinkArrays& links) {
  int64_t count = 0;
  for_each_link(links, [&](uint32_t from, uint32_t to) {
    const auto begin = links.targets.begin();
    const auto [first, last] = std::equal_range(begin + static_cast<ptrdiff_t>(links.offsets[to]),
                                                begin + static_cast<ptrdiff_t>(links.offsets[to + 1]), from);
    count += (last - first) - (from == to ? 1 : 0);
  });
  return count;
}

int64_t loop_reach(const LinkArrays& links) {
  std::vector<uint8_t> seen(links.nodes());
  std::vector<uint32_t> frontier{0};
  int64_t count = 0;
  for (int level = 0; level < 4; ++level) {
    std::vector<uint32_t> next;
    for (const uint32_t from : frontier) {
      for (uint64_t i = links.offsets[from]; i < links.offsets[from + 1]; ++i) {
        const uint32_t to = links.targets[i];
        if (seen[to] != 0) continue;
        seen[to] = 1;
        ++count;
        next.push_back(to);
      }
    }
    frontier = std::move(next);
  }
  return count;
}

int64_t run(Session& session, Prepared& prepared) { return session.run(prepared).rows().at(0)["x"].as_integer(); }

std::string text_of(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

void print_line(std::ostream& out, const std::string& what, const std::vector<std::string>& cells) {
  std::string line = what;
  line.resize(std::max<size_t>(line.size(), 28), ' ');
  for (const std::string& cell : cells) line += std::string(14 - std::min<size_t>(cell.size(), 13), ' ') + cell;
  out << line << '\n';
}

}  // namespace

LinkArrays::LinkArrays(uint32_t nodes, const Ends& ends) : offsets(size_t{nodes} + 1), targets(ends.size()) {
  for (const auto& [from, to] : ends) ++offsets[from.value + 1];
  for (size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
  std::vector<uint64_t> next(offsets.begin(), offsets.end() - 1);
  for (const auto& [from, to] : ends) targets[next[from.value]++] = to.value;
  for (uint32_t node = 0; node < nodes; ++node) {
    std::sort(targets.begin() + static_cast<ptrdiff_t>(offsets[node]),
              targets.begin() + static_cast<ptrdiff_t>(offsets[node + 1]));
  }
}

const std::vector<LoopedQuery>& looped_queries() {
  static const std::vector<LoopedQuery> kQueries = {
      {"ends", "MATCH (a:Node)-[:LINK]->(b) RETURN count(b) + max(b.id) AS x", loop_ends},
      {"two-hops", "MATCH (a:Node)-[:LINK]->(b)-[:LINK]->(c) RETURN count(*) AS x", loop_two_hops},
      {"groups", "MATCH (a:Node)-[:LINK]->(b) WITH b, count(*) AS n RETURN sum(n * n) AS x", loop_groups},
      {"mutual", "MATCH (a:Node)-[:LINK]->(b)-[:LINK]->(a) RETURN count(*) AS x", loop_mutual},
      {"reach", "MATCH (:Node {id: 0})-[:LINK*1..4]->(b) RETURN count(DISTINCT b) AS x", loop_reach},
  };
  return kQueries;
}

LoopedTimes measure(const LoopedQuery& query, Session& session, const LinkArrays& links) {
  session.set_threads(1);
  Prepared prepared = session.prepare(query.text);
  const int64_t expected = query.loop(links);
  const int64_t found = run(session, prepared);  // reads pages from disk
  if (found != expected) {
    throw Error("InternalError", "WrongResult", Phase::Runtime,
                std::string(query.name) + ": the query gives " + std::to_string(found) + ", the loop " +
                    std::to_string(expected));
  }
  LoopedTimes times{1e300, 1e300};
  volatile int64_t result = 0;
  for (int i = 0; i < kRuns; ++i) {
    times.loop_ms = std::min(times.loop_ms, milliseconds([&] { result = query.loop(links); }));
    times.query_ms = std::min(times.query_ms, milliseconds([&] { result = run(session, prepared); }));
  }
  return times;
}

void measure_scales(uint32_t nodes, uint32_t degree, std::ostream& out) {
  std::vector<std::vector<double>> figures(2 + looped_queries().size());
  std::vector<std::string> titles;
  for (const uint32_t part : {16u, 4u, 1u}) {
    const uint32_t count = std::max(1u, nodes / part);
    const Ends ends = draw_ends(count, degree);
    const double links = static_cast<double>(ends.size());
    titles.push_back(std::to_string(ends.size()));
    Database db = Database::in_memory();
    figures[0].push_back(milliseconds([&] { build_graph(db, count, ends); }) * 1e6 / links);
    figures[1].push_back(static_cast<double>(db.snapshot()->memory().total()) / links);
    const LinkArrays arrays(count, ends);
    Session session = db.session();
    for (size_t i = 0; i < looped_queries().size(); ++i) {
      figures[2 + i].push_back(measure(looped_queries()[i], session, arrays).query_ms * 1e6 / links);
    }
  }
  titles.emplace_back("last : first");
  print_line(out, "relationships", titles);
  for (size_t i = 0; i < figures.size(); ++i) {
    const std::string what = i == 0 ? "build, ns each" : i == 1 ? "memory, B each" : "";
    std::vector<std::string> cells;
    for (const double figure : figures[i]) cells.push_back(text_of("%.2f", figure));
    cells.push_back(text_of("%.2f", figures[i].back() / figures[i].front()));
    print_line(out, what.empty() ? std::string(looped_queries()[i - 2].name) + ", ns each" : what, cells);
  }
}

}  // namespace entente
