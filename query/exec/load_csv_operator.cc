// LOAD CSV: the lines of a file below the folder that the database allows, read as they are asked for.
//
// The file is opened relative to that folder so that neither `..` nor a link leads out of it (query/open_beneath.h).
//
// Errors: LoadCsvError.NotAllowed (no folder is allowed, or the name leads out of it), .InvalidUrl, .CannotRead and
// .Malformed (with the file and the line).
#include <fcntl.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "entente/core/discard.h"
#include "entente/query/csv_file.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"
#include "entente/query/open_beneath.h"

namespace entente {

namespace {

constexpr size_t kStepsOfCell = 16;
constexpr size_t kMostBatchBytes = size_t{4} << 20;  // of text that a batch gathers

[[noreturn]] void fail_load(const char* detail, const std::string& message, Span span) {
  throw Error("LoadCsvError", detail, Phase::Runtime, message, span);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The path in file:///path, with %XX decoded, relative to the root.
std::string path_in_url(const std::string& url, Span span) {
  const std::string_view scheme = "file:///";
  if (!url.starts_with(scheme)) {
    fail_load("InvalidUrl",
              "LOAD CSV reads local files only: the URL must be of the form 'file:///name.csv', not '" + url + "'",
              span);
  }
  std::string path;
  for (size_t i = scheme.size(); i < url.size(); ++i) {
    if (url[i] != '%') {
      path += url[i];
      continue;
    }
    const int high = i + 2 < url.size() ? hex_digit(url[i + 1]) : -1;
    const int low = i + 2 < url.size() ? hex_digit(url[i + 2]) : -1;
    if (high < 0 || low < 0) fail_load("InvalidUrl", "% must be followed by two hexadecimal digits in a URL", span);
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  path.erase(0, path.find_first_not_of('/'));
  if (path.empty() || path.find('\0') != std::string::npos) {
    fail_load("InvalidUrl", "the URL '" + url + "' names no file", span);
  }
  return path;
}

/// A descriptor of the file, which lies below the root.
int open_below_root(const std::string& root, const std::string& path, Span span) {
  if (root.empty()) {
    fail_load(
        "NotAllowed",
        "LOAD CSV is not allowed: no folder to read from is set (DatabaseOptions::csv_root; --csv-root DIR of the "
        "tools)",
        span);
  }
  const int folder = open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    fail_load("CannotRead", "cannot open the folder '" + root + "' of LOAD CSV: " + std::strerror(errno), span);
  }
  const int opened = open_beneath(folder, path);
  close(folder);
  if (opened >= 0) return opened;
  const int error = -opened;
  if (error == EXDEV || error == ELOOP) {
    fail_load("NotAllowed", "the file '" + path + "' is not in the folder of LOAD CSV: .. and links are not followed",
              span);
  }
  fail_load("CannotRead", "cannot read the file '" + path + "': " + std::strerror(error), span);
}

bool is_utf8_text(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    UChar32 c = 0;
    int32_t at = 0;
    const std::string_view rest = text.substr(i, 4);
    U8_NEXT(rest.data(), at, static_cast<int32_t>(rest.size()), c);
    if (c < 0) return false;
    i += static_cast<size_t>(at);
  }
  return true;
}

class LoadCsvOperator final : public Operator {
 public:
  LoadCsvOperator(const LoadCsvOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), held_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      urls_ = evaluate(*op_.url, in_, context_);
      row_ = 0;
    }
  }

 private:
  void fill() {
    MadeBytes made(context_);
    size_t bytes = 0;
    while (row_ < in_.rows && parents_.size() < context_.batch_size && bytes < kMostBatchBytes) {
      if (!file_) open_file();
      const CsvReader::Status status = next_record();
      if (status == CsvReader::Status::End) {
        file_.reset();
        ++row_;
        continue;
      }
      bytes += reader().record().size();
      parents_.push_back(static_cast<uint32_t>(row_));
      lines_.emplace_back(static_cast<int64_t>(reader().line()));
      files_.push_back(url_);
      records_.push_back(op_.headers ? as_map() : as_list());
    }
    held_.add(made.take());
  }

  void open_file() {
    url_ = urls_->get(row_);
    if (!url_.is_string()) {
      throw Error::type("InvalidArgumentType",
                        "LOAD CSV needs a URL as STRING, not " + std::string(kind_name(url_.kind())), op_.url->span);
    }
    const std::string path = path_in_url(url_.as_string(), op_.url->span);
    const int descriptor = open_below_root(std::string(context_.csv_root), path, op_.url->span);
    file_.emplace(descriptor, path, op_.separator, op_.url->span, context_);
    headers_.clear();
    if (!op_.headers) return;
    if (next_record() == CsvReader::Status::End) return;
    for (const CsvCell& cell : reader().cells()) headers_.emplace_back(text(cell));
  }

  const CsvReader& reader() const { return file_->reader(); }

  CsvReader::Status next_record() {
    const CsvReader::Status status = file_->next();
    held_.set(file_->held_bytes());
    if (status == CsvReader::Status::Malformed) fail_line(file_->problem());
    return status;
  }

  [[noreturn]] void fail_line(const std::string& problem) const {
    fail_load("Malformed", "'" + url_.as_string() + "', line " + std::to_string(reader().line()) + ": " + problem,
              op_.span);
  }

  std::string text(const CsvCell& cell) {
    std::string copy(reader().text(cell, scratch_));
    if (!is_utf8_text(copy)) fail_line("a cell is no UTF-8 text");
    return copy;
  }

  /// An empty cell without quotes is null.
  Value value(const CsvCell& cell) {
    context_.work(kStepsOfCell);
    if (cell.empty() && !cell.quoted()) return {};
    Value value(text(cell));
    context_.count_made(value.heap_bytes());
    return value;
  }

  Value as_list() {
    Filling<List> list;
    context_.count_made(reader().cells().size() * sizeof(Value));
    list->reserve(reader().cells().size());
    for (const CsvCell& cell : reader().cells()) list->push_back(value(cell));
    return make_list(list.take(), &context_);
  }

  Value as_map() {
    Filling<Map> map;
    context_.count_made(headers_.size() * sizeof(Map::value_type));
    map->reserve(headers_.size());
    for (size_t i = 0; i < headers_.size(); ++i) {
      map->emplace_back(headers_[i], i < reader().cells().size() ? value(reader().cells()[i]) : Value());
    }
    return Value::map(map.take());
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    out.set(op_.var, Vector::from_values(std::move(records_)));
    if (op_.line != kNoVar) out.set(op_.line, Vector::from_values(std::move(lines_)));
    if (op_.file != kNoVar) out.set(op_.file, Vector::from_values(std::move(files_)));
    parents_.clear();
    records_.clear();
    lines_.clear();
    files_.clear();
  }

  const LoadCsvOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  VectorPtr urls_;
  size_t row_ = 0;
  Value url_;  // of the file being read
  std::optional<CsvFile> file_;
  MemoryHold held_;  // what is held of the file, and of its records that were given last
  std::vector<std::string> headers_;
  std::string scratch_;
  Selection parents_;
  std::vector<Value> records_;
  std::vector<Value> lines_;
  std::vector<Value> files_;
};

}  // namespace

OperatorPtr make_operator(const LoadCsvOp& op, OperatorParts parts) {
  return std::make_unique<LoadCsvOperator>(op, std::move(parts));
}

}  // namespace entente
