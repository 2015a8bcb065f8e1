// The lexer, parser, binder and planner: a text, prepared on an empty graph and on a small one.
//
// Whatever the text, it is prepared or an Error says where it is wrong; which of the two does not depend on the graph,
// nor on a comment behind the text; and statement_length() parts what it says are statements where they end.
#include <entente/query/entente.h>
#include <entente/query/syntax/parser.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

constexpr size_t kMostBytes = 4096;

/// The error's code, or nothing.
std::string prepared(Database& database, const std::string& text) {
  try {
    database.session().prepare(text);
    return "";
  } catch (const Error& error) {
    check(error.phase() == Phase::CompileTime || error.kind() != "SyntaxError", "a syntax error at run time");
    check(error.span().begin <= error.span().end && error.span().end <= text.size(),
          "an error's place lies outside the text: " + error.pretty());
    check(!error.kind().empty() && !error.detail().empty(), "an error has no name");
    error.pretty();
    return error.code();
  }
}

void check_parsing_alone(const std::string& text) {
  try {
    parse_expression(text);
  } catch (const Error& error) {
    check(error.span().end <= text.size(), "an error's place lies outside the expression");
  }
  const size_t length = statement_length(text);
  check(length == std::string::npos || (length >= 1 && length <= text.size() && text[length - 1] == ';'),
        "a statement does not end with its semicolon");
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  if (size > kMostBytes) return 0;
  static Database nothing = Database::in_memory();
  static Database small = [] {
    Database database = Database::in_memory();
    Session session = database.session();
    session.run("CREATE INDEX ai FOR (n:A) ON (n.i)");
    session.run("CREATE CONSTRAINT aid FOR (n:A) REQUIRE n.id IS UNIQUE");
    session.run(
        "CREATE (a:A:B {id: 1, i: 1, s: 'x'})-[:R {i: 1}]->(b:B {id: 2, l: [1, 2]})-[:S]->(a), (b)-[:R]->(:C {d: "
        "date('2023-05-19')})");
    return database;
  }();
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_parsing_alone(text);
  const std::string outcome = prepared(nothing, text);
  check(outcome == prepared(small, text), "whether it is a statement depends on the graph: " + outcome);
  // Where the text ends within a comment, a text or a name, what follows belongs to that.
  if (outcome.empty()) check(prepared(nothing, text + "\n// comment").empty(), "a comment makes a difference");
  return 0;
}
