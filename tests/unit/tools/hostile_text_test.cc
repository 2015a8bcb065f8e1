// Texts that could disturb what they stand in, as labels, types, keys and values, in every way that a graph leaves and
// enters: on disk, as Cypher, CSV and JSON, and as a picture.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <rapidjson/document.h>
#include <unistd.h>

#include "entente/query/csv.h"
#include "entente/tools/dot.h"
#include "entente/tools/export_graph.h"
#include "entente/tools/format.h"
#include "entente/tools/graph_source.h"
#include "entente/tools/import.h"
#include "entente/tools/shell.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

std::string repeated(std::string_view piece, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts = {
      "'single' \"double\" `back` ``two``",
      "back\\slash \\n \\u0041 \\' \\",
      "line\nline\r\nline\rtab\tend\n",
      "; DROP INDEX x;\n:quit\n// comment\n/* open",
      std::string("nul\0in\0the middle\0", 18),
      std::string("\0", 1),
      "\x01\x08\x0C\x1B[31m\x7F\xC2\x85",
      "\u202Eright to left\u202C \u2066isolate\u2069 \u200F \u061C",
      "\u2028 line separator \u2029 paragraph \uFEFF",
      "\uFEFFbyte-order mark",
      "\uFFFE\uFFFF\U0001FFFF noncharacters",
      "\xED\xA0\x80 lone surrogate \xED\xBF\xBF",
      "\xFF\xFE ill-formed \xC0\xAF \xF8\x88\x80\x80\x80 cut \xE2\x82",
      "e\u0301 decomposed, \u00E9 composed, \U0001F600, \U0001F468\u200D\U0001F469",
      "\"]; evil -> node [label=\"x\"]; a [\"",
      "<script>alert(1)</script> &lt; &amp; &#60; &; & ]]>",
      "\\N \\G \\E \\L \\l \\r \\T",
      ",a;b|c\td,",
      "a;b:c(d){e}->f=g",
      " blanks at the ends ",
      "=1+1",
      "null",
      "NaN",
      "2023-05-19",
      "007",
      "$param ${x} %s %n {0}",
      "../../etc/passwd",
      repeated("1 MB ", 1 << 20),
      repeated("\"\n\\`'\xFF;", 1 << 20),
      repeated("\u202E\u5B57", 1 << 20),
      repeated("\u0301", 1 << 20),  // no columns
  };
  return texts;
}

