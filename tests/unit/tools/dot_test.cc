#include "entente/tools/dot.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "entente/core/error.h"

namespace entente {
namespace {

std::string draw(const PartSource& part, const DotOptions& options = {}) {
  std::ostringstream out;
  write_dot(out, part, options);
  return out.str();
}

NodeData country(uint32_t id, const char* name) { return {NodeId(id), {"Country"}, {{"name", Value(name)}}}; }

TEST(DotEscape, KeepsTextInItsQuotes) {
  EXPECT_EQ(dot_escape("say \"hi\" \\ there"), "say \\\"hi\\\" \\\\ there");
  EXPECT_EQ(dot_escape("a\nb"), "a\\nb");
  EXPECT_EQ(dot_escape(std::string_view("a\0b", 3)), "a<U+0000>b");
  EXPECT_EQ(dot_escape("a\u202Eb"), "a<U+202E>b");
  EXPECT_EQ(dot_escape("a\xFF"), "a\uFFFD");
}

TEST(DotEscape, KeepsEntitiesFromBeingRead) {
  EXPECT_EQ(dot_escape("R&D"), "R&D");
  EXPECT_EQ(dot_escape("&lt;"), "&amp;lt;");
  EXPECT_EQ(dot_escape("&lt;", false), "&lt;");
}

TEST(Dot, GivesEachLabelItsLook) {
  PartSource part;
  part.add(country(0, "Japan"));
  part.add(country(1, "Italy"));
  part.add(NodeData{NodeId(2), {"Forum"}, {{"name", Value("G7")}}});
  part.add(RelationshipData{RelId(0), NodeId(0), NodeId(2), "MEMBER_OF", {}});
  const std::string text = draw(part);
  const auto look = [&](const std::string& node) {
    const size_t begin = text.find("shape=", text.find("  " + node + " ["));
    return text.substr(begin, text.find(", tooltip", begin) - begin);
  };
  EXPECT_EQ(look("n0"), look("n1"));
  EXPECT_NE(look("n0"), look("n2"));
  EXPECT_NE(text.find("n0 -> n2 [label=\"MEMBER_OF\"];"), std::string::npos);
  EXPECT_EQ(text.find("legend"), std::string::npos);
}

TEST(Dot, ChoosesCaptions) {
  PartSource part;
  part.add(NodeData{NodeId(0), {"A"}, {{"id", Value(7)}, {"title", Value("T")}}});
  part.add(NodeData{NodeId(1), {"B"}, {{"id", Value(7)}}});
  part.add(NodeData{NodeId(2), {"C"}, {}});
  part.add(NodeData{NodeId(3), {}, {}});
  part.add(NodeData{NodeId(4), {"D"}, {{"name", Value("N")}, {"code", Value("JP")}}});
  DotOptions options;
  options.captions["D"] = "code";
  options.colours["D"] = "#ff0000";
  const std::string text = draw(part, options);
  for (const char* expected : {"n0 [label=\"T\"", "n1 [label=\"7\"", "n2 [label=\"C\"", "n3 [label=\"#3\"",
                               "n4 [label=\"JP\"", "fillcolor=\"#ff0000\""}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected;
  }
}

TEST(Dot, GraphVizAcceptsHostileNames) {
  PartSource part;
  part.add(country(0, "\"]; evil -> node [\\"));
  part.add(NodeData{NodeId(1), {"La\"bel"}, {{"name", Value(std::string("nul\0\x01 &amp; \xFF", 13))}}});
  part.add(RelationshipData{RelId(0), NodeId(0), NodeId(1), "TY\"PE\\", {}});
  DotOptions options;
  options.legend = true;
  options.title = "a \"title\"";
  const auto file =
      std::filesystem::temp_directory_path() / ("entente_dot_test_" + std::to_string(::getpid()) + ".svg");
  render_dot(draw(part, options), "dot", "svg", file.string());
  std::ifstream in(file);
  const std::string svg{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(file);
  EXPECT_NE(svg.find("evil &#45;&gt; node"), std::string::npos);
  EXPECT_NE(svg.find("TY&quot;PE\\"), std::string::npos);
  EXPECT_NE(svg.find("&amp;amp;"), std::string::npos);
}

TEST(Dot, SaysThatGraphVizIsMissing) {
  try {
    render_dot("digraph {}", "no-such-layout-program", "svg", "/dev/null");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), "ToolError.NotFound");
    EXPECT_NE(std::string(e.what()).find("graphviz"), std::string::npos);
  }
}

}  // namespace
}  // namespace entente
