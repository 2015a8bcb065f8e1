#include "entente/tools/bench.h"

#include <benchmark/benchmark.h>
#include <rapidjson/document.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "entente/core/adjacency.h"
#include "entente/entente.h"
#include "entente/tools/bench_loops.h"
#include "entente/tools/options.h"
#include "entente/tools/shell.h"

namespace entente {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

struct Settings {
  uint32_t nodes = 1'000'000;
  uint32_t degree = 10;
  std::filesystem::path folder;
  std::filesystem::path questions;  // empty: their benchmarks are left out
};

/// The graph on disk, made once and shared by the benchmarks.
class Fixture {
 public:
  explicit Fixture(Settings settings) : settings_(std::move(settings)) {}
  ~Fixture() {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(settings_.folder, ignored);
  }

  const Settings& settings() const { return settings_; }
  std::filesystem::path path() const { return settings_.folder / "graph.entente"; }
  const Ends& ends() {
    if (ends_.empty()) ends_ = draw_ends(settings_.nodes, settings_.degree);
    return ends_;
  }
  Database& database() {
    if (!database_) {
      const bool made = std::filesystem::exists(path());
      database_ = std::make_unique<Database>(Database::open(path()));
      if (!made) build_graph(*database_, settings_.nodes, ends());
    }
    return *database_;
  }
  void close() { database_.reset(); }

 private:
  Settings settings_;
  Ends ends_;
  std::unique_ptr<Database> database_;
};

void bench_build_in_memory(benchmark::State& state, Fixture& fixture) {
  fixture.ends();
  for (auto _ : state) {
    Database db = Database::in_memory();
    const auto begin = Clock::now();
    build_graph(db, fixture.settings().nodes, fixture.ends());
    state.SetIterationTime(seconds_since(begin));
    const auto memory = db.snapshot()->memory();
    const double rels = static_cast<double>(fixture.ends().size());
    state.counters["B/rel_adjacency_and_ids"] = static_cast<double>(memory.adjacency + memory.relationships) / rels;
    state.counters["B/rel_all"] = static_cast<double>(memory.total()) / rels;
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fixture.ends().size()));
}

void bench_build_on_disk(benchmark::State& state, Fixture& fixture) {
  fixture.close();
  fixture.ends();
  for (auto _ : state) {
    const std::filesystem::path path = fixture.settings().folder / "built.entente";
    std::filesystem::remove_all(path);
    const auto begin = Clock::now();
    {
      Database db = Database::open(path);
      build_graph(db, fixture.settings().nodes, fixture.ends());
    }
    state.SetIterationTime(seconds_since(begin));
    uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(path)) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    state.counters["B/rel_on_disk"] = static_cast<double>(bytes) / static_cast<double>(fixture.ends().size());
    std::filesystem::remove_all(path);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fixture.ends().size()));
}

void bench_open(benchmark::State& state, Fixture& fixture) {
  fixture.database();
  for (auto _ : state) {
    fixture.close();
    const auto begin = Clock::now();
    fixture.database();
    state.SetIterationTime(seconds_since(begin));
  }
}

/// The hand-written limit: a loop over the pages' lists.
void bench_scan_lists(benchmark::State& state, Fixture& fixture) {
  const SnapshotPtr graph = fixture.database().snapshot();
  const Adjacency& out = graph->adjacency(graph->names().type("LINK"), Direction::Out);
  const auto scan = [&] {
    uint64_t sum = 0;
    AdjacencyCursor cursor;
    AdjacencySegment segment;
    for (uint32_t node = 0; node < graph->node_limit(); ++node) {
      cursor.open(out, NodeId(node));
      while (cursor.next(segment)) {
        for (uint32_t i = 0; i < segment.size; ++i) sum += segment.neighbours[i];
      }
    }
    return sum;
  };
  benchmark::DoNotOptimize(scan());  // reads the pages from disk
  for (auto _ : state) benchmark::DoNotOptimize(scan());
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fixture.ends().size()));
}

void bench_query(benchmark::State& state, Fixture& fixture, const char* text) {
  Session session = fixture.database().session();
  Prepared prepared = session.prepare(text);
  session.run(prepared).rows();  // reads the pages from disk
  for (auto _ : state) benchmark::DoNotOptimize(session.run(prepared).rows());
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fixture.ends().size()));
}