class HostileText : public testing::TestWithParam<size_t> {
 protected:
  HostileText() : folder_(fs::temp_directory_path() / ("entente_hostile_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~HostileText() override { fs::remove_all(folder_); }

  const std::string& text() const { return hostile_texts()[GetParam()]; }

  /// Two nodes and a relationship in which the text is everything that it can be.
  void fill(Database& database) const {
    database.bulk_load([&](Transaction& tx) {
      const LabelId labels[] = {tx.label(text()), tx.label("Plain")};
      const NodeId a = tx.create_node(labels);
      const NodeId b = tx.create_node({});
      const RelId r = tx.create_relationship(tx.type(text()), a, b);
      tx.set_property(a, tx.key(text()), Value(text()));
      tx.set_property(a, tx.key("name"), Value(text()));
      tx.set_property(b, tx.key("list"), Value(List{Value(text()), Value(""), Value(text())}));
      tx.set_property(r, tx.key(text()), Value(text()));
    });
  }

  static std::string described(const SnapshotPtr& graph) {
    std::string out;
    const auto map = [](Map properties) { return Value::map(std::move(properties)).to_literal(); };
    SnapshotSource source(graph);
    source.each_node([&](const NodeData& node) {
      std::vector<std::string> labels = node.labels;
      std::sort(labels.begin(), labels.end());
      for (const std::string& label : labels) out += ":" + Value(label).to_literal();
      out += map(node.properties) + "\n";
    });
    source.each_relationship([&](const RelationshipData& rel) {
      out += std::to_string(rel.start.value) + ">" + std::to_string(rel.end.value) + Value(rel.type).to_literal() +
             map(rel.properties) + "\n";
    });
    return out;
  }

  /// The texts may be long: they are not printed.
  static void expect_same(const std::string& found, const std::string& expected) {
    EXPECT_TRUE(found == expected) << found.substr(0, 400) << "\n  instead of\n" << expected.substr(0, 400);
  }

  fs::path folder_;
};

TEST_P(HostileText, SurvivesStorage) {
  std::string before;
  {
    Database database = Database::open(folder_ / "db");
    fill(database);
    // And by way of the log.
    Session session = database.session();
    session.run("CREATE (:Logged {v: $v, l: [$v, '']})", {{"v", Value(text())}});
    session.run("MATCH (n:Logged) SET n += $m", {{"m", Value::map({{text(), Value(text())}})}});
    before = described(database.snapshot());
  }
  const Database again = Database::open(folder_ / "db");
  expect_same(described(again.snapshot()), before);
  Session session = const_cast<Database&>(again).session();
  EXPECT_EQ(
      session.run("MATCH (n:Logged {v: $v}) RETURN n.l[0] = $v, size(keys(n))", {{"v", Value(text())}}).rows().size(),
      1u);
}

TEST_P(HostileText, SurvivesTheLog) {
  std::string before;
  {
    DatabaseOptions options;
    options.durability = Durability::Buffered;
    Database database = Database::open(folder_ / "db", options);
    Session session = database.session();
    session.run("CREATE (:Logged {v: $v, l: [$v, '']})", {{"v", Value(text())}});
    before = described(database.snapshot());
    fs::copy(folder_ / "db", folder_ / "copy", fs::copy_options::recursive);  // as it is before the last checkpoint
  }
  expect_same(described(Database::open(folder_ / "copy").snapshot()), before);
}

TEST_P(HostileText, SurvivesADumpInCypher) {
  Database database = Database::in_memory();
  fill(database);
  std::ostringstream dump;
  write_cypher(dump, SnapshotSource(database.snapshot()), database.snapshot().get());
  Database copy = Database::in_memory();
  Session session = copy.session();
  std::ostringstream out;
  std::ostringstream err;
  Shell shell(copy, session, {}, {}, out, err);
  std::istringstream in(dump.str());
  shell.read(in);
  EXPECT_EQ(err.str().substr(0, 400), "");
  expect_same(described(copy.snapshot()), described(database.snapshot()));
}

TEST_P(HostileText, SurvivesCsvFiles) {
  Database database = Database::in_memory();
  fill(database);
  write_csv_files(folder_ / "csv", SnapshotSource(database.snapshot()), [](const std::string&) {});
  Database copy = Database::in_memory();
  ImportOptions options;
  options.nodes.push_back(parse_node_spec((folder_ / "csv" / "nodes.csv").string()));
  options.relationships.push_back(parse_relationship_spec((folder_ / "csv" / "relationships.csv").string()));
  ASSERT_NO_THROW(import_csv(copy, options));
  expect_same(described(copy.snapshot()), described(database.snapshot()));
}

TEST_P(HostileText, IsOneCellOfAResult) {
  std::ostringstream out;
  const auto writer = make_writer(Format::Csv, out, {});
  const auto columns = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{text(), "other"});
  writer->begin(*columns);
  writer->row(Row(columns, {Value(text()), Value(1)}));
  writer->end({});
  const std::string csv = out.str();
  CsvReader reader(csv, ',');
  std::string scratch;
  for (const char* other : {"other", "1"}) {
    ASSERT_EQ(reader.next(), CsvReader::Status::Record);
    ASSERT_EQ(reader.cells().size(), 2u);
    expect_same(std::string(reader.text(reader.cells()[0], scratch)), text());
    EXPECT_EQ(reader.text(reader.cells()[1], scratch), other);
  }
  EXPECT_EQ(reader.next(), CsvReader::Status::End);
}

TEST_P(HostileText, IsOneLineOfTsv) {
  std::ostringstream out;
  const auto writer = make_writer(Format::Tsv, out, {});
  const auto columns = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{text(), "other"});
  writer->begin(*columns);
  writer->row(Row(columns, {Value(text()), Value(1)}));
  writer->end({});
  const std::string tsv = out.str();
  EXPECT_EQ(std::count(tsv.begin(), tsv.end(), '\n'), 2);
  EXPECT_EQ(std::count(tsv.begin(), tsv.end(), '\t'), 2);
}

