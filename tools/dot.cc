#include "entente/tools/dot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ostream>

#include "entente/core/error.h"
#include "entente/tools/text.h"

extern char** environ;

namespace entente {
namespace {

constexpr size_t kCaptionColumns = 22;
constexpr size_t kCaptionLines = 4;
constexpr size_t kNameColumns = 2 * kCaptionColumns;  // of a line, and of labels and types
constexpr size_t kTitleColumns = 200;
constexpr size_t kTooltipColumns = 1'000;
// GraphViz refuses quoted strings past 16,384 bytes; a byte becomes up to five, and marks take bytes but no columns.
constexpr size_t kLineBytes = 750;  // of which a caption has kCaptionLines
constexpr size_t kTextBytes = 3'000;

struct Look {
  const char* fill;
  const char* line;
  const char* shape;
  const char* style;
};

// Light fills that carry black text, each with a darker outline of the same hue.
constexpr std::array<Look, 12> kPalette = {{
    {"#cfe3f7", "#2f6ea5", "ellipse", "filled"},
    {"#fde0c5", "#b5651d", "box", "filled,rounded"},
    {"#d5efd3", "#3b8c3a", "hexagon", "filled"},
    {"#f7d3dc", "#b03060", "octagon", "filled"},
    {"#e3d7f4", "#6a4ca3", "box", "filled"},
    {"#fff2b8", "#a58600", "parallelogram", "filled"},
    {"#c9efee", "#1f8a88", "tab", "filled"},
    {"#ecdccb", "#7a5a35", "component", "filled"},
    {"#e4e7ea", "#5d6b78", "note", "filled"},
    {"#dcebb5", "#6b8e1d", "ellipse", "filled"},
    {"#f6cfc4", "#b2402a", "folder", "filled"},
    {"#d4d9f2", "#4656a8", "trapezium", "filled"},
}};
constexpr Look kPlain = {"#f2f2f2", "#777777", "ellipse", "filled"};

/// Looks by label, dealt out in order.
class Looks {
 public:
  explicit Looks(const std::vector<std::string>& labels) {
    for (const std::string& label : labels) of(label);
  }
  const Look& of(const std::string& label) {
    const auto [it, fresh] = places_.try_emplace(label, places_.size());
    return kPalette[it->second % kPalette.size()];
  }

 private:
  std::map<std::string, size_t> places_;
};

const Value* find_property(const Map& properties, std::string_view key) {
  for (const auto& [name, value] : properties) {
    if (name == key && !value.is_null()) return &value;
  }
  return nullptr;
}

std::string caption(const NodeData& node, const DotOptions& options) {
  for (const std::string& label : node.labels) {
    const auto it = options.captions.find(label);
    if (it == options.captions.end()) continue;
    if (const Value* value = find_property(node.properties, it->second)) return value->to_display();
  }
  for (const char* key : {"name", "title", "id"}) {
    if (const Value* value = find_property(node.properties, key)) return value->to_display();
  }
  return node.labels.empty() ? "#" + std::to_string(node.id.value) : node.labels.front();
}

/// The beginning of a text that is to be seen, escaped.
std::string beginning(std::string_view text, size_t columns, size_t bytes) {
  size_t end = std::min(text.size(), bytes);
  while (end > 0 && end < text.size() && U8_IS_TRAIL(static_cast<uint8_t>(text[end]))) --end;
  return dot_escape(fit_width(text.substr(0, end), columns));
}

/// The caption broken into a few lines, escaped, with DOT's own line breaks between them.
std::string caption_lines(const std::string& text) {
  std::vector<std::string> lines = wrap_words(visible(text), kCaptionColumns);
  if (lines.size() > kCaptionLines) {
    lines.resize(kCaptionLines);
    lines.back() += " …";
  }
  std::string out;
  for (const std::string& line : lines) {
    if (!out.empty()) out += "\\n";
    out += beginning(line, kNameColumns, kLineBytes);
  }
  return out;
}

/// A name of whatever length as one line.
std::string name_line(const std::string& name) { return beginning(visible(name), kNameColumns, kLineBytes); }

std::string label_list(const NodeData& node) {
  std::string out;
  for (const std::string& label : node.labels) out += ":" + label;
  return out;
}

void write_node(std::ostream& out, const NodeData& node, const DotOptions& options, Looks& looks) {
  const Look& look = node.labels.empty() ? kPlain : looks.of(node.labels.front());
  std::string fill = look.fill;
  for (const std::string& label : node.labels) {
    const auto it = options.colours.find(label);
    if (it != options.colours.end()) {
      fill = it->second;
      break;
    }
  }
  out << "  n" << node.id.value << " [label=\"" << caption_lines(caption(node, options)) << "\", shape=" << look.shape
      << ", style=\"" << look.style << "\", fillcolor=\"" << dot_escape(fill, false) << "\", color=\"" << look.line
      << "\", tooltip=\""
      << beginning(visible(label_list(node) + " " + caption(node, options)), kTooltipColumns, kTextBytes) << "\"];\n";
}

void write_legend(std::ostream& out, const std::vector<std::string>& used, const DotOptions& options, Looks& looks) {
  out << "  subgraph cluster_legend {\n    label=\"\"; color=\"#cccccc\"; style=rounded;\n";
  for (size_t i = 0; i < used.size(); ++i) {
    const Look& look = looks.of(used[i]);
    const auto colour = options.colours.find(used[i]);
    out << "    legend" << i << " [label=\"" << name_line(used[i]) << "\", shape=" << look.shape << ", style=\""
        << look.style << "\", fillcolor=\""
        << dot_escape(colour == options.colours.end() ? look.fill : colour->second, false) << "\", color=\""
        << look.line << "\", fontsize=9];\n";
  }
  out << "  }\n";
}

/// A pipe whose ends are closed when it goes.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw Error("ToolError", "Failed", Phase::Runtime, "Cannot make a pipe to GraphViz");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int i) {
    if (ends[i] >= 0) close(ends[i]);
    ends[i] = -1;
  }
};

