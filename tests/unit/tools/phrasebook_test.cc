#include "entente/tools/phrasebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/tools/ask.h"

namespace entente {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const SentenceToken& token : sentence_tokens(text)) out.push_back(token.text);
  return out;
}

TEST(Tokens, LeaveOutWhatDoesNotMatter) {
  EXPECT_THAT(words("Which FORUMS  hosted US–Japan FM talks?"),
              ElementsAre("which", "forums", "hosted", "us", "-", "japan", "fm", "talks"));
  EXPECT_THAT(words("the U.S. and Japan"), ElementsAre("the", "us", "and", "japan"));
  EXPECT_THAT(words("U.S.—Japan"), ElementsAre("us", "-", "japan"));
  EXPECT_THAT(words("foreign ministers’ talks"), ElementsAre("foreign", "ministers", "talks"));
  EXPECT_THAT(words("foreign ministers' talks"), ElementsAre("foreign", "ministers", "talks"));
  EXPECT_THAT(words("Japan’s FM"), ElementsAre("japan", "'s", "fm"));
  EXPECT_THAT(words("São Tomé, Ōsaka"), ElementsAre("sao", "tome", "osaka"));
  EXPECT_THAT(words("in Matera."), ElementsAre("in", "matera"));
  EXPECT_THAT(words("2+2"), ElementsAre("2", "+", "2"));
}

TEST(Tokens, KnowTheirPlaces) {
  const std::vector<SentenceToken> tokens = sentence_tokens("the U.S.–Japan");
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[1].begin, 4u);
  EXPECT_EQ(tokens[1].end, 8u);
}

TEST(NameKey, IgnoresBlanksAndDashes) {
  EXPECT_EQ(name_key("G-20"), name_key("G20"));
  EXPECT_EQ(name_key("HAYASHI Yoshimasa"), name_key("HayashiYoshimasa"));
  EXPECT_NE(name_key("2+2"), name_key("22"));
}

constexpr const char* kBook =
    "# a comment\n"
    "entity Country\n"
    "  key    id\n"
    "  names  name, aliases\n"
    "\n"
    "question hosts\n"
    "  example which forums hosted US-Japan FM talks\n"
    "  ask     which forums hosted [the] {a:Country}–{b:Country} (FM|foreign ministers') talks [in {year:Integer}]\n"
    "  cypher\n"
    "    MATCH (f)\n"
    "      WHERE f.x = $a\n"
    "\n"
    "    RETURN f\n"
    "question nothing\n"
    "  ask     nothing\n"
    "  cypher  RETURN 1\n";

TEST(Phrasebook, IsReadFromText) {
  const Phrasebook book = parse_phrasebook(kBook, "book.txt");
  ASSERT_EQ(book.questions.size(), 2u);
  EXPECT_EQ(book.questions[0].cypher, "MATCH (f)\n  WHERE f.x = $a\nRETURN f");
  EXPECT_EQ(book.questions[1].cypher, "RETURN 1");
  EXPECT_THAT(book.entities[0].names, ElementsAre("name", "aliases"));
  EXPECT_EQ(book.questions[0].slots.size(), 3u);
}

TEST(Phrasebook, NamesTheLineOfAMistake) {
  const auto failure = [](const std::string& text) {
    try {
      parse_phrasebook(text, "book.txt");
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(failure("question x\n  ask (a|b\n  cypher RETURN 1\n"), HasSubstr("book.txt:2: "));
  EXPECT_THAT(failure("question x\n  ask {a}\n  cypher RETURN 1\n"), HasSubstr("{name:Type}"));
  EXPECT_THAT(failure("question x\n  ask a)\n  cypher RETURN 1\n"), HasSubstr("closes nothing"));
  EXPECT_THAT(failure("question x\n  ask {a:Town}\n  cypher RETURN 1\n"), HasSubstr("'Town'"));
  EXPECT_THAT(failure("question x\n  ask a\n"), HasSubstr("no 'cypher'"));
  EXPECT_THAT(failure("answer x\n"), HasSubstr("book.txt:1: "));
  EXPECT_NE(failure("question x\n  ask " + std::string(100, '(') + "\n  cypher RETURN 1\n"), "");
}

class Asking : public testing::Test {
 protected:
  Asking() {
    database_.session().run(
        "CREATE (:Country {id: 'US', name: 'United States', aliases: ['US', 'U.S.']}), (:Country {id: 'JP', name: "
        "'Japan'}), "
        "(:Country {id: 'CG', name: 'Congo', aliases: ['Brazzaville']}), (:Country {id: 'CD', name: 'Congo'})");
  }
  /// The parameters that a sentence gives, or the error.
  std::string ask(std::string_view sentence) {
    try {
      return Value::map(understand(book_, *database_.snapshot(), sentence).parameters).to_literal();
    } catch (const Error& e) {
      return e.detail() + ": " + e.what();
    }
  }

  Database database_ = Database::in_memory();
  Phrasebook book_ = parse_phrasebook(kBook, "book.txt");
};

TEST_F(Asking, ResolvesNamesHoweverTheyAreWritten) {
  const std::string both = "{a: 'US', b: 'JP', year: null}";
  for (const char* sentence :
       {"which forums hosted US–Japan FM talks", "Which forums hosted U.S.-Japan FM talks?",
        "which forums hosted the united states - JAPAN fm talks",
        "which forums hosted US‐Japan foreign ministers’ talks",
        "which forums hosted US—Japan foreign-ministers' talks", "which forums hosted US and Japan FM talks",
        "  which   forums hosted US/Japan FM talks ."}) {
    EXPECT_EQ(ask(sentence), both) << sentence;
  }
  EXPECT_EQ(ask("which forums hosted Japan–US FM talks"), "{a: 'JP', b: 'US', year: null}");
  EXPECT_EQ(ask("which forums hosted Japan–US FM talks in 2021"), "{a: 'JP', b: 'US', year: 2021}");
}

TEST_F(Asking, SaysWhatIsUnknownOrAmbiguous) {
  EXPECT_THAT(ask("which forums hosted US–Japn FM talks"),
              testing::AllOf(HasSubstr("UnknownName"), HasSubstr("'Japn'"), HasSubstr("'Japan'")));
  EXPECT_THAT(ask("which forums hosted US–Congo FM talks"),
              testing::AllOf(HasSubstr("AmbiguousName"), HasSubstr("'CG'"), HasSubstr("'CD'")));
  EXPECT_EQ(ask("which forums hosted US–Brazzaville FM talks"), "{a: 'US', b: 'CG', year: null}");
  EXPECT_THAT(ask("which forums hosted US–Japan FM talks in spring"), HasSubstr("'spring' is no whole number"));
  EXPECT_THAT(ask("what forums were there"),
              testing::AllOf(HasSubstr("UnknownQuestion"), HasSubstr("The nearest is: which forums hosted US-Japan"),
                             HasSubstr("nothing")));
}

TEST(Patterns, BoundTheirSearch) {
  std::string pattern;
  std::string sentence;
  for (int i = 0; i < 30; ++i) {
    pattern += "[{s" + std::to_string(i) + ":Text}] ";
    sentence += "word ";
  }
  const Phrasebook book = parse_phrasebook("question x\n  ask " + pattern + " end\n  cypher RETURN 1\n", "b");
  EXPECT_TRUE(read_as(book.questions[0].patterns[0].root, sentence_tokens(sentence)).empty());
}

}  // namespace
}  // namespace entente
