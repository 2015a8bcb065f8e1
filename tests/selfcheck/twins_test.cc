// Random statements over random graphs, run in ways that must agree.
//
// What must agree, exactly: if one way gives rows, every way gives the same rows (as a list where ORDER BY orders all
// columns, else as a bag). If one way fails when it runs, every way fails, but what the error is may differ, since
// where several parts of a statement fail, which is computed first is free. Statements in which an early end (LIMIT,
// EXISTS) may or may not come to what fails are not generated. A statement that runs into a limit of time or memory
// says nothing.
#include <chrono>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include <entente/query/plan/optimizer.h>

#include "explorer.h"
#include "outcome.h"
#include "query_generator.h"

namespace entente::selfcheck {
namespace {

const Twin kPlain{"as it is", 2048, {}};

constexpr size_t kFirstTwins = 7;                // those that are not of one pass
constexpr std::chrono::milliseconds kSlow{100};  // a statement that takes so long is run in those only

std::vector<Twin> all_twins() {
  std::vector<Twin> twins = {kPlain,
                             {"optimiser off", 2048, {"all"}},
                             {"batch size 1", 1, {}},
                             {"batch size 3", 3, {}},
                             {"optimiser off, batch size 1", 1, {"all"}},
                             {"eager", 2048, {}, true},
                             {"eager, batch size 3", 3, {}, true}};
  for (std::string_view pass : optimizer_passes()) {
    twins.push_back({"without " + std::string(pass), 2048, {std::string(pass)}});
    // Alone: what another pass would have hidden.
    std::vector<std::string> others;
    for (std::string_view other : optimizer_passes()) {
      if (other != pass) others.emplace_back(other);
    }
    twins.push_back({"only " + std::string(pass) + ", eager", 2048, others, true});
  }
  return twins;
}

Comparing comparing_of(const std::string& statement, bool ordered) {
  Comparing comparing = comparing_for(statement);
  comparing.ordered = ordered;
  return comparing;
}

bool ends_ordered(const std::string& statement) {
  const size_t last = statement.rfind("RETURN");
  return last != std::string::npos && statement.find(" ORDER BY ", last) != std::string::npos;
}

std::string told(const std::string& name, const Outcome& a, const std::string& other, const Outcome& b) {
  const std::string what = difference(a, b);
  if (what.empty()) return "";
  return what + "\n" + name + ": " + a.text() + other + ": " + b.text();
}

std::string twins_differ(const Case& current) {
  static const std::vector<Twin> kTwins = all_twins();
  Database& database = loaded(current.graph);
  const Comparing comparing = comparing_of(current.statement, ends_ordered(current.statement));
  const auto begin = std::chrono::steady_clock::now();
  const Outcome expected = run(database, current.statement, kTwins[0], comparing);
  if (expected.gave_up) return "";
  const bool slow = std::chrono::steady_clock::now() - begin > kSlow;
  for (size_t i = 1; i < (slow ? kFirstTwins : kTwins.size()); ++i) {
    const Outcome actual = run(database, current.statement, kTwins[i], comparing);
    if (std::string what = told(kTwins[0].name, expected, kTwins[i].name, actual); !what.empty()) return what;
    if (actual.gave_up) return "";
  }
  return "";
}

TEST(Twins, Reading) {
  explore({.share = 0.2,
           .statement = [](Random& random) { return QueryGenerator(random).reading().text(); },
           .check = twins_differ});
}

TEST(Twins, Limited) {
  explore({.share = 0.06,
           .statement = [](Random& random) { return QueryGenerator(random).limited().text(); },
           .check = twins_differ});
}

TEST(Twins, Paths) {
  explore({.share = 0.08,
           .statement = [](Random& random) { return QueryGenerator(random).paths().text(); },
           .check = twins_differ,
           .nodes = 4,
           .relationships = 6});
}

TEST(Twins, Counting) {
  explore({.share = 0.1,
           .statement = [](Random& random) { return QueryGenerator(random).counting().text(); },
           .check = twins_differ});
}

TEST(Twins, Once) {
  explore({.share = 0.07,
           .statement = [](Random& random) { return QueryGenerator(random).once().text(); },
           .check = twins_differ});
}

TEST(Twins, Calling) {
  explore({.share = 0.07,
           .statement = [](Random& random) { return QueryGenerator(random).calling().text(); },
           .check = twins_differ});
}

TEST(Twins, Failures) {
  explore({.share = 0.05,
           .statement =
               [](Random& random) {
                 QueryGenerator generator(random);
                 MatchPiece piece = generator.expressions().match(false, 2, 2);
                 generator.allow_failures(true);
                 return piece.text() + " RETURN " + generator.expressions().expression(Type::Integer, 3) + " AS x";
               },
           .check = twins_differ});
}

// ---- threads ----

/// So many nodes that threads are used: 6,000, with a relationship of type R and of type S for every other on average.
Database& many_nodes() {
  static Database database = [] {
    Database made = Database::in_memory();
    Session session = made.session();
    session.run("UNWIND range(0, 5999) AS id CREATE (:A {id: id, i: id % 7, s: toString(id % 5)})");
    session.run("MATCH (n:A) WHERE n.id % 3 = 0 SET n:B");
    session.run(
        "MATCH (n:A) WITH collect(n) AS ns UNWIND range(0, 23999) AS k WITH ns[k % 6000] AS a, "
        "ns[(k * 7919 + k / 6000 * 31) % 6000] AS b, k CREATE (a)-[:R {i: k % 4}]->(b)");
    session.run("MATCH (a:A)-[:R]->(b:B) WHERE a.id % 2 = 0 CREATE (b)-[:S {i: a.i}]->(a)");
    return made;
  }();
  return database;
}

TEST(Twins, Threads) {
  explore({.share = 0.05,
           .statement =
               [](Random& random) {
                 QueryGenerator generator(random);
                 PathPiece path;
                 do {
                   generator.reset();
                   MatchPiece piece = generator.expressions().match(false, 1, 3);
                   path = piece.paths[0];
                 } while (path.relationships.empty() || path.text().find('*') != std::string::npos);
                 const std::string where = random.chance(40) ? " WHERE " + generator.expressions().boolean(1) : "";
                 const std::string node = generator.expressions().variable(Type::Node);
                 if (node.empty() || random.chance(60)) return "MATCH " + path.text() + where + " RETURN count(*) AS c";
                 return "MATCH " + path.text() + where + " RETURN " + node + ".i AS k, count(*) AS c, count(DISTINCT " +
                        node + ") AS d";
               },
           .check =
               [](const Case& current) {
                 const Comparing comparing = comparing_of(current.statement, false);
                 Twin many{"four threads", 2048, {}};
                 many.threads = 4;
                 return told("one thread", run(many_nodes(), current.statement, kPlain, comparing), many.name,
                             run(many_nodes(), current.statement, many, comparing));
               },
           .nodes = 0,
           .shrink = false});
}

// ---- generated statements are good ones ----

TEST(Twins, GeneratedStatementsCompile) {
  Random random(run_seed());
  std::map<std::string, int> errors;
  constexpr int kStatements = 400;
  int failed = 0;
  Database database = Database::in_memory();
  for (int i = 0; i < kStatements; ++i) {
    QueryGenerator generator(random);
    const std::string statement = (i % 5 == 0   ? generator.writing()
                                   : i % 5 == 1 ? generator.counting()
                                   : i % 5 == 2 ? generator.limited()
                                   : i % 5 == 3 ? generator.paths()
                                                : generator.reading())
                                      .text();
    try {
      database.session().explain(statement);
    } catch (const Error& error) {
      ++failed;
      if (errors[error.code()]++ < 3) std::cout << error.pretty() << "\n";
    }
  }
  EXPECT_LE(failed, kStatements / 50);  // a few shapes are not worth ruling out
}

// ---- writing ----

std::string writers_differ(const Case& current) {
  const std::vector<Twin> twins = {
      kPlain, {"optimiser off", 2048, {"all"}}, {"batch size 1", 1, {}}, {"eager", 2048, {}, true}};
  const Comparing comparing = comparing_of(current.statement, false);
  Outcome expected;
  for (size_t i = 0; i < twins.size(); ++i) {
    Database database = Database::in_memory();
    current.graph.load(database.session(), i != 1);
    const std::vector<std::string> before = describe_graph(database);
    Outcome outcome = run(database, current.statement, twins[i], comparing);
    std::vector<std::string> after = describe_graph(database);
    if (outcome.failed() && after != before) return "a statement that failed has changed the graph";
    outcome.rows.insert(outcome.rows.end(), after.begin(), after.end());
    if (i == 0) {
      expected = outcome;
    } else if (std::string what = told(twins[0].name, expected, twins[i].name, outcome); !what.empty()) {
      return what;
    }
  }
  return "";
}

TEST(Twins, Writing) {
  explore({.share = 0.12,
           .statement = [](Random& random) { return QueryGenerator(random).writing().text(); },
           .check =
               [](Case current) {
                 std::erase_if(current.graph.indexes,
                               [](const std::string& index) { return index.find("CONSTRAINT") != std::string::npos; });
                 return writers_differ(current);
               },
           .nodes = 4,
           .relationships = 5});
}

// ---- predicates part the rows ----

std::string partition_fails(const Case& current) {
  const std::vector<std::string> pieces = split_at(current.statement, {"§WHERE§", "§RETURN§"});
  if (pieces.empty()) return "";
  const auto& [before, predicate, after] = std::tie(pieces[0], pieces[1], pieces[2]);
  Database& database = loaded(current.graph);
  const Comparing comparing = comparing_of(current.statement, false);
  const Outcome whole = run(database, before + " RETURN " + after, kPlain, comparing);
  Outcome parts;
  parts.columns = whole.columns;
  for (const std::string& test : {"(" + predicate + ")", "NOT (" + predicate + ")", "(" + predicate + ") IS NULL"}) {
    const Outcome part = run(database, before + " WHERE " + test + " RETURN " + after, kPlain, comparing);
    if (part.failed() || part.gave_up) return "";
    parts.rows.insert(parts.rows.end(), part.rows.begin(), part.rows.end());
  }
  std::sort(parts.rows.begin(), parts.rows.end());
  return told("all rows", whole, "true, false and null together", parts);
}

TEST(Oracles, PredicatesPartTheRows) {
  explore({.share = 0.1,
           .statement =
               [](Random& random) {
                 QueryGenerator generator(random);
                 std::string text;
                 for (const ClauseText& clause : generator.prefix(2)) text += clause.text + " ";
                 const size_t where = text.rfind("WHERE ");
                 if (random.chance(50) || where != std::string::npos) {
                   text += "WITH * ";
                 } else {
                   MatchPiece piece = generator.expressions().match(false, 2, 3);
                   text += piece.text();
                 }
                 text += " §WHERE§ " + generator.expressions().predicate(3) + " §RETURN§ ";
                 std::string items;
                 for (const Variable& variable : generator.scope()) {
                   if (items.empty() || random.chance(50)) items += (items.empty() ? "" : ", ") + variable.name;
                 }
                 return text + (items.empty() ? "1 AS one" : items);
               },
           .check = partition_fails});
}

// ---- aggregates against rows ----

/// What an aggregate gives for these values, computed here.
Value aggregated(const std::string& aggregate, const std::vector<Value>& values) {
  std::vector<Value> present;
  for (const Value& value : values) {
    if (!value.is_null()) present.push_back(value);
  }
  if (aggregate == "count(*)") return static_cast<int64_t>(values.size());
  if (aggregate.find("DISTINCT") != std::string::npos) {
    std::sort(present.begin(), present.end(), [](const Value& a, const Value& b) { return Value::order(a, b) < 0; });
    present.erase(std::unique(present.begin(), present.end(), Value::equivalent), present.end());
  }
  if (aggregate[0] == 'c') return static_cast<int64_t>(present.size());
  Value result = aggregate[0] == 's' ? Value(0) : Value();
  for (const Value& value : present) {
    if (aggregate[0] == 's') {
      result = result.as_integer() + value.as_integer();
    } else if (result.is_null() || (Value::order(value, result) < 0) == (aggregate.substr(0, 3) == "min")) {
      result = value;
    }
  }
  return result;
}

std::string aggregate_fails(const Case& current) {
  const std::vector<std::string> pieces = split_at(current.statement, {"§KEY§", "§AGGREGATE§", "§OF§"});
  if (pieces.empty()) return "";
  const std::string& key = pieces[1];
  const std::string argument = pieces[3].find_first_not_of(' ') == std::string::npos ? "1" : pieces[3];
  const bool grouped = key.find_first_not_of(' ') != std::string::npos;
  std::string call;
  for (char c : pieces[2]) call += c == '?' ? argument : (c == ' ' ? "" : std::string(1, c));
  if (const size_t at = call.find("DISTINCT"); at != std::string::npos) call.insert(at + 8, " ");
  std::string aggregate;
  for (char c : pieces[2]) {
    if (c != ' ') aggregate += c;
  }
  Database& database = loaded(current.graph);
  Comparing comparing = comparing_of(current.statement, false);
  comparing.loose_numbers = true;
  const Outcome actual =
      run(database, pieces[0] + " RETURN " + (grouped ? key + " AS k, " : "") + call + " AS c", kPlain, comparing);
  if (actual.gave_up) return "";
  Outcome expected;
  expected.columns = actual.columns;
  std::map<std::string, std::vector<Value>> groups;
  if (!grouped) groups[""] = {};
  try {
    Session session = database.session();
    session.set_timeout(std::chrono::seconds(4));
    session.disable_pass("all");
    for (const Row& row :
         session.run(pieces[0] + " RETURN " + (grouped ? key : "1") + " AS k, " + argument + " AS x")) {
      groups[grouped ? canonical(row[0], comparing) + " | " : ""].push_back(row[1]);
    }
  } catch (const Error&) {
    return "";
  }
  try {
    for (const auto& [group, values] : groups) {
      expected.rows.push_back(group + canonical(aggregated(aggregate, values), comparing) + " | ");
    }
  } catch (const Error&) {
    return "";  // a shrunk case that sums what are no integers
  }
  std::sort(expected.rows.begin(), expected.rows.end());
  return told("aggregated", actual, "aggregated here", expected);
}

TEST(Oracles, AggregatesMatchTheirRows) {
  explore({.share = 0.1,
           .statement =
               [](Random& random) {
                 QueryGenerator generator(random);
                 QueryText query = generator.counting();
                 query.clauses.pop_back();
                 const std::string node = generator.expressions().variable(Type::Node);
                 const std::string other = generator.expressions().variable(Type::Node);
                 std::string key;
                 if (!node.empty() && random.chance(60)) key = node + random.pick({"", ".i", ".s", ".id"});
                 const std::string aggregate =
                     random.pick({"count(*)", "count(*)", "count(?)", "count(DISTINCT ?)", "count(DISTINCT ?)",
                                  "sum(?)", "sum(DISTINCT ?)", "min(?)", "max(?)"});
                 std::string argument = generator.expressions().expression(Type::Integer, random.chance(70) ? 0 : 2);
                 if (aggregate[0] == 'c' && !other.empty() && random.chance(60)) argument = other;
                 return query.text() + " §KEY§ " + key + " §AGGREGATE§ " + aggregate + " §OF§ " + argument;
               },
           .check = aggregate_fails});
}

// ---- patterns written otherwise ----

/// The clause with its paths in another order, and some of them from their other ends.
MatchPiece rewritten(const MatchPiece& piece, Random& random) {
  MatchPiece other = piece;
  for (PathPiece& path : other.paths) {
    if (path.reversible() && random.chance(60)) path = path.reversed();
  }
  for (size_t i = other.paths.size(); i > 1; --i) std::swap(other.paths[i - 1], other.paths[random.below(i)]);
  return other;
}

std::string rewriting_differs(const Case& current) {
  const std::vector<std::string> pieces = split_at(current.statement, {"§OR§"});
  if (pieces.empty()) return "";
  Database& database = loaded(current.graph);
  const Comparing comparing = comparing_of(current.statement, false);
  const Outcome a = run(database, pieces[0], kPlain, comparing);
  return told("one way", a, "other way", run(database, pieces[1], kPlain, comparing));
}

std::string two_ways(Random& random) {
  QueryGenerator generator(random);
  const Scope none;
  MatchPiece first = generator.expressions().match(false, 3, 3);
  const bool where_first = random.chance(40);
  if (where_first) first.where = generator.expressions().predicate(2);
  const Scope of_first = generator.scope();
  std::vector<MatchPiece> clauses{first};
  bool independent = false;
  if (random.chance(50)) {
    // A second clause: independent of the first, and so to be exchanged with it, or going on from it.
    independent = random.chance(50);
    if (independent) generator.reset();
    MatchPiece second = generator.expressions().match(!independent && random.chance(40), 2, 2);
    if (random.chance(30)) second.where = generator.expressions().predicate(1);
    clauses.push_back(second);
  }
  std::vector<MatchPiece> other;
  for (const MatchPiece& piece : clauses) other.push_back(rewritten(piece, random));
  if (independent && random.chance(60)) std::swap(other[0], other[1]);
  std::string items = "count(*) AS c";
  if (random.chance(70)) {
    items.clear();
    Scope all = of_first;
    for (const Variable& variable : generator.scope()) {
      bool known = false;
      for (const Variable& seen : all) known = known || seen.name == variable.name;
      if (!known) all.push_back(variable);
    }
    for (const Variable& variable : all) items += (items.empty() ? "" : ", ") + variable.name;
    if (items.empty()) items = "1 AS one";
  }
  std::string one, two;
  for (const MatchPiece& piece : clauses) one += piece.text() + " ";
  for (const MatchPiece& piece : other) two += piece.text() + " ";
  return one + "RETURN " + items + " §OR§ " + two + "RETURN " + items;
}

TEST(Oracles, PatternsWrittenOtherwise) {
  explore({.share = 0.1, .statement = two_ways, .check = rewriting_differs, .shrink = false});
}

// ---- indexes ----

TEST(Oracles, IndexesChangeNothing) {
  explore({.share = 0.06,
           .statement =
               [](Random& random) {
                 QueryGenerator generator(random);
                 const std::string key = random.pick({"i", "s", "m", "f", "g", "d"});
                 const std::string n = random.pick({"(n:A", "(n:B"});
                 const std::string op = random.pick({" = ", " < ", " <= ", " > ", " >= ", " IN ["});
                 const std::string value = random.chance(70) ? random_literal(random, key)
                                                             : random.pick({"null", "1", "1.0", "'a'", "[1]", "true"});
                 std::string predicate = "n." + key + op + value + (op == " IN [" ? ", 1, null]" : "");
                 if (random.chance(15)) predicate = "n.s STARTS WITH " + random_literal(random, "s");
                 if (random.chance(25)) predicate += " AND n." + key + " > " + random_literal(random, key);
                 if (random.chance(25)) predicate = value + " <= n." + key + " < " + random_literal(random, key);
                 if (random.chance(30)) return "MATCH " + n + " {" + key + ": " + value + "}) RETURN n";
                 if (random.chance(40)) return "MATCH " + n + ")--(m) WHERE " + predicate + " RETURN n, m";
                 if (random.chance(30)) {
                   return "MATCH (m) OPTIONAL MATCH " + n + ") WHERE n." + key + op + "m." + key +
                          (op == " IN [" ? "]" : "") + " RETURN n, m";
                 }
                 return "MATCH " + n + ") WHERE " + predicate + " RETURN n";
               },
           .check =
               [](const Case& current) {
                 const Comparing comparing = comparing_of(current.statement, false);
                 return told("with indexes", run(loaded(current.graph), current.statement, kPlain, comparing),
                             "without", run(loaded(current.graph, false), current.statement, kPlain, comparing));
               }});
}

TEST(Oracles, IndexesChangeNothingInQueries) {
  explore({.share = 0.04,
           .statement = [](Random& random) { return QueryGenerator(random).reading().text(); },
           .check =
               [](const Case& current) {
                 const Comparing comparing = comparing_of(current.statement, ends_ordered(current.statement));
                 return told("with indexes", run(loaded(current.graph), current.statement, kPlain, comparing),
                             "without", run(loaded(current.graph, false), current.statement, kPlain, comparing));
               }});
}

// ---- on disk ----

/// Runs the statements on the graph in memory and in the folder, opened anew.
std::string stored_differs(Database& memory, const std::filesystem::path& folder,
                           const std::vector<std::string>& statements) {
  Database stored = Database::open(folder);
  if (describe_graph(memory) != describe_graph(stored)) return "the graph read back is another one";
  for (const std::string& statement : statements) {
    const Comparing comparing = comparing_of(statement, ends_ordered(statement));
    const std::string what = told("in memory", run(memory, statement, kPlain, comparing), "read back",
                                  run(stored, statement, kPlain, comparing));
    if (!what.empty()) return statement + "\n" + what;
  }
  return "";
}

TEST(Oracles, GraphsOnDisk) {
  const Budget budget(0.06);
  Random seeds(run_seed());
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / ("entente-selfcheck-" + std::to_string(run_seed()));
  size_t graphs = 0;
  for (; budget.left() && !HasFailure(); ++graphs) {
    const uint64_t seed = seeds.next();
    SCOPED_TRACE("case seed " + std::to_string(seed));
    Random random(seed);
    const GraphSpec graph = random_graph(random, 6, 9);
    std::vector<std::string> statements;
    for (int i = 0; i < 8; ++i) statements.push_back(QueryGenerator(random).reading().text());
    Database memory = Database::in_memory();
    graph.load(memory.session());
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root);
    {
      Database stored = Database::open(root / "live");
      graph.load(stored.session());
      // As a process that ends here would leave it: only the log has the graph.
      std::filesystem::copy(root / "live", root / "log", std::filesystem::copy_options::recursive);
      stored.checkpoint();
    }
    EXPECT_EQ(stored_differs(memory, root / "log", statements), "") << "from the log";
    EXPECT_EQ(stored_differs(memory, root / "live", statements), "") << "from a checkpoint";
  }
  std::filesystem::remove_all(root);
  std::cout << "GraphsOnDisk: " << graphs << " graphs" << std::endl;
}

}  // namespace
}  // namespace entente::selfcheck