void write_all(int fd, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // the program has ended early: its exit status tells
    done += static_cast<size_t>(n);
  }
}

}  // namespace

std::string dot_escape(std::string_view text, bool label) {
  std::string out;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size;) {
    const int64_t begin = i;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    static constexpr char kHex[] = "0123456789ABCDEF";
    if (c == '"') {
      out += "\\\"";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += ' ';
    } else if (c == '&' && label) {
      // GraphViz reads entities in labels; a bare "&" that begins none stays as it is.
      const size_t semicolon = text.find(';', static_cast<size_t>(i));
      const bool entity = semicolon != std::string_view::npos && semicolon - static_cast<size_t>(i) <= 32;
      out += entity ? "&amp;" : "&";
    } else if (c == 0xFFFD) {
      out += "\xEF\xBF\xBD";
    } else if (u_charType(c) == U_CONTROL_CHAR || is_bidi_control(c)) {
      out += "<U+";
      for (int shift = 12; shift >= 0; shift -= 4) out += kHex[c >> shift & 15];
      out += '>';
    } else {
      out += text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin));
    }
  }
  return out;
}

void write_dot(std::ostream& out, const GraphSource& graph, const DotOptions& options) {
  Looks looks(options.labels);
  out << "digraph entente {\n"
      << "  graph [rankdir=" << options.direction
      << ", bgcolor=\"white\", fontname=\"Helvetica\", fontsize=14, nodesep=0.3, ranksep=0.7, "
      << "pad=0.2";
  if (!options.title.empty())
    out << ", labelloc=t, label=\"" << beginning(visible(options.title), kTitleColumns, kTextBytes) << "\"";
  out << "];\n"
      << "  node [fontname=\"Helvetica\", fontsize=11, penwidth=1.2, margin=\"0.12,0.07\"];\n"
      << "  edge [fontname=\"Helvetica\", fontsize=8, color=\"#8a949e\", fontcolor=\"#4d5761\", arrowsize=0.7];\n";
  std::vector<std::string> used;
  graph.each_node([&](const NodeData& node) {
    write_node(out, node, options, looks);
    if (!node.labels.empty() && std::find(used.begin(), used.end(), node.labels.front()) == used.end()) {
      used.push_back(node.labels.front());
    }
  });
  graph.each_relationship([&](const RelationshipData& rel) {
    out << "  n" << rel.start.value << " -> n" << rel.end.value << " [label=\"" << name_line(rel.type) << "\"];\n";
  });
  if (options.legend && !used.empty()) write_legend(out, used, options, looks);
  out << "}\n";
}

void render_dot(const std::string& dot, const std::string& program, const std::string& format,
                const std::string& file) {
  Pipe input;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.ends[0], STDIN_FILENO);
  std::string type = "-T" + format;
  std::string output = "-o" + file;
  std::string name = program;
  char* argv[] = {name.data(), type.data(), file.empty() ? nullptr : output.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT) {
    throw Error("ToolError", "NotFound", Phase::Runtime,
                "The program '" + program + "' of GraphViz, which draws " + format +
                    ", is not installed. Install the package graphviz, or export with --format dot");
  }
  if (failed != 0) {
    throw Error("ToolError", "Failed", Phase::Runtime, "Cannot start '" + program + "': " + std::strerror(failed));
  }
  struct sigaction ignore = {};
  struct sigaction before = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
  input.close_end(0);
  write_all(input.ends[1], dot);
  input.close_end(1);
  sigaction(SIGPIPE, &before, nullptr);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error("ToolError", "Failed", Phase::Runtime,
                "GraphViz's '" + program + "' failed to draw " + (file.empty() ? "the picture" : "'" + file + "'"));
  }
}

}  // namespace entente