/// A query against the loop written by hand. The time is the query's; counters give the loop's and how many times as
/// long the query takes.
void bench_against_loop(benchmark::State& state, Fixture& fixture, const LoopedQuery& query) {
  Session session = fixture.database().session();
  const LinkArrays links(fixture.settings().nodes, fixture.ends());
  for (auto _ : state) {
    const LoopedTimes times = measure(query, session, links);
    state.SetIterationTime(times.query_ms / 1e3);
    state.counters["loop_ms"] = times.loop_ms;
    state.counters["ratio"] = times.query_ms / times.loop_ms;
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * fixture.ends().size()));
}

void bench_point_lookup(benchmark::State& state, Fixture& fixture) {
  Session session = fixture.database().session();
  Prepared prepared = session.prepare("MATCH (n:Node {id: $id}) RETURN n.id");
  SplitMix64 random{7};
  std::vector<double> micros;
  for (auto _ : state) {
    const auto id = static_cast<int64_t>(random() % fixture.settings().nodes);
    const auto begin = Clock::now();
    benchmark::DoNotOptimize(session.run(prepared, {{"id", Value(id)}}).rows());
    micros.push_back(seconds_since(begin) * 1e6);
  }
  std::sort(micros.begin(), micros.end());
  state.counters["us_p50"] = micros[micros.size() / 2];
  state.counters["us_p99"] = micros[micros.size() * 99 / 100];
  state.SetItemsProcessed(state.iterations());
}

/// A small graph and the statements that are asked of it, as data/diplomacy has them.
class Questions {
 public:
  explicit Questions(const std::filesystem::path& folder) : database_(Database::in_memory()) {
    Session session = database_.session();
    std::ostringstream ignored;
    std::ostringstream errors;
    std::istringstream facts(read_file(folder / "facts.cypher"));
    Shell(database_, session, {}, {}, ignored, errors).read(facts);
    if (!errors.str().empty()) throw Error::argument("InvalidGraph", errors.str());
    rapidjson::Document file;
    file.Parse(read_file(folder / "questions.json").c_str());
    if (file.HasParseError() || !file.HasMember("questions")) {
      throw Error::argument("InvalidQuestions", (folder / "questions.json").string() + " has no list of questions");
    }
    for (const auto& question : file["questions"].GetArray()) statements_.emplace_back(question["cypher"].GetString());
  }

  /// Prepares every statement; the counters give the median and the worst of them in microseconds. A cached statement
  /// has been prepared before; a fresh one is made unknown to the cache by a comment.
  void prepare(benchmark::State& state, bool cached) {
    Session session = database_.session();
    for (const std::string& statement : statements_) session.prepare(statement);
    std::vector<std::vector<double>> micros(statements_.size());
    uint64_t round = 0;
    for (auto _ : state) {
      const std::string comment = cached ? "" : " // " + std::to_string(++round);
      for (size_t i = 0; i < statements_.size(); ++i) {
        const std::string text = statements_[i] + comment;
        const auto begin = Clock::now();
        benchmark::DoNotOptimize(session.prepare(text));
        micros[i].push_back(seconds_since(begin) * 1e6);
      }
    }
    std::vector<double> medians(micros.size());
    std::transform(micros.begin(), micros.end(), medians.begin(),
                   [](std::vector<double>& of_one) { return median(of_one); });
    state.counters["us_worst"] = *std::max_element(medians.begin(), medians.end());
    state.counters["us_median"] = median(medians);
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * statements_.size()));
  }

 private:
  static double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  Database database_;
  std::vector<std::string> statements_;
};

void bench_commits(benchmark::State& state, Fixture& fixture, int writers) {
  const std::filesystem::path path = fixture.settings().folder / "commits.entente";
  constexpr int kCommits = 2000;
  for (auto _ : state) {
    std::filesystem::remove_all(path);
    Database db = Database::open(path);
    const auto begin = Clock::now();
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(writers));
    for (int w = 0; w < writers; ++w) {
      threads.emplace_back([&db, writers] {
        Session session = db.session();
        Prepared insert = session.prepare("CREATE (:Row {value: $value})");
        for (int i = 0; i < kCommits / writers; ++i) session.run(insert, {{"value", i}});
      });
    }
    for (std::thread& thread : threads) thread.join();
    state.SetIterationTime(seconds_since(begin));
  }
  std::filesystem::remove_all(path);
  state.SetItemsProcessed(state.iterations() * (kCommits / writers) * writers);
}