std::string text_of(const rapidjson::Value& json) { return {json.GetString(), json.GetStringLength()}; }

TEST_P(HostileText, SurvivesJsonLines) {
  Database database = Database::in_memory();
  fill(database);
  std::ostringstream out;
  write_json_lines(out, SnapshotSource(database.snapshot()));
  const std::string valid = valid_utf8(text());
  std::istringstream lines(out.str());
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    rapidjson::Document json;
    json.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
    ASSERT_FALSE(json.HasParseError());
    const rapidjson::Value& properties = json["properties"];
    if (count == 0) {
      expect_same(text_of(json["labels"][0]), valid);
      ASSERT_EQ(properties.MemberCount(), 2u);
      for (const auto& member : properties.GetObject()) expect_same(text_of(member.value), valid);
    } else if (count == 2) {
      expect_same(text_of(json["type"]), valid);
      ASSERT_EQ(properties.MemberCount(), 1u);
      expect_same(text_of(properties.MemberBegin()->name), valid);
      expect_same(text_of(properties.MemberBegin()->value), valid);
    }
  }
  EXPECT_EQ(count, 3u);
}

TEST_P(HostileText, SurvivesResultsInJson) {
  Database database = Database::in_memory();
  fill(database);
  for (const Format format : {Format::Json, Format::Jsonl, Format::TypedJson}) {
    std::ostringstream out;
    const auto writer = make_writer(format, out, {});
    const auto columns = std::make_shared<const std::vector<std::string>>(1, text());
    writer->begin(*columns);
    writer->row(Row(columns, {Value(text())}));
    writer->end({});
    rapidjson::Document json;
    const std::string line = out.str();
    json.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
    ASSERT_FALSE(json.HasParseError());
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    const rapidjson::Value& name = format == Format::Json    ? json["columns"][0]
                                   : format == Format::Jsonl ? json.MemberBegin()->name
                                                             : json["data"]["fields"][0];
    const rapidjson::Value& value = format == Format::Json    ? json["rows"][0][0]
                                    : format == Format::Jsonl ? json.MemberBegin()->value
                                                              : json["data"]["values"][0][0]["_value"];
    expect_same(text_of(name), valid_utf8(text()));
    expect_same(text_of(value), valid_utf8(text()));
  }
}

TEST_P(HostileText, IsTextInAPicture) {
  Database database = Database::in_memory();
  fill(database);
  DotOptions options;
  options.legend = true;
  options.title = text();
  std::ostringstream dot;
  write_dot(dot, SnapshotSource(database.snapshot()), options);
  const fs::path file = folder_ / "picture.svg";
  render_dot(dot.str(), "dot", "svg", file.string());
  // It is well-formed XML of two nodes, one edge and one entry of the legend, and nothing in it is run.
  const std::string read =
      "import sys, xml.etree.ElementTree as tree\n"
      "root = tree.parse(sys.argv[1]).getroot()\n"
      "kinds = [g.get('class') for g in root.iter('{http://www.w3.org/2000/svg}g')]\n"
      "tags = {e.tag.split('}')[1] for e in root.iter()}\n"
      "assert kinds.count('node') == 3 and kinds.count('edge') == 1, kinds\n"
      "assert tags <= {'svg', 'g', 'title', 'polygon', 'polyline', 'path', 'ellipse', 'text', 'a'}, tags\n";
  std::ofstream(folder_ / "read.py") << read;
  const std::string command = "python3 " + (folder_ / "read.py").string() + " " + file.string();
  EXPECT_EQ(std::system(command.c_str()), 0) << dot.str().substr(0, 2000);
}

INSTANTIATE_TEST_SUITE_P(Texts, HostileText, testing::Range(size_t{0}, hostile_texts().size()));

}  // namespace
}  // namespace entente
