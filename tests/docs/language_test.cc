// docs/language.md and what it leads to: every example gives what is written behind it, every function and procedure is
// described with its signature and its nulls, every clause has a heading, and what is said to be missing is missing.
//
// ENTENTE_UPDATE_GOLDEN=1 writes results, values, signatures and codes of errors anew; look at the difference.
#include <cstdlib>
#include <memory>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include <entente/query/entente.h>
#include <entente/query/functions/registry.h>
#include <entente/query/syntax/lexer.h>
#include <entente/tools/text.h>

#include "document.h"
#include "entries.h"
#include "example_runner.h"

namespace entente {
namespace {

bool updating() { return std::getenv("ENTENTE_UPDATE_GOLDEN") != nullptr; }

/// What the first example of docs/language.md creates.
std::string setup_text() {
  const Document document(language_documents().front());
  return document.text(document.examples().at(0).code.lines);
}

class LanguageDocument : public ::testing::TestWithParam<std::filesystem::path> {
 protected:
  LanguageDocument() : document_(GetParam()), runner_(setup_text()) {}
  ~LanguageDocument() override {
    if (updating()) document_.write();
  }

  void check_example(const Example& example) {
    const bool is_setup = document_.text(example.code.lines) == setup_text();
    const ExampleRunner& runner = is_setup ? empty_ : runner_;
    const ExampleResult actual = runner.run(document_.text(example.code.lines), example.files);
    if (!example.has_result && updating()) {
      std::vector<std::string> block{"```result"};
      block.insert(block.end(), actual.lines.begin(), actual.lines.end());
      block.emplace_back("```");
      return document_.replace({example.code.lines.end + 1, example.code.lines.end + 1}, std::move(block));
    }
    ASSERT_TRUE(example.has_result) << "no ```result block follows; ENTENTE_UPDATE_GOLDEN=1 writes one";
    const std::vector<std::string> expected = split_lines(document_.text(example.result));
    if (same_result(actual, expected)) return;
    if (updating()) return document_.replace(example.result, actual.lines);
    EXPECT_EQ(expected, actual.lines);
  }