void register_benchmarks(Fixture& fixture, Questions* questions) {
  using benchmark::kMillisecond;
  const auto add = [](const std::string& name, auto run) { return benchmark::RegisterBenchmark(name.c_str(), run); };
  add("build/memory", [&](auto& s) { bench_build_in_memory(s, fixture); })
      ->UseManualTime()
      ->Unit(kMillisecond)
      ->Iterations(2);
  add("build/disk", [&](auto& s) { bench_build_on_disk(s, fixture); })
      ->UseManualTime()
      ->Unit(kMillisecond)
      ->Iterations(2);
  add("open", [&](auto& s) { bench_open(s, fixture); })->UseManualTime()->Unit(kMillisecond)->Iterations(5);
  add("expand/lists", [&](auto& s) { bench_scan_lists(s, fixture); })->Unit(kMillisecond);
  add("expand/query_degrees", [&](auto& s) {
    bench_query(s, fixture, "MATCH (a:Node)-[:LINK]->(b) RETURN count(*)");
  })->Unit(kMillisecond);
  add("expand/query_ends", [&](auto& s) {
    bench_query(s, fixture, "MATCH (a:Node)-[:LINK]->(b) RETURN count(b), max(id(b))");
  })->Unit(kMillisecond);
  for (const LoopedQuery& query : looped_queries()) {
    add("loop/" + std::string(query.name), [&](auto& s) { bench_against_loop(s, fixture, query); })
        ->UseManualTime()
        ->Unit(kMillisecond)
        ->Iterations(1);
  }
  add("lookup/point", [&](auto& s) { bench_point_lookup(s, fixture); });
  if (questions != nullptr) {
    add("prepare/fresh", [=](auto& s) { questions->prepare(s, false); })->Unit(benchmark::kMicrosecond);
    add("prepare/cached", [=](auto& s) { questions->prepare(s, true); })->Unit(benchmark::kMicrosecond);
  }
  for (int writers : {1, 8}) {
    add("commit/writers:" + std::to_string(writers),
        [&fixture, writers](auto& s) { bench_commits(s, fixture, writers); })
        ->UseManualTime()
        ->Unit(kMillisecond)
        ->Iterations(3);
  }
}

}  // namespace

int run_bench(int argc, char** argv) {
  Settings settings;
  bool scales = false;
  std::string folder = std::filesystem::temp_directory_path().string();
  CLI::App app{"Measures the engine on a generated graph: memory, load, expand, look-ups, commits.", "entente bench"};
  app.add_option("--nodes", settings.nodes, "Nodes of the graph")
      ->capture_default_str()
      ->check(CLI::Range(1u, 100'000'000u));
  app.add_option("--degree", settings.degree, "Relationships a node")
      ->capture_default_str()
      ->check(CLI::Range(1u, 1000u));
  app.add_option("--folder", folder, "Where to make the databases (removed at the end)")->capture_default_str();
  app.add_option(
         "--questions", settings.questions,
         "A folder with facts.cypher and questions.json: also measures how long their statements take to prepare")
      ->check(CLI::ExistingDirectory);
  app.add_flag(
      "--scales", scales,
      "Only measures what time and memory a relationship takes in graphs of a sixteenth of the nodes, a fourth, "
      "and all");
  app.footer("Other options go to Google Benchmark, as --benchmark_filter=commit or --benchmark_format=json.");
  app.allow_extras();
  CLI11_PARSE(app, argc, argv);
  if (scales) {
    measure_scales(settings.nodes, settings.degree, std::cout);
    return 0;
  }

  settings.folder = std::filesystem::path(folder) / ("entente-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(settings.folder);
  std::vector<std::string> rest = app.remaining();
  rest.insert(rest.begin(), "entente bench");
  std::vector<char*> arguments;
  arguments.reserve(rest.size());
  for (std::string& argument : rest) arguments.push_back(argument.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  Fixture fixture(settings);
  std::unique_ptr<Questions> questions;
  if (!settings.questions.empty()) questions = std::make_unique<Questions>(settings.questions);
  register_benchmarks(fixture, questions.get());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace entente
