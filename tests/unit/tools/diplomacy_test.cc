// The shipped graph: its size, the questions with their expected rows, and what its phrasebook answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <sstream>

#include "entente/tools/ask.h"
#include "entente/tools/json_value.h"
#include "entente/tools/options.h"
#include "entente/tools/shell.h"

namespace entente {
namespace {

using testing::ElementsAre;

const std::string kFolder = std::string(ENTENTE_SOURCE_DIR) + "/data/diplomacy/";

class Diplomacy : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new Database(Database::in_memory());
    Session session = database_->session();
    std::ostringstream out;
    std::ostringstream err;
    Shell shell(*database_, session, {}, {}, out, err);
    std::istringstream in(read_file(kFolder + "facts.cypher"));
    shell.read(in);
    ASSERT_EQ(err.str(), "");
  }
  static void TearDownTestSuite() { delete database_; }

  static std::vector<std::string> rows(const std::string& statement, const Map& parameters = {}) {
    std::vector<std::string> out;
    for (const Row& row : database_->session().run(statement, parameters)) {
      std::string text;
      for (const Value& value : row.values()) text += (text.empty() ? "" : "|") + value.to_display();
      out.push_back(text);
    }
    return out;
  }
  static std::vector<std::string> ask(const std::string& sentence) {
    static const Phrasebook book = parse_phrasebook(read_file(kFolder + "phrasebook.txt"), "phrasebook.txt");
    const AskedQuestion asked = understand(book, *database_->snapshot(), sentence);
    std::vector<std::string> first;
    for (const Row& row : database_->session().run(asked.question->cypher, asked.parameters))
      first.push_back(row[0].to_display());
    return first;
  }

  static Database* database_;
};

Database* Diplomacy::database_ = nullptr;

TEST_F(Diplomacy, HasAllNodesAndRelationships) {
  EXPECT_EQ(database_->snapshot()->node_count(), 120u);
  EXPECT_EQ(database_->snapshot()->relationship_count(), 329u);
}

TEST_F(Diplomacy, SaysWhereEveryFactComesFrom) {
  EXPECT_THAT(rows("MATCH (n) WHERE n.sources IS NULL OR n.nature IS NULL OR n.paragraphs IS NULL RETURN count(n)"),
              ElementsAre("0"));
  EXPECT_THAT(rows("MATCH ()-[r]->() WHERE r.sources IS NULL OR r.nature IS NULL OR (r.nature <> 'reference' AND "
                   "r.paragraphs IS NULL) "
                   "RETURN count(r)"),
              ElementsAre("0"));
  EXPECT_THAT(
      rows("MATCH ()-[r]->() UNWIND r.sources AS s WITH DISTINCT s WHERE NOT EXISTS { (:Document {id: s}) } RETURN s"),
      ElementsAre());
  EXPECT_THAT(rows("MATCH (t:Event {id: 'event:us-jp-fm-hiroshima-2023'})-[h:HELD_ALONGSIDE]->() RETURN h.sources, "
                   "h.nature, h.paragraphs"),
              ElementsAre("['doc:000']|stated|['000:1']"));
}

TEST_F(Diplomacy, AnswersItsQuestions) {
  rapidjson::Document file;
  const std::string text = read_file(kFolder + "questions.json");
  file.Parse(text.c_str(), text.size());
  ASSERT_FALSE(file.HasParseError());
  const auto& questions = file["questions"];
  ASSERT_EQ(questions.Size(), 25u);
  const auto as_text = [](const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    value.Accept(writer);
    return std::string(buffer.GetString(), buffer.GetSize());
  };
  for (const auto& question : questions.GetArray()) {
    SCOPED_TRACE(question["id"].GetString());
    std::vector<std::string> expected;
    for (const auto& row : question["expected"].GetArray()) expected.push_back(as_text(row));
    std::vector<std::string> columns;
    for (const auto& column : question["columns"].GetArray()) columns.emplace_back(column.GetString());
    std::vector<std::string> got;
    Session session = database_->session();
    Result result = session.run(question["cypher"].GetString());
    EXPECT_EQ(result.columns(), columns);
    for (const Row& row : result) got.push_back(plain_json(Value(List(row.values()))));
    if (!question["ordered"].GetBool()) {
      std::sort(expected.begin(), expected.end());
      std::sort(got.begin(), got.end());
    }
    EXPECT_EQ(got, expected);
  }
}

TEST_F(Diplomacy, AnswersTheQuestionInPlainWords) {
  for (const char* sentence :
       {"which forums hosted US–Japan FM talks", "Which forums hosted U.S.-Japan foreign ministers' talks?",
        "which forums hosted Japan–US FM talks",
        "Which forums hosted the United States — Japan foreign ministers’ meetings",
        "in which forums did the foreign ministers of Japan and the US meet"}) {
    EXPECT_THAT(ask(sentence), ElementsAre("G20", "G7", "Quad")) << sentence;
  }
  EXPECT_THAT(ask("which forums hosted US-Japan FM talks in 2023"), ElementsAre("G7", "Quad"));
  EXPECT_THAT(ask("which forums hosted Japan-Britain FM talks"), ElementsAre("G20"));
}

TEST_F(Diplomacy, AnswersEveryExampleOfThePhrasebook) {
  const Phrasebook book = parse_phrasebook(read_file(kFolder + "phrasebook.txt"), "phrasebook.txt");
  for (const Question& question : book.questions) {
    ASSERT_NE(question.example, "") << question.name;
    EXPECT_FALSE(ask(question.example).empty()) << question.example;
    EXPECT_EQ(understand(book, *database_->snapshot(), question.example).question->name, question.name);
  }
}

}  // namespace
}  // namespace entente
