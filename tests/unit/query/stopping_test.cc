// That what loops long looks at the statement's limits, and that what is large is destroyed elsewhere. How soon
// statements end is measured in tests/concurrency/stop_test.cc.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <numeric>
#include <string>
#include <thread>

#include "entente/entente.h"
#include "entente/query/apart.h"
#include "entente/query/csv_file.h"
#include "entente/query/database_state.h"
#include "entente/query/exec/accumulator.h"
#include "entente/query/exec/aggregate_column.h"
#include "entente/query/exec/group_table.h"
#include "entente/query/exec/path_levels.h"
#include "entente/query/plan/expressions.h"
#include "expression_fixture.h"

namespace entente {
namespace {

/// A context of a statement that is cancelled when the test says so.
class StoppingTest : public ExpressionTest {
 protected:
  StoppingTest() { context_.cancelled = &cancelled_; }

  /// Whether it looks at the limits.
  template <class Fn>
  bool stops(Fn fn) {
    cancelled_ = true;
    std::string code;
    try {
      fn();
    } catch (const Error& e) {
      code = e.code();
    }
    cancelled_ = false;
    return code == "ResourceError.Cancelled";
  }

  static constexpr uint32_t kMany = 200'000;
  std::atomic<bool> cancelled_{false};
};

BatchColumn numbers(uint32_t count, uint32_t step) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  vector->ints.resize(count);
  for (uint32_t i = 0; i < count; ++i) vector->ints[i] = i / step;
  vector->set_size(count, false);
  return {std::move(vector), nullptr};
}

TEST_F(StoppingTest, TablesOfGroupsThatGrow) {
  GroupTable table(2);
  std::vector<uint32_t> groups;
  const BatchColumn keys[] = {numbers(kMany, 450), numbers(kMany, 1)};
  table.find_or_add(keys, kMany, groups, context_);
  EXPECT_EQ(table.size(), kMany);
  PairCodes pairs;
  std::vector<uint32_t> codes(kMany);
  std::iota(codes.begin(), codes.end(), 0u);
  const std::vector<uint32_t> expected = codes;
  pairs.find_or_add(codes, expected, context_);
  EXPECT_EQ(codes, expected);
  for (uint32_t& code : codes) code += kMany;
  EXPECT_TRUE(stops([&] { pairs.find_or_add(codes, expected, context_); }));
}

TEST_F(StoppingTest, LevelsOfSearchesThatGrow) {
  PathLevels levels(context_);
  const auto key = [](uint64_t i) { return i % 3 << 32 | i / 3; };
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < kMany; i += 1 + static_cast<uint32_t>(round)) EXPECT_TRUE(levels.add(key(i), i));
    for (uint32_t i = 0; i < kMany; ++i) {
      EXPECT_EQ(levels.find(key(i)), round == 1 && i % 2 == 1 ? std::nullopt : std::optional<uint64_t>(i));
    }
    EXPECT_FALSE(levels.add(key(0), 7));
    EXPECT_EQ(levels.find(key(0)), std::optional<uint64_t>(0));
    EXPECT_EQ(levels.size(), round == 0 ? kMany : kMany / 2);
    if (round == 0) levels.clear();
  }
  EXPECT_TRUE(stops([&] {
    for (uint32_t i = kMany; i < 3 * kMany; ++i) levels.add(key(i), i);
  }));
}

TEST_F(StoppingTest, Percentiles) {
  AggregateMemory memory(context_);
  const auto accumulator = make_accumulator(Aggregate::PercentileDisc, {}, memory);
  for (uint32_t i = 0; i < kMany; ++i) accumulator->add(Value(i), 1, Value(1.0));
  EXPECT_TRUE(stops([&] { accumulator->result(); }));
}

