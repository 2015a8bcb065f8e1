// A graph as a picture: GraphViz's DOT language, and SVG or PNG by way of GraphViz's own programs.
//
// Each label has a colour and a shape from a fixed palette, taken in the order in which labels came into use, so that a
// label looks the same in every picture of a database. A node shows its caption: its name, else title, else id, else
// its first label. All text is escaped; characters that could disturb the file or the reading of it are shown as what
// they are.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "entente/tools/graph_source.h"

namespace entente {

struct DotOptions {
  std::map<std::string, std::string> captions;  // label -> property that its nodes show
  std::map<std::string, std::string> colours;   // label -> "#rrggbb" or a colour name of GraphViz
  std::string direction = "LR";                 // LR, RL, TB or BT
  bool legend = false;
  std::string title;
  /// The order by which labels take colours; labels that are not in it follow as they come.
  std::vector<std::string> labels;
};

/// Text for a quoted string of DOT, without the quotes. `label`: where GraphViz would read entities such as "&amp;".
std::string dot_escape(std::string_view text, bool label = true);

void write_dot(std::ostream& out, const GraphSource& graph, const DotOptions& options);

/// Runs a GraphViz program (`dot`, `sfdp`, …) that turns DOT into `format` ("svg", "png") in a file; on standard output
/// if `file` is empty. Throws Error ToolError.NotFound where GraphViz is not installed, ToolError.Failed where it
/// fails.
void render_dot(const std::string& dot, const std::string& program, const std::string& format, const std::string& file);

}  // namespace entente
