// Statements run on a database in memory, each in several ways that must agree: as usual, with the optimiser off, and
// in batches of one row.
#pragma once

#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <vector>

#include "entente/query/entente.h"

namespace entente {

class StatementTest : public testing::Test {
 protected:
  using Rows = std::vector<std::string>;

  /// Runs the statements on an empty graph, in each way, and gives the rows of the last one: values with blanks
  /// between.
  Rows run(const std::vector<std::string>& statements, const Map& parameters = {}) const {
    const Rows usual = run_once(statements, parameters, false, kUsualBatch);
    EXPECT_EQ(run_once(statements, parameters, true, kUsualBatch), usual) << "the optimiser off: " << statements.back();
    EXPECT_EQ(run_once(statements, parameters, false, 1), usual) << "batches of one row: " << statements.back();
    return usual;
  }
  template <std::convertible_to<std::string> Text>  // so that a list in braces is none
  Rows run(const Text& statement, const Map& parameters = {}) const {
    return run(std::vector<std::string>{std::string(statement)}, parameters);
  }

  /// Kind.Detail of the error and, behind @, the text it points to.
  std::string error(const std::vector<std::string>& statements, const Map& parameters = {}) const {
    Database database = Database::in_memory(options_);
    Session session = database.session();
    for (size_t i = 0; i + 1 < statements.size(); ++i) session.run(statements[i], parameters);
    const std::string& last = statements.back();
    const auto before = database.snapshot()->node_count();
    try {
      session.run(last, parameters).rows();
    } catch (const Error& e) {
      EXPECT_EQ(database.snapshot()->node_count(), before) << "changed by a statement that failed: " << last;
      const Span span = e.span();
      return e.kind() + "." + e.detail() + (span.empty() ? "" : "@" + last.substr(span.begin, span.end - span.begin));
    }
    return "none";
  }
  template <std::convertible_to<std::string> Text>
  std::string error(const Text& statement, const Map& parameters = {}) const {
    return error(std::vector<std::string>{std::string(statement)}, parameters);
  }

  /// The error's code and place are those, and what it says has these words.
  void expect_error(const std::vector<std::string>& statements, const std::string& code_and_place,
                    const std::string& words, const Map& parameters = {}) const {
    EXPECT_EQ(error(statements, parameters), code_and_place) << statements.back();
    Database database = Database::in_memory(options_);
    Session session = database.session();
    try {
      for (const std::string& statement : statements) session.run(statement, parameters).rows();
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
  }
  template <std::convertible_to<std::string> Text>
  void expect_error(const Text& statement, const std::string& code_and_place, const std::string& words,
                    const Map& parameters = {}) const {
    expect_error(std::vector<std::string>{std::string(statement)}, code_and_place, words, parameters);
  }

  DatabaseOptions options_;

 private:
  static constexpr size_t kUsualBatch = 2048;

  Rows run_once(const std::vector<std::string>& statements, const Map& parameters, bool plain, size_t batch) const {
    Database database = Database::in_memory(options_);
    Session session = database.session();
    if (plain) session.disable_pass("all");
    session.set_batch_size(batch);
    Rows rows;
    for (const std::string& statement : statements) {
      rows.clear();
      try {
        for (const Row& row : session.run(statement, parameters).rows()) {
          std::string text;
          for (const Value& value : row.values()) text += (text.empty() ? "" : " ") + value.to_literal();
          rows.push_back(std::move(text));
        }
      } catch (const Error& e) {
        ADD_FAILURE() << statement << ": " << e.kind() << "." << e.detail() << ": " << e.what();
      }
    }
    return rows;
  }
};

}  // namespace entente