TEST_F(StoppingTest, ListsThatAreCollected) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Aggregate;
  expr->aggregate = Aggregate::Collect;
  expr->args = {make_variable(0, "x")};
  for (const bool one_group : {true, false}) {
    AggregateMemory memory(context_);
    AggregateColumn column(*expr, one_group, memory);
    List plain;
    for (uint32_t i = 0; i < kMany; i += 2'000) {
      Batch batch(1);
      std::vector<Value> values;
      for (uint32_t k = 0; k < 2'000; ++k) values.emplace_back("a text of " + std::to_string(i + k));
      plain.insert(plain.end(), values.begin(), values.end());
      batch.rows = values.size();
      batch.set(0, Vector::from_values(std::move(values)));
      column.add(batch, std::vector<uint32_t>(batch.rows, 0), 1, context_);
    }
    Batch often(1);
    often.rows = 1;
    often.multiplicity = {kMany};
    often.set(0, Vector::from_values({Value("often")}));
    EXPECT_TRUE(stops([&] { column.add(often, {0}, 1, context_); }));
    EXPECT_TRUE(stops([&] { column.result(0); }));
  }
}

TEST_F(StoppingTest, ListsThatAreMadeOrCompared) {
  List list(kMany, Value(1));
  EXPECT_TRUE(stops([&] { make_list(list, &context_); }));
  EXPECT_EQ(make_list(list, &context_).heap_bytes(), Value(list).heap_bytes());
  set_column("l", {Value(list)});
  set_column("m", {Value(list)});
  for (const char* text : {"l = m", "l <> m", "1 IN l", "-1 IN l + m", "reverse(l)", "l + m", "l[1..]"}) {
    EXPECT_TRUE(stops([&] { run(text); })) << text;
  }
  EXPECT_EQ(results("l = m"), "[true]");
  EXPECT_EQ(results("l <> m"), "[false]");
  EXPECT_EQ(results("l = m[1..] + [2]"), "[false]");
  EXPECT_EQ(results("l = m[1..] + [null]"), "[null]");
  EXPECT_EQ(results("[x IN l WHERE x = 1][199999]"), "[1]");
}

TEST_F(StoppingTest, LongTexts) {
  for (const std::string& letter : {std::string("a"), std::string("ä")}) {
    std::string text;
    for (int i = 0; i < 1'500'000; ++i) text += letter;
    set_column("t", {Value(text)});
    for (const char* function : {"toUpper(t)", "toLower(t)", "left(t, 1400000)", "right(t, 1400000)", "substring(t, 1)",
                                 "trim(t)", "split(t, '')", "reverse(t)"}) {
      EXPECT_TRUE(stops([&] { run(function); })) << function;
    }
    EXPECT_EQ(results("right(left(toUpper(t), 1400000), 2)"), letter == "a" ? "['AA']" : "['ÄÄ']");
  }
}

TEST_F(StoppingTest, ALongLineOfAFile) {
  const std::string path = testing::TempDir() + "/entente_line_" + std::to_string(getpid());
  {
    std::ofstream file(path);
    for (uint32_t i = 0; i < kMany; ++i) file << i << ',';
  }
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::filesystem::remove(path);
  CsvFile file(descriptor, "line.csv", ',', {}, context_);
  EXPECT_TRUE(stops([&] { file.next(); }));
}

/// Keeps what it is offered.
class Kept : public Discards {
 public:
  bool offer(std::shared_ptr<void>& what) override {
    take(std::move(what));
    return true;
  }
  void take(std::shared_ptr<void> what) override { all.push_back(std::move(what)); }
  std::vector<std::shared_ptr<void>> all;
};

TEST(Discarding, LargeListsAndTablesAreOffered) {
  Kept kept;
  { Value outside(List(1'000'000, Value(1))); }
  {
    const DiscardScope scope(kept);
    { Value large(List(1'000'000, Value(1))); }
    EXPECT_EQ(kept.all.size(), 1u);
    { Value small(List(100, Value(1))); }
    EXPECT_EQ(kept.all.size(), 1u);
    discard(std::string("a"), size_t{64} << 20);
    EXPECT_EQ(kept.all.size(), 2u);
    discard(std::string("a"), 1);
    EXPECT_EQ(kept.all.size(), 2u);
  }
  EXPECT_EQ(Discards::current(), nullptr);
}

