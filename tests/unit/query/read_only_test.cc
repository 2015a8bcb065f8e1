// What must not write does not, whatever the statement is and whichever procedure it calls.
#include <gtest/gtest.h>

#include <filesystem>

#include <unistd.h>

#include "entente/query/entente.h"
#include "entente/query/exec/context.h"
#include "entente/query/exec/graph_writer.h"
#include "entente/query/procedures.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

const char* const kWriting[] = {
    "CREATE (:A)",
    "MERGE (a:A {i: 1})",
    "MERGE (a:New)",
    "MATCH (a:A) SET a.i = 1",
    "MATCH (a:A) SET a:B",
    "MATCH (a:A) SET a += {x: 1}",
    "MATCH (a:A) REMOVE a.i",
    "MATCH (a:A) REMOVE a:A",
    "MATCH (a:A) DETACH DELETE a",
    "MATCH (a:Nothing) DELETE a",
    "UNWIND [] AS x CREATE (:A)",
    "FOREACH (x IN [1] | CREATE (:A))",
    "CALL { CREATE (:A) } RETURN 1 AS one",
    "MATCH (a) CALL { WITH a SET a.x = 1 } RETURN 1 AS one",
    "RETURN 1 AS x UNION CALL { CREATE (b:A) RETURN 1 AS x } RETURN x",
    "PROFILE CREATE (:A)",
    "CREATE INDEX FOR (a:A) ON (a.j)",
    "CREATE INDEX ai IF NOT EXISTS FOR (a:A) ON (a.i)",
    "CREATE FULLTEXT INDEX FOR (a:A) ON EACH [a.s]",
    "CREATE CONSTRAINT FOR (a:A) REQUIRE a.i IS UNIQUE",
    "DROP INDEX ai",
    "DROP INDEX absent IF EXISTS",
    "DROP CONSTRAINT absent IF EXISTS",
    "CALL host.writes()",
    "CALL host.writes() YIELD x RETURN x",
    "MATCH (a) CALL host.writes() YIELD x RETURN x",
    "CALL { CALL host.writes() YIELD x RETURN x } RETURN x",
    "CALL host.hides()",
    "CALL { CALL host.hides() YIELD x RETURN x } RETURN x",
};

class ReadOnly : public testing::Test {
 protected:
  ReadOnly() : folder_(fs::temp_directory_path() / ("entente_read_only_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
  }
  ~ReadOnly() override { fs::remove_all(folder_); }

  static void fill(Database& database) {
    Session session = database.session();
    session.run("CREATE INDEX ai FOR (a:A) ON (a.i)");
    session.run("CREATE (:A {i: 0, s: 'x'})-[:R]->(:B)");
  }

  /// One that says that it writes, and one that does not and does.
  void add_procedures(Database& database) {
    for (const bool says : {true, false}) {
      Procedure procedure;
      procedure.signature =
          parse_procedure_signature(says ? "host.writes() :: (x :: INTEGER)" : "host.hides() :: (x :: INTEGER)");
      procedure.signature.writes = says;
      procedure.call = [this, says](const std::vector<Value>&, ExecContext& context) -> ProcedureRows {
        ++(says ? calls_ : hidden_calls_);
        GraphWriter writer(context);  // has nothing to write with
        return {{Value(1)}};
      };
      database.add_procedure(std::move(procedure));
    }
  }

  static std::string outcome(Session& session, const std::string& statement) {
    try {
      session.run(statement).rows();
      return "none";
    } catch (const Error& e) {
      return e.code();
    }
  }

  /// Each statement is refused, alone, prepared and within a transaction, and changes nothing.
  void expect_refused(Database& database, bool by_session) {
    const auto version = database.snapshot()->version();
    for (const char* statement : kWriting) {
      Session session = database.session();
      if (by_session) session.set_read_only(true);
      EXPECT_EQ(outcome(session, statement), "AccessError.ReadOnly") << statement;
      Prepared prepared = session.prepare(statement);
      EXPECT_THROW(session.run(prepared).rows(), Error) << statement;
      session.begin();
      EXPECT_EQ(outcome(session, statement), "AccessError.ReadOnly") << "in a transaction: " << statement;
      session.commit();
      EXPECT_EQ(database.snapshot()->version(), version) << statement;
    }
    EXPECT_EQ(calls_, 0) << "a procedure that writes was called";
  }

  static void expect_readable(Database& database) {
    Session session = database.session();
    session.set_read_only(true);
    for (const char* statement : {"MATCH (a) RETURN a", "EXPLAIN CREATE (:A)", "SHOW INDEXES", "CALL db.labels()",
                                  "CALL algo.connectedComponents({})"}) {
      EXPECT_EQ(outcome(session, statement), "none") << statement;
    }
  }

  fs::path folder_;
  int calls_ = 0;
  int hidden_calls_ = 0;
};

TEST_F(ReadOnly, OfASessionHolds) {
  Database database = Database::in_memory();
  fill(database);
  add_procedures(database);
  expect_refused(database, true);
  expect_readable(database);
  EXPECT_GT(hidden_calls_, 0);
  // It begins and ends with set_read_only, also within a transaction.
  Session session = database.session();
  session.begin();
  EXPECT_EQ(outcome(session, "CREATE (:C)"), "none");
  session.set_read_only(true);
  EXPECT_EQ(outcome(session, "CREATE (:C)"), "AccessError.ReadOnly");
  session.rollback();
  session.begin();
  session.set_read_only(false);
  EXPECT_EQ(outcome(session, "CREATE (:C)"), "AccessError.ReadOnly");  // the transaction was begun for reading
  session.commit();
  EXPECT_EQ(outcome(session, "CREATE (:C)"), "none");
}

TEST_F(ReadOnly, OfADatabaseHolds) {
  DatabaseOptions options;
  {
    Database database = Database::open(folder_);
    fill(database);
  }
  options.read_only = true;
  Database database = Database::open(folder_, options);
  add_procedures(database);
  expect_refused(database, false);
  expect_readable(database);
}

TEST_F(ReadOnly, HoldsForBulkLoads) {
  DatabaseOptions options;
  options.read_only = true;
  Database memory = Database::in_memory(options);
  { Database::open(folder_); }
  Database disk = Database::open(folder_, options);
  for (Database* database : {&memory, &disk}) {
    bool called = false;
    try {
      database->bulk_load([&](Transaction& tx) {
        called = true;
        tx.create_node({});
      });
      ADD_FAILURE() << "it was loaded";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), "AccessError.ReadOnly");
    }
    EXPECT_FALSE(called);
    EXPECT_EQ(database->snapshot()->node_count(), 0u);
  }
}

}  // namespace
}  // namespace entente
