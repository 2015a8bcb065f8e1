// The one exception type that leaves Entente.
//
// Kind, detail and phase are named as openCypher names them: `SyntaxError`, `UndefinedVariable`,
// compile time. Storage errors have the kinds `StorageError` (I/O, corruption) and `LockError`;
// limits have `ResourceError`. `span` is a half-open range of bytes in the statement's text, empty where
// the error has no place in it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace entente {

enum class Phase : uint8_t { CompileTime, Runtime };

/// A half-open range of byte offsets [begin, end) in a statement's text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool empty() const { return begin == end; }
};

class Error : public std::runtime_error {
 public:
  Error(std::string kind, std::string detail, Phase phase, const std::string& message, Span span = {})
      : std::runtime_error(message), kind_(std::move(kind)), detail_(std::move(detail)), phase_(phase), span_(span) {}

  /// openCypher's name of the class of error, such as `SyntaxError` or `TypeError`.
  const std::string& kind() const { return kind_; }
  /// What exactly, such as `UndefinedVariable`.
  const std::string& detail() const { return detail_; }
  /// `kind.detail`.
  std::string code() const { return kind_ + "." + detail_; }
  Phase phase() const { return phase_; }
  Span span() const { return span_; }

  /// Line and column (from 1; the column counts code points) of the span's start; 0 without a place.
  uint32_t line() const { return line_; }
  uint32_t column() const { return column_; }

  /// Fills line and column and keeps the source line for `pretty`. Called once by the session.
  void locate(std::string_view statement);

  /// The message, and under it the line of the statement with a caret below the place, if there is one.
  std::string pretty() const;

  // Shorthands for the kinds raised most.
  static Error syntax(std::string detail, const std::string& message, Span span = {}) {
    return {"SyntaxError", std::move(detail), Phase::CompileTime, message, span};
  }
  static Error type(std::string detail, const std::string& message, Span span = {}) {
    return {"TypeError", std::move(detail), Phase::Runtime, message, span};
  }
  static Error argument(std::string detail, const std::string& message, Span span = {}) {
    return {"ArgumentError", std::move(detail), Phase::Runtime, message, span};
  }
  static Error storage(std::string detail, const std::string& message) {
    return {"StorageError", std::move(detail), Phase::Runtime, message};
  }
  static Error resource(std::string detail, const std::string& message) {
    return {"ResourceError", std::move(detail), Phase::Runtime, message};
  }

 private:
  std::string kind_;
  std::string detail_;
  Phase phase_;
  Span span_;
  uint32_t line_ = 0;
  uint32_t column_ = 0;
  std::string source_line_;
};

}  // namespace entente