TEST(Discarding, NoMoreIsTakenThanCanBeDestroyed) {
  std::atomic<bool> go{false};
  struct Slow {
    std::atomic<bool>& go;
    ~Slow() {
      while (!go) std::this_thread::yield();
    }
  };
  Discarded discarded;
  std::shared_ptr<void> first = std::shared_ptr<Slow>(new Slow{go});
  EXPECT_TRUE(discarded.offer(first));
  std::shared_ptr<void> more = std::make_shared<int>(1);
  for (int i = 0; i < 1'000 && discarded.offer(more); ++i) more = std::make_shared<int>(i);
  EXPECT_NE(more, nullptr);
  go = true;
}

std::string code_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& e) {
    return e.code();
  }
  return "none";
}

// ---- work on a thread of its own ----

TEST(Apart, GivesWhatTheWorkThrows) {
  const StatementLimits limits;
  int result = 0;
  run_apart(limits, [&](const std::atomic<bool>& stopped) { result = stopped ? 1 : 2; });
  EXPECT_EQ(result, 2);
  const auto fail = [](const std::atomic<bool>&) { throw Error::argument("InvalidArgumentValue", "wrong"); };
  EXPECT_EQ(code_of([&] { run_apart(limits, fail); }), "ArgumentError.InvalidArgumentValue");
}

TEST(Apart, WhoIsStoppedDoesNotWaitForTheWork) {
  constexpr int kMany = 6;
  std::promise<void> go;
  const std::shared_future<void> released = go.get_future().share();
  std::atomic<int> were_stopped{0};
  {
    Discarded discarded;
    const DiscardScope scope(discarded);
    const std::atomic<bool> cancelled{true};
    StatementLimits limits;
    limits.cancelled = &cancelled;
    const auto work = [&, released](const std::atomic<bool>& stopped) {
      released.wait();
      if (stopped) ++were_stopped;
    };
    for (int i = 0; i < kMany; ++i) EXPECT_EQ(code_of([&] { run_apart(limits, work); }), "ResourceError.Cancelled");
    EXPECT_EQ(were_stopped, 0);
    go.set_value();
  }
  EXPECT_EQ(were_stopped, kMany);
}

