// The pictures: whatever names and values a graph has, GraphViz's own parser accepts what is written, and finds the
// nodes and edges of the graph, only the attributes that are ours, and the texts that they should have.
#include <map>
#include <set>
#include <sstream>

#include <graphviz/cgraph.h>

#include <entente/tools/dot.h>
#include <entente/tools/text.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

PartSource graph_from(Input& input) {
  PartSource graph;
  const size_t nodes = 1 + input.below(4);
  for (size_t i = 0; i < nodes; ++i) {
    NodeData node{NodeId(static_cast<uint32_t>(i)), {}, {}};
    const uint8_t shape = input.byte();
    for (int l = 0; l < (shape & 3); ++l) node.labels.push_back(input.text());
    const char* key = (shape & 4) != 0 ? "name" : "title";
    if ((shape & 8) != 0) node.properties.emplace_back(key, Value(input.text()));
    graph.add(std::move(node));
  }
  const size_t relationships = input.below(4);
  for (size_t i = 0; i < relationships; ++i) {
    const NodeId from(static_cast<uint32_t>(input.below(nodes)));
    const NodeId to(static_cast<uint32_t>(input.below(nodes)));
    graph.add(RelationshipData{RelId(static_cast<uint32_t>(i)), from, to, input.text(), {}});
  }
  return graph;
}

/// Reads GraphViz's escapes, as a renderer does.
std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    check(i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == 'n'), "an escape is none of ours: " + text);
    out += text[++i] == 'n' ? '\n' : '\\';
  }
  for (size_t at = 0; (at = out.find("&amp;", at)) != std::string::npos; ++at) out.replace(at, 5, "&");
  return out;
}

std::string attribute(void* element, const char* name) {
  char* value = agget(element, const_cast<char*>(name));
  check(value != nullptr, std::string("an attribute is missing: ") + name);
  check(aghtmlstr(value) == 0, "a text is read as HTML");
  return value;
}

void check_attributes(Agraph_t* graph, int kind, const std::set<std::string>& ours) {
  for (Agsym_t* symbol = agnxtattr(graph, kind, nullptr); symbol != nullptr; symbol = agnxtattr(graph, kind, symbol)) {
    check(ours.count(symbol->name) == 1, std::string("an attribute is not ours: ") + symbol->name);
  }
}

void check_graph(Agraph_t* graph, const PartSource& source, const DotOptions& options) {
  check_attributes(graph, AGRAPH,
                   {"rankdir", "bgcolor", "fontname", "fontsize", "nodesep", "ranksep", "pad", "labelloc", "label",
                    "color", "style"});
  check_attributes(
      graph, AGNODE,
      {"fontname", "fontsize", "penwidth", "margin", "label", "shape", "style", "fillcolor", "color", "tooltip"});
  check_attributes(graph, AGEDGE, {"fontname", "fontsize", "color", "fontcolor", "arrowsize", "label"});
  if (!options.title.empty()) {
    check(unescaped(attribute(graph, "label")) == fit_width(visible(options.title), 200), "the title is another");
  }
  std::set<std::string> first_labels;
  size_t nodes = 0;
  source.each_node([&](const NodeData& node) {
    ++nodes;
    if (!node.labels.empty()) first_labels.insert(node.labels.front());
    Agnode_t* drawn = agnode(graph, ("n" + std::to_string(node.id.value)).data(), 0);
    check(drawn != nullptr, "a node is missing");
    unescaped(attribute(drawn, "label"));
    std::string tooltip;
    for (const std::string& label : node.labels) tooltip += ":" + label;
    check(unescaped(attribute(drawn, "tooltip")).starts_with(visible(tooltip).substr(0, 100)),
          "a tooltip does not tell the labels");
  });
  check(static_cast<size_t>(agnnodes(graph)) == nodes + (options.legend ? first_labels.size() : 0),
        "there are other nodes");
  check(static_cast<uint64_t>(agnedges(graph)) == source.relationship_count(), "there are other edges");
  std::multiset<std::string> expected;
  source.each_relationship([&](const RelationshipData& rel) {
    expected.insert("n" + std::to_string(rel.start.value) + ">n" + std::to_string(rel.end.value) + ":" +
                    fit_width(visible(rel.type), 44));
  });
  std::multiset<std::string> found;
  for (Agnode_t* node = agfstnode(graph); node != nullptr; node = agnxtnode(graph, node)) {
    for (Agedge_t* edge = agfstout(graph, node); edge != nullptr; edge = agnxtout(graph, edge)) {
      found.insert(std::string(agnameof(agtail(edge))) + ">" + agnameof(aghead(edge)) + ":" +
                   unescaped(attribute(edge, "label")));
    }
  }
  check(found == expected, "there are other edges or types");
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  Input input(data, size);
  DotOptions options;
  const uint8_t flags = input.byte();
  options.legend = (flags & 1) != 0;
  if ((flags & 2) != 0) options.title = input.text();
  if ((flags & 4) != 0) options.colours["A"] = input.text();
  const PartSource source = graph_from(input);
  std::ostringstream out;
  write_dot(out, source, options);
  agseterr(AGMAX);
  Agraph_t* graph = agmemread(out.str().c_str());
  check(graph != nullptr, "GraphViz does not accept " + out.str());
  check_graph(graph, source, options);
  agclose(graph);
  return 0;
}
