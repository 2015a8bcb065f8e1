#include "document.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace entente {

namespace {

constexpr std::string_view kFence = "```";

}  // namespace

Document::Document(std::filesystem::path path) : path_(std::move(path)) {
  std::ifstream in(path_, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path_.string());
  std::stringstream text;
  text << in.rdbuf();
  lines_ = split_lines(text.str());
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].starts_with(kFence)) continue;
    std::istringstream words(lines_[i].substr(kFence.size()));
    Block block;
    words >> block.kind >> block.argument;
    block.lines.begin = i + 1;
    const auto close = std::find(lines_.begin() + static_cast<ptrdiff_t>(i) + 1, lines_.end(), kFence);
    if (close == lines_.end()) throw std::runtime_error(place(i) + ": this block is not closed");
    i = static_cast<size_t>(close - lines_.begin());
    block.lines.end = i;
    take_block(std::move(block));
  }
  if (!files_.empty()) throw std::runtime_error(path_.string() + ": no example reads the last file");
}

void Document::take_block(Block block) {
  const std::string at = place(block.lines.begin - 1);
  if (block.kind == "csv") {
    files_[block.argument] = text(block.lines);
  } else if (block.kind == "values") {
    values_.push_back(std::move(block));
  } else if (block.kind == "cypher") {
    examples_.push_back({std::move(block), std::move(files_), false, {}});
    files_.clear();
  } else if (block.kind == "result") {
    if (examples_.empty() || examples_.back().has_result) {
      throw std::runtime_error(at + ": a result without an example before it");
    }
    Example& example = examples_.back();
    for (size_t i = example.code.lines.end + 1; i + 1 < block.lines.begin; ++i) {
      if (!lines_[i].empty()) throw std::runtime_error(at + ": a result stands directly behind its example");
    }
    example.has_result = true;
    example.result = block.lines;
  } else {
    throw std::runtime_error(at + ": a block of the kind '" + block.kind +
                             "', which is not run; indent what is no example by four blanks");
  }
}

std::string Document::place(size_t line) const { return path_.filename().string() + ":" + std::to_string(line + 1); }

std::string Document::text(LineRange range) const {
  std::string out;
  for (size_t i = range.begin; i < range.end; ++i) out += lines_[i] + "\n";
  return out;
}

void Document::replace(LineRange range, std::vector<std::string> lines) {
  changes_.emplace_back(range, std::move(lines));
}

void Document::write() const {
  auto changes = changes_;
  std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  std::ostringstream out;
  size_t next = 0;
  for (const auto& [range, replacement] : changes) {
    for (; next < range.begin; ++next) out << lines_[next] << '\n';
    for (const std::string& line : replacement) out << line << '\n';
    next = range.end;
  }
  for (; next < lines_.size(); ++next) out << lines_[next] << '\n';
  std::ofstream(path_, std::ios::binary) << out.str();
}

std::vector<std::filesystem::path> language_documents() {
  const std::filesystem::path docs = std::filesystem::path(ENTENTE_SOURCE_DIR) / "docs";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(docs / "language")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  files.insert(files.begin(), docs / "language.md");
  return files;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace entente