double running_seconds(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Of the time that the threads of this process run meanwhile, the part of this one.
template <class Fn>
double own_part(Fn fn) {
  const double all = running_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double own = running_seconds(CLOCK_THREAD_CPUTIME_ID);
  fn();
  return (running_seconds(CLOCK_THREAD_CPUTIME_ID) - own) / (running_seconds(CLOCK_PROCESS_CPUTIME_ID) - all);
}

std::string long_list() {
  std::string list = "[0";
  for (int i = 1; i < 200'000; ++i) list += ", " + std::to_string(i) + " + 1";
  return list + "]";
}

TEST(StoppedStatements, LongStatementsArePreparedApart) {
  Database database = Database::in_memory();
  Session session = database.session();
  const std::string list = long_list();
  EXPECT_LT(own_part([&] { session.explain("UNWIND [1] AS i RETURN size(" + list + ")"); }), 0.5);
  EXPECT_EQ(code_of([&] { session.explain("RETURN x + size(" + list + ")"); }), "SyntaxError.UndefinedVariable");
  session.set_timeout(std::chrono::milliseconds(1));
  EXPECT_EQ(code_of([&] { session.explain("RETURN size(" + list + ")"); }), "ResourceError.Timeout");
}

TEST(StoppedStatements, LongStatementsSeeTheirTransaction) {
  Database database = Database::in_memory();
  Session session = database.session();
  const std::string list = long_list();
  session.begin();
  for (int64_t round = 1; round <= 3; ++round) {
    session.run("CREATE (:A {x: $x})-[:R]->(:B)", {{"x", round}});
    const std::vector<Row> rows =
        session
            .run("MATCH (a:A)-[:R]->(:B) WITH sum(a.x) AS sum, count(*) AS n RETURN sum, n, size(" + list +
                 ") AS size // " + std::to_string(round))
            .rows();
    EXPECT_EQ(rows[0]["sum"].as_integer(), round * (round + 1) / 2);
    EXPECT_EQ(rows[0]["n"].as_integer(), round);
    EXPECT_EQ(rows[0]["size"].as_integer(), 200'000);
  }
  session.run("MATCH (a:A) DETACH DELETE a");
  session.commit();
  EXPECT_EQ(database.snapshot()->node_count(), 3u);
}

TEST(StoppedStatements, LongTextsAreMatchedApart) {
  Database database = Database::in_memory();
  Session session = database.session();
  const std::string text = "WITH reduce(s = 'abcdefgh', i IN range(1, 20) | s + s) AS text ";
  EXPECT_LT(own_part([&] {
              const std::vector<Row> rows = session
                                                .run(text +
                                                     "UNWIND range(1, 30) AS n WITH text =~ '(a.*c|b)*x?' + "
                                                     "CASE n WHEN 7 THEN '.*' ELSE 'x' END AS m "
                                                     "RETURN count(CASE WHEN m THEN 1 END) AS n")
                                                .rows();
              EXPECT_EQ(rows[0]["n"].as_integer(), 1);
            }),
            0.5);
}

TEST(StoppedStatements, PreparingCountsForTheTimeLimit) {
  Database database = Database::in_memory();
  Session session = database.session();
  std::string items = "1";
  for (int i = 0; i < 400'000; ++i) items += ",x+1";
  session.set_timeout(std::chrono::milliseconds(1));
  EXPECT_EQ(code_of([&] { session.prepare("UNWIND [1] AS x RETURN [" + items + "]"); }), "ResourceError.Timeout");
  EXPECT_EQ(code_of([&] { session.run("UNWIND [1] AS x RETURN [" + items + "]"); }), "ResourceError.Timeout");
}

TEST(StoppedStatements, WaitingForTheTurnToWriteEnds) {
  Database database = Database::in_memory();
  Session writer = database.session();
  writer.begin();
  writer.run("CREATE (:A)");
  Session other = database.session();
  other.set_timeout(std::chrono::milliseconds(20));
  EXPECT_EQ(code_of([&] { other.run("CREATE (:B)"); }), "ResourceError.Timeout");
  EXPECT_EQ(code_of([&] { other.begin(); }), "ResourceError.Timeout");
  other.set_timeout(std::chrono::milliseconds(0));
  std::thread cancelling([&] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      other.cancel();
    }
  });
  EXPECT_EQ(code_of([&] { other.run("CREATE (:B)"); }), "ResourceError.Cancelled");
  cancelling.join();
  writer.commit();
  other.run("CREATE (:B)");
  EXPECT_EQ(database.snapshot()->node_count(), 2u);
}

TEST(StoppedStatements, RowsThatAreReadyAreNotHandedOverOnceCancelled) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.begin();
  Result result = session.run("UNWIND range(1, 100000) AS i RETURN i");
  session.cancel();
  EXPECT_EQ(code_of([&] { result.rows(); }), "ResourceError.Cancelled");
  session.rollback();
}

TEST(StoppedStatements, ChecksOfConstraintsAtTheEndAreStopped) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("CREATE CONSTRAINT FOR (n:A) REQUIRE n.x IS NOT NULL");
  session.run("UNWIND range(1, 20000) AS i CREATE (:A {x: i})");
  GraphStore store;
  auto transaction = store.begin();
  const LabelId label = transaction->label("A");
  Constraint constraint;
  constraint.name = "c";
  constraint.kind = Constraint::Kind::Exists;
  constraint.token = label.value;
  constraint.key = transaction->key("x");
  transaction->create_constraint(constraint);
  for (int i = 0; i < 20'000; ++i) {
    transaction->set_property(transaction->create_node({&label, 1}), constraint.key, Value(i));
  }
  transaction->set_poll([](size_t) { throw Error::resource("Cancelled", "stopped"); });
  EXPECT_EQ(code_of([&] { store.commit(std::move(transaction)); }), "ResourceError.Cancelled");
  EXPECT_NE(transaction, nullptr);  // the caller's, to be destroyed where it likes
  EXPECT_EQ(store.current()->node_count(), 0u);
  store.commit(store.begin());
}

