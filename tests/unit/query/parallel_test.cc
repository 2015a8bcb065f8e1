// Statements whose counts several threads make, against one thread.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "entente/entente.h"

namespace entente {
namespace {

class ParallelTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kNodes = 20'000;
  static constexpr size_t kLinks = 120'000;

  static void SetUpTestSuite() {
    database_ = new Database(Database::in_memory());
    std::mt19937 random(5);
    std::uniform_int_distribution<uint32_t> any(0, kNodes - 1);
    database_->bulk_load([&](Transaction& transaction) {
      const LabelId label = transaction.label("N");
      const NodeId first = transaction.bulk_nodes(std::span(&label, 1), kNodes);
      std::vector<Value> numbers;
      for (uint32_t i = 0; i < kNodes; ++i) numbers.emplace_back(static_cast<int64_t>(i % 100));
      transaction.bulk_property(first, transaction.key("x"), numbers);
      for (const char* type : {"R", "S"}) {
        std::vector<std::pair<NodeId, NodeId>> ends;
        for (size_t i = 0; i < kLinks; ++i) ends.emplace_back(NodeId(any(random)), NodeId(any(random) / 7));
        transaction.bulk_relationships(transaction.type(type), ends);
      }
    });
  }
  static void TearDownTestSuite() { delete database_; }

  static std::string rows(const std::string& statement, unsigned threads) {
    Session session = database_->session();
    session.set_threads(threads);
    std::string text;
    for (const Row& row : session.run(statement, {{"least", 10}})) {
      for (const Value& value : row.values()) text += value.to_literal() + " ";
      text += "\n";
    }
    return text;
  }

  static std::string detail_of(Session& session, const std::string& statement) {
    try {
      session.run(statement).rows();
    } catch (const Error& e) {
      return e.detail();
    }
    return "none";
  }

  static Database* database_;
};

Database* ParallelTest::database_ = nullptr;

TEST_F(ParallelTest, CountTheSame) {
  for (const char* statement : {
           "MATCH (a:N)-[:R]->(b)-[:S]->(c) RETURN count(*)",
           "MATCH (a:N)-[:R]->(b)-[:S]->(c)-[:R]->(d) WHERE a.x > $least AND a <> c RETURN count(*), count(c.nothing)",
           "MATCH (a:N)-[:R]->(b)-[:S]->(c)-[:R]->(d)-[:S]->(e) RETURN count(*)",
           "MATCH (a)-[:R]->(b), (a)-[:S]->(c) WHERE NOT (b)-[:S]->(c) RETURN count(*)",
           "MATCH (a)-[:R]->(b)-[:S]->(c)<-[:R]-(a) RETURN count(*)",
           "MATCH (a)-[:R]->(b)-[:S]->(c) WITH c, count(*) AS n WHERE n > 3 RETURN c.x, sum(n) ORDER BY c.x",
       }) {
    const std::string expected = rows(statement, 1);
    EXPECT_NE(expected, "0 \n") << statement;
    for (const unsigned threads : {2u, 5u}) EXPECT_EQ(rows(statement, threads), expected) << statement;
  }
}

TEST_F(ParallelTest, StopAtTheFirstError) {
  Session session = database_->session();
  session.set_threads(4);
  EXPECT_EQ(detail_of(session, "MATCH (a:N)-[:R]->(b)-[:S]->(c) WHERE 1 / (a.x - 50) < 5 RETURN count(*)"),
            "DivisionByZero");
  EXPECT_EQ(detail_of(session, "MATCH (a:N)-[:R]->(b) RETURN count(*)"), "none") << "the session goes on";
}

TEST_F(ParallelTest, KeepTheirLimits) {
  const std::string endless =
      "MATCH (a)-[:R]-(b)-[:S]-(c)-[:R]-(d)-[:S]-(e) WHERE a <> c AND a.x + e.x = c.x RETURN count(*)";
  Session session = database_->session();
  session.set_threads(3);
  session.set_timeout(std::chrono::milliseconds(50));
  EXPECT_EQ(detail_of(session, endless), "Timeout");
  session.set_timeout(std::chrono::milliseconds(0));
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    session.cancel();
  });
  EXPECT_EQ(detail_of(session, endless), "Cancelled");
  canceller.join();
  session.set_memory_limit(1000);
  const std::string combined =
      "MATCH (a)-[:R]->(b) MATCH (b)-[:S]->(c) MATCH (c)-[:R]->(d) MATCH (d)-[:S]->(e) RETURN count(*)";
  ASSERT_NE(session.explain(combined).find("ExpandCombined"), std::string::npos) << session.explain(combined);
  EXPECT_EQ(detail_of(session, combined), "MemoryLimit");
}

}  // namespace
}  // namespace entente