  Document document_;
  ExampleRunner runner_;
  ExampleRunner empty_{""};
};

TEST_P(LanguageDocument, ExamplesGiveTheirResults) {
  for (const Example& example : document_.examples()) {
    SCOPED_TRACE(document_.place(example.code.lines.begin));
    try {
      check_example(example);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

TEST_P(LanguageDocument, ExpressionsHaveTheirValues) {
  for (const Block& block : document_.values()) {
    size_t width = 0;  // of the longest expression, for lines without a value
    for (size_t i = block.lines.begin; i < block.lines.end; ++i) {
      size_t value_at = 0;
      width = std::max(width, display_width(expression_of(document_.lines()[i], value_at)));
    }
    for (size_t i = block.lines.begin; i < block.lines.end; ++i) {
      const std::string& line = document_.lines()[i];
      size_t value_at = 0;
      const std::string expression = expression_of(line, value_at);
      const std::string actual = runner_.value_of(expression);
      const bool written = value_at != std::string::npos;
      if (written && line.substr(value_at) == actual) continue;
      if (updating()) {
        const std::string front = written ? line.substr(0, value_at) : pad_width(expression, width) + " → ";
        document_.replace({i, i + 1}, {front + (front.ends_with(' ') ? "" : " ") + actual});
        continue;
      }
      EXPECT_TRUE(written) << document_.place(i) << ": no value is written; ENTENTE_UPDATE_GOLDEN=1 does it";
      EXPECT_EQ(written ? line.substr(value_at) : actual, actual) << document_.place(i) << ": " << expression;
    }
  }
}

TEST_P(LanguageDocument, SignaturesAreThoseOfShow) {
  const std::map<std::string, std::string> known = known_signatures();
  for (const Entry& entry : find_entries(document_)) {
    for (const Signature& signature : entry.signatures) {
      const auto found = known.find(signature.name);
      ASSERT_NE(found, known.end()) << document_.place(signature.line) << ": there is no " << signature.name;
      if (found->second == signature.text) continue;
      if (updating()) {
        std::string line = document_.lines()[signature.line];
        line.replace(line.find(signature.text), signature.text.size(), found->second);
        document_.replace({signature.line, signature.line + 1}, {line});
      } else {
        EXPECT_EQ(signature.text, found->second) << document_.place(signature.line);
      }
    }
  }
}

/// The cells of a table's line, with \| for a bar.
std::vector<std::string> table_cells(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|') {
      cells.push_back(trim(cell));
      cell.clear();
    } else if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else {
      cell += line[i];
    }
  }
  return cells;
}

/// Tables with the columns `Statement` and `Refused with`: each statement raises that error.
TEST_P(LanguageDocument, StatementsSaidToBeRefusedAreRefused) {
  size_t statement_at = 0;
  size_t code_at = 0;
  for (size_t i = 0; i < document_.lines().size(); ++i) {
    const std::string& line = document_.lines()[i];
    if (!line.starts_with('|')) {
      statement_at = code_at = 0;
      continue;
    }
    const std::vector<std::string> cells = table_cells(line);
    if (code_at == 0) {
      for (size_t k = 0; k < cells.size(); ++k) {
        if (cells[k] == "Statement") statement_at = k;
        if (cells[k] == "Refused with") code_at = k;
      }
      if (code_at != 0) ++i;  // the rule below the heads
      continue;
    }
    ASSERT_GT(cells.size(), std::max(statement_at, code_at)) << document_.place(i);
    const std::string& statement = cells[statement_at];
    ASSERT_TRUE(statement.starts_with('`') && statement.ends_with('`')) << document_.place(i) << ": " << statement;
    const std::string error = runner_.error_of(statement.substr(1, statement.size() - 2));
    EXPECT_NE(error, "") << document_.place(i) << ": this is not missing: " << statement;
    if (cells[code_at] == error) continue;
    if (updating()) {
      std::string changed = line;
      const size_t at = line.rfind(cells[code_at]);
      ASSERT_NE(cells[code_at], "") << document_.place(i) << ": write ? where the code is to come";
      document_.replace({i, i + 1}, {changed.replace(at, cells[code_at].size(), error)});
    } else {
      EXPECT_EQ(cells[code_at], error) << document_.place(i) << ": " << statement;
    }
  }
}

/// The name under which a browser finds a heading.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (letter) anchor += c;
    if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

/// The headings of a document, without their #s.
std::vector<std::string> headings_of(const Document& document) {
  std::vector<std::string> headings;
  bool fenced = false;
  for (const std::string& line : document.lines()) {
    if (line.starts_with("```")) fenced = !fenced;
    if (!fenced && line.starts_with('#')) headings.push_back(trim(line.substr(line.find_first_not_of('#'))));
  }
  return headings;
}

TEST_P(LanguageDocument, LinksLeadSomewhere) {
  static const std::regex kLink(R"(\]\(([^)#]*)(#[^)]*)?\))");
  bool fenced = false;
  for (size_t i = 0; i < document_.lines().size(); ++i) {
    const std::string& line = document_.lines()[i];
    if (line.starts_with("```")) fenced = !fenced;
    if (fenced || line.starts_with("    ")) continue;
    for (std::sregex_iterator link(line.begin(), line.end(), kLink), end; link != end; ++link) {
      const std::string file = (*link)[1];
      const std::string anchor = (*link)[2];
      if (file.starts_with("http")) continue;
      const auto path = file.empty() ? GetParam() : GetParam().parent_path() / file;
      ASSERT_TRUE(std::filesystem::exists(path)) << document_.place(i) << ": there is no file " << file;
      if (anchor.empty()) continue;
      std::set<std::string> anchors;
      for (const std::string& heading : headings_of(Document(path))) anchors.insert("#" + anchor_of(heading));
      EXPECT_TRUE(anchors.contains(anchor)) << document_.place(i) << ": there is no heading " << file << anchor;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Docs, LanguageDocument, ::testing::ValuesIn(language_documents()),
                         [](const auto& test) { return test.param.stem().string(); });

// ---- nothing is left out -----------------------------------------------------------------------------------

class LanguageReference : public ::testing::Test {
 protected:
  LanguageReference() : runner_(setup_text()) {
    for (const auto& path : language_documents()) documents_.push_back(std::make_unique<Document>(path));
    for (const auto& document : documents_) {
      for (Entry& entry : find_entries(*document)) entries_.push_back(std::move(entry));
    }
  }

  const Entry* find(const std::string& name) const {
    for (const Entry& entry : entries_) {
      for (const Signature& signature : entry.signatures) {
        if (signature.name == name) return &entry;
      }
    }
    return nullptr;
  }

  std::string null_call(const std::string& function, std::vector<std::string> arguments) const {
    std::string call = function + "(";
    for (size_t i = 0; i < arguments.size(); ++i) call += (i > 0 ? ", " : "") + arguments[i];
    return call + ")";
  }

  void expect_null(const std::string& function, const std::vector<std::string>& arguments) const {
    const std::string call = null_call(function, arguments);
    EXPECT_EQ(runner_.value_of(call), "null") << call << " is not null, as the document says";
  }

  /// Null for all arguments, and for each argument of each call that the entry shows.
  void expect_null_gives_null(const Function& function, const Entry& entry) const {
    for (size_t count = std::max<size_t>(function.required, 1); count <= function.parameters.size(); ++count) {
      expect_null(function.name, std::vector<std::string>(count, "null"));
    }
    static const std::regex kError("^[A-Z][A-Za-z]*\\.[A-Z].*");
    for (const std::string& line : entry.expressions) {
      size_t value_at = 0;
      expression_of(line, value_at);
      if (value_at == std::string::npos || std::regex_match(line.substr(value_at), kError)) continue;
      std::vector<std::string> arguments = arguments_of(expression_of(line, value_at), function.name);
      for (std::string& argument : arguments) {
        const std::string kept = std::exchange(argument, "null");
        expect_null(function.name, arguments);
        argument = kept;
      }
    }
  }

  std::vector<std::unique_ptr<Document>> documents_;
  std::vector<Entry> entries_;
  ExampleRunner runner_;
};

TEST_F(LanguageReference, DescribesEveryFunctionAndProcedureOnce) {
  std::map<std::string, int> described;
  for (const Entry& entry : entries_) {
    for (const Signature& signature : entry.signatures) ++described[signature.name];
  }
  for (const auto& [name, signature] : known_signatures()) {
    EXPECT_EQ(described[name], 1) << "docs/language should describe: `" << signature << "`";
  }
}

TEST_F(LanguageReference, SaysWhatEachFunctionMakesOfNull) {
  const auto registry = FunctionRegistry::built_in();
  for (const Function* function : registry->all()) {
    const Entry* entry = find(function->name);
    if (entry == nullptr || function->parameters.empty()) continue;
    SCOPED_TRACE(function->name);
    static const std::regex kNullGivesNull("Null\\s+gives\\s+null\\.");  // lines may break within
    if (std::regex_search(entry->text, kNullGivesNull)) {
      expect_null_gives_null(*function, *entry);
      continue;
    }
    bool shown = false;
    for (const std::string& line : entry->expressions) {
      shown = shown || (line.starts_with(function->name + "(") && line.find("null") < line.find("→"));
    }
    EXPECT_TRUE(shown) << "say `Null gives null.` or show a call with null in a ```values block";
  }
}

TEST_F(LanguageReference, ShowsEachFunctionInAnExample) {
  for (const auto& [name, signature] : known_signatures()) {
    const Entry* entry = find(name);
    if (entry == nullptr) continue;
    const std::regex call("(^|[^A-Za-z0-9_.`])" + std::regex_replace(name, std::regex("\\."), "\\.") + "\\(");
    const bool shown = std::regex_search(entry->text, call);
    EXPECT_TRUE(shown) << "no example calls " << name;
  }
}

TEST_F(LanguageReference, HasAHeadingForEachClause) {
  std::string headings;
  for (const auto& document : documents_) {
    for (const std::string& heading : headings_of(*document)) headings += " " + heading + "\n";
  }
  const auto has = [&](const std::string& words) {
    return std::regex_search(headings, std::regex("[^A-Z]" + words + "[^A-Z]"));
  };
  const auto begins_clause = [](const std::string& word) {
    try {
      Database::in_memory().session().explain(word);
    } catch (const Error& error) {
      return !std::string_view(error.what()).starts_with("expected a clause");
    }
    return true;
  };
  ASSERT_FALSE(begins_clause("THEN")) << "the parser says otherwise by now that there is no clause";
  ASSERT_TRUE(begins_clause("MATCH"));
  for (int k = 1; !keyword_name(static_cast<Keyword>(k)).empty(); ++k) {
    const std::string word(keyword_name(static_cast<Keyword>(k)));
    EXPECT_TRUE(!begins_clause(word) || has(word)) << "no heading has " << word;
  }
  for (const char* words :
       {"OPTIONAL MATCH", "UNION", "WHERE", "ORDER BY", "SKIP", "LIMIT", "DETACH DELETE", "EXPLAIN", "PROFILE", "SHOW",
        "CREATE INDEX", "CREATE FULLTEXT INDEX", "DROP INDEX", "CREATE CONSTRAINT", "DROP CONSTRAINT"}) {
    EXPECT_TRUE(has(words)) << "no heading has " << words;
  }
}

TEST_F(LanguageReference, MentionsEachKeyword) {
  std::set<std::string> words;
  static const std::regex kWord("([A-Za-z_]+)(\\()?");
  for (const auto& document : documents_) {
    for (const std::string& line : document->lines()) {
      for (std::sregex_iterator word(line.begin(), line.end(), kWord), end; word != end; ++word) {
        std::string found = (*word)[1];
        if ((*word)[2].matched) {  // reduce(…) and the like are written as functions are
          for (char& c : found) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        words.insert(std::move(found));
      }
    }
  }
  for (int k = 1; !keyword_name(static_cast<Keyword>(k)).empty(); ++k) {
    const std::string word(keyword_name(static_cast<Keyword>(k)));
    EXPECT_TRUE(words.contains(word)) << "docs/language does not mention " << word;
  }
}

}  // namespace
}  // namespace entente