TEST(StoppedStatements, WhatIndexesAreMadeOfCountsAsMemory) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("UNWIND range(1, 20000) AS i CREATE (:A {i: i, s: 'a text of ' + i})-[:R {i: i}]->(:B)");
  session.run("CREATE INDEX other FOR (n:B) ON (n.i)");
  const auto run = [&](const std::string& statement, size_t limit) {
    session.set_memory_limit(limit);
    const std::string code = code_of([&] { session.run(statement); });
    session.set_memory_limit(0);
    return code;
  };
  for (const bool in_transaction : {false, true}) {
    for (const char* statement : {
             "CREATE INDEX made FOR (n:A) ON (n.i)",
             "CREATE INDEX made FOR (n:A) ON (n.s)",
             "CREATE INDEX made FOR (n:A) ON (n.s, n.i)",
             "CREATE INDEX made FOR ()-[r:R]-() ON (r.i)",
             "CREATE FULLTEXT INDEX made FOR (n:A) ON EACH [n.s]",
             "CREATE CONSTRAINT made FOR (n:A) REQUIRE n.s IS UNIQUE",
             "CREATE CONSTRAINT made FOR (n:A) REQUIRE (n.i, n.s) IS NODE KEY",
         }) {
      if (in_transaction) session.begin();
      EXPECT_EQ(run(statement, size_t{512} << 10), "ResourceError.MemoryLimit") << statement;
      EXPECT_EQ(session.run("SHOW INDEXES YIELD name").rows().size(), 1u) << statement;
      EXPECT_TRUE(session.run("SHOW CONSTRAINTS YIELD name").rows().empty()) << statement;
      EXPECT_EQ(run(statement, size_t{64} << 20), "none") << statement;
      EXPECT_EQ(session.run("SHOW INDEXES YIELD name").rows().size(), 2u) << statement;
      if (in_transaction) session.rollback();
      if (!in_transaction) {
        session.run(std::string("DROP ") + (std::string(statement).starts_with("CREATE CON") ? "CONSTRAINT" : "INDEX") +
                    " made");
      }
    }
  }
}

TEST(StoppedStatements, WhatWasWrittenIsUndoneWhole) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("CREATE (:A {x: 1})");
  session.set_memory_limit(size_t{40} << 20);
  EXPECT_EQ(code_of([&] { session.run("UNWIND range(1, 10000000) AS i CREATE (:B {i: i})-[:R]->(:B)"); }),
            "ResourceError.MemoryLimit");
  EXPECT_EQ(database.snapshot()->node_count(), 1u);
  session.begin();
  session.run("CREATE (:A {x: 2})");
  EXPECT_EQ(code_of([&] { session.run("UNWIND range(1, 10000000) AS i CREATE (:B {i: i})-[:R]->(:B)"); }),
            "ResourceError.MemoryLimit");
  session.run("CREATE (:A {x: 3})");
  session.commit();
  EXPECT_EQ(session.run("MATCH (n) RETURN count(n), sum(n.x)").rows()[0][0].as_integer(), 3);
  session.set_memory_limit(0);
  session.begin();
  session.run("UNWIND range(1, 50000) AS i CREATE (:B {i: i})");
  session.rollback();
  EXPECT_EQ(database.snapshot()->node_count(), 3u);
}

}  // namespace
}  // namespace entente
