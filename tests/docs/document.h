// A markdown file whose examples are run, and the parts of it that tests look at.
//
//   ```cypher      statements, each ended by a line that ends with `;` (the last needs none); a line `:param NAME =>
//   EXPR`
//                  sets a parameter
//   ```result      directly behind: what the last statement gives, or the error of the one that fails
//   ```values      lines `EXPRESSION → VALUE`, or the code of the error in place of the value
//   ```csv NAME    a file that LOAD CSV finds in the next ```cypher block
//
// No other fenced block may stand in such a file; forms of the syntax are indented by four blanks.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace entente {

/// Lines of a document, from `begin` up to but without `end`, counted from 0.
struct LineRange {
  size_t begin = 0;
  size_t end = 0;
};

struct Block {
  std::string kind;      // the word behind the opening fence
  std::string argument;  // what follows it
  LineRange lines;       // between the fences
};

/// A ```cypher block.
struct Example {
  Block code;
  std::map<std::string, std::string> files;  // text by name
  bool has_result = false;
  LineRange result;  // between the fences
};

class Document {
 public:
  /// Throws std::runtime_error, with file and line, where a fenced block is not closed or of no known kind, or a result
  /// or file belongs to no example.
  explicit Document(std::filesystem::path path);

  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<Example>& examples() const { return examples_; }
  const std::vector<Block>& values() const { return values_; }
  /// "language.md:12" for a line counted from 0.
  std::string place(size_t line) const;
  std::string text(LineRange range) const;

  /// Changes to be made by `write`. Ranges are those of the document as it was read.
  void replace(LineRange range, std::vector<std::string> lines);
  void write() const;

 private:
  void take_block(Block block);

  std::filesystem::path path_;
  std::vector<std::string> lines_;
  std::vector<Example> examples_;
  std::vector<Block> values_;
  std::map<std::string, std::string> files_;  // for the next example
  std::vector<std::pair<LineRange, std::vector<std::string>>> changes_;
};

/// The file docs/language.md and those in docs/language/, in this order and by name.
std::vector<std::filesystem::path> language_documents();

std::vector<std::string> split_lines(std::string_view text);

}  // namespace entente
