#include "entente/tools/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "entente/tools/export_graph.h"

namespace entente {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Import : public testing::Test {
 protected:
  Import() { std::filesystem::create_directories(folder_); }
  ~Import() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  void nodes(const std::string& head, const std::string& path) {
    options_.nodes.push_back(parse_node_spec(head + "=" + path));
  }
  void relationships(const std::string& head, const std::string& path) {
    options_.relationships.push_back(parse_relationship_spec(head + "=" + path));
  }
  ImportSummary import() {
    const ImportOptions options = std::exchange(options_, {});
    return import_csv(database_, options);
  }
  std::string failure() {
    try {
      import();
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }
  std::vector<std::string> ask(const std::string& statement) {
    std::vector<std::string> rows;
    for (const Row& row : database_.session().run(statement)) {
      std::string text;
      for (const Value& value : row.values()) text += (text.empty() ? "" : "|") + value.to_display();
      rows.push_back(text);
    }
    return rows;
  }
  std::string count() { return ask("MATCH (n) RETURN count(n)")[0]; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("entente_import_test_" + std::to_string(::getpid()));
  Database database_ = Database::in_memory();
  ImportOptions options_;
};

TEST_F(Import, LoadsNodesAndRelationshipsWithTheirTypes) {
  nodes("Person:Human(id)",
        file("p.csv", "id,name,born,height,alive\n7,\"Doe, Jane\",1970-01-02,1.7,true\n8,Bob,,2,false\n"));
  nodes("City(code)", file("c.csv", "code\nX1\nX2\n"));
  relationships("LIVES_IN(Person.who -> City.where)", file("l.csv", "who,where,since\n8,X1,2020\n7,X2,2019\n7,X1,\n"));
  const ImportSummary summary = import();
  EXPECT_EQ(summary.nodes, 4u);
  EXPECT_EQ(summary.relationships, 3u);
  EXPECT_THAT(ask("MATCH (p:Human:Person) RETURN p.id, p.name, p.born, p.height, p.alive ORDER BY p.id"),
              ElementsAre("7|Doe, Jane|1970-01-02|1.7|true", "8|Bob|null|2.0|false"));
  EXPECT_THAT(ask("MATCH (p)-[r:LIVES_IN]->(c) RETURN p.name, r.since, c.code ORDER BY p.name, c.code"),
              ElementsAre("Bob|2020|X1", "Doe, Jane|null|X1", "Doe, Jane|2019|X2"));
  EXPECT_THROW(ask("CREATE (:Person {id: 7})"), Error);  // the key is unique
}

TEST_F(Import, TakesTypesFromAColumn) {
  nodes("Actor(id)", file("n.csv", "id\n0\n1\n"));
  relationships("{relation}(Actor.src -> Actor.dst)",
                file("e.csv", "src,relation,dst,n\n0,Make a visit,1,10\n1,Host a visit,0,11\n1,Make a visit,0,12\n"));
  options_.upper_snake_types = true;
  EXPECT_EQ(import().types, 2u);
  EXPECT_THAT(ask("MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, r.n, r.relation ORDER BY r.n"),
              ElementsAre("0|MAKE_A_VISIT|1|10|null", "1|HOST_A_VISIT|0|11|null", "1|MAKE_A_VISIT|0|12|null"));
}

TEST_F(Import, KeepsPropertiesWithTheirRelationshipsHoweverTheyAreOrdered) {
  std::string people = "id\n";
  std::string knows = "a,b,tag\n";
  for (int i = 0; i < 100; ++i) people += std::to_string(i) + "\n";
  for (int i = 0; i < 3'000; ++i) {
    const int a = i * 37 % 100;
    const int b = i * 61 % 89;
    knows += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a * 1'000 + b) + "\n";
  }
  nodes("P(id)", file("p.csv", people));
  relationships("K(P.a -> P.b)", file("k.csv", knows));
  import();
  EXPECT_THAT(ask("MATCH (a)-[k:K]->(b) WHERE k.tag <> a.id * 1000 + b.id RETURN count(k)"), ElementsAre("0"));
  EXPECT_THAT(ask("MATCH ()-[k:K]->() RETURN count(k.tag)"), ElementsAre("3000"));
}

TEST_F(Import, UnderstandsHeadersOfNeo4jAdmin) {
  options_.nodes.push_back(parse_node_spec(
      file("n.csv", "key:ID(A),name,:LABEL,tags:string[],junk:IGNORE\r\n1,one,X;Y,a;b,z\r\n2,two,Y,,z\r\n")));
  options_.nodes.push_back(parse_node_spec("Other=" + file("o.csv", ":ID(B)\n1\n")));
  options_.relationships.push_back(
      parse_relationship_spec(file("r.csv", ":START_ID(A),w:int,:END_ID(B),:TYPE\n1,5,1,R\n2,,1,S\n")));
  import();
  EXPECT_THAT(
      ask("MATCH (n)-[r]->(o:Other) RETURN n.key, n.name, labels(n), n.tags, n.junk, type(r), r.w ORDER BY n.key"),
      ElementsAre("1|one|['X', 'Y']|['a', 'b']|null|R|5", "2|two|['Y']|null|null|S|null"));
}

TEST_F(Import, AddsToWhatIsThere) {
  nodes("Person(id)", file("p.csv", "id,name\n1,a\n2,b\n"));
  import();
  nodes("Person(id)", file("q.csv", "id,name\n3,c\n"));
  relationships("KNOWS(Person.x -> Person.y)", file("k.csv", "x,y\n1,3\n3,2\n"));
  import();
  EXPECT_THAT(ask("MATCH (a)-[:KNOWS]->(b) RETURN a.name, b.name ORDER BY a.id"), ElementsAre("a|c", "c|b"));
  nodes("Person(id)", file("r.csv", "id\n2\n"));
  EXPECT_THAT(failure(), HasSubstr("r.csv:2: the key '2' belongs to a node in the database already"));
  EXPECT_EQ(count(), "3");
}

TEST_F(Import, NamesBadRowsAndChangesNothing) {
  nodes("P(id)", file("p.csv", "id,n:int\n1,5\n2\n3,five\n1,6\n,7\n\"4\"x,8\n"));
  const std::string message = failure();
  EXPECT_THAT(message, HasSubstr("p.csv:3: 1 cell where the header has 2"));
  EXPECT_THAT(message, HasSubstr("p.csv:4: column 'n': 'five' is no int"));
  EXPECT_THAT(message, HasSubstr("p.csv:5: the key '1' is used in an earlier row already"));
  EXPECT_THAT(message, HasSubstr("p.csv:6: the key is empty"));
  EXPECT_THAT(message, HasSubstr("p.csv:7: text follows a closing quote"));
  EXPECT_EQ(count(), "0");
}

TEST_F(Import, NamesUnknownEnds) {
  nodes("P(id)", file("p.csv", "id\n1\n"));
  relationships("K(P.a -> P.b)", file("k.csv", "a,b\n1,1\n1,2\n,1\n"));
  const std::string message = failure();
  EXPECT_THAT(message, HasSubstr("k.csv:3: column 'b': there is no P with the key '2'"));
  EXPECT_THAT(message, HasSubstr("k.csv:4: column 'a': the key is empty"));
  EXPECT_EQ(count(), "0");
  relationships("K(Q.a -> P.b)", file("k.csv", "a,b\n1,1\n"));
  EXPECT_THAT(failure(), HasSubstr("keys of Q cannot be looked up"));
  nodes("P(key)", file("p.csv", "id\n1\n"));
  EXPECT_THAT(failure(), HasSubstr("has no column 'key'"));
}

/// All that can tell two graphs apart, by id, with what their indexes hold page by page.
std::string everything(const Snapshot& graph) {
  std::ostringstream out;
  for (uint32_t id = 0; id < graph.node_limit(); ++id) {
    out << Value::node(graph.node_data(NodeId(id))).to_literal();
    AdjacencyCursor cursor;
    for (uint32_t type = 0; type < graph.type_limit(); ++type) {
      for (const Direction direction : {Direction::Out, Direction::In}) {
        cursor.open(graph.adjacency(TypeId(type), direction), NodeId(id));
        for (AdjacencySegment list; cursor.next(list);) {
          out << (list.rels == nullptr ? '#' : ' ');
          for (uint32_t i = 0; i < list.size; ++i) out << list.neighbours[i] << ':' << list.rel(i) << ' ';
        }
        out << '|';
      }
    }
    out << '\n';
  }
  for (uint32_t id = 0; id < graph.relationship_limit(); ++id) {
    const RelationshipData data = graph.relationship_data(RelId(id));
    out << data.start.value << ' ' << data.end.value << Value::relationship(data).to_literal() << '\n';
  }
  for (const Index& index : graph.indexes()) {
    out << index.definition.name << index.entries << ' ' << index.distinct_values << '\n';
    index.leaves.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      out << number << ':';
      for (const auto& e : static_cast<const OrderedPage&>(handle->get()).entries)
        out << e.value.to_literal() << e.node;
    });
  }
  return out.str();
}

/// Files of several blocks each, in which cells have quotes, line ends and types that show late.
class LargeImport : public Import {
 protected:
  static constexpr int kPeople = 20'000;

  std::string run(unsigned threads) {
    database_ = Database::in_memory({.threads = threads});
    options_.threads = threads;
    nodes("Person(id)", people_);
    nodes("Place(code)", places_);
    relationships("KNOWS(Person.a -> Person.b)", knows_);
    relationships("{how}(Person.who -> Place.where)", visits_);
    return failure();
  }
  void write_files(bool bad) {
    std::string people = "id,name,late,since\n";
    for (int i = 0; i < kPeople; ++i) {
      people += std::to_string(i * 7919 % kPeople) + ",\"" + (i % 9 == 0 ? "two\nlines, \"\"quoted\"\" " : "name ") +
                std::to_string(i) + std::string(100, '.') + "\"," + (i + 5 < kPeople ? std::to_string(i) : "late") +
                ",2020-01-0" + std::to_string(i % 9 + 1) + "\n";
      if (bad && i % 3'000 == 2'000) people += "1,2\n";
      if (bad && i % 3'000 == 2'500) people += std::to_string(i * 7919 % kPeople) + ",a,twice,\n";
      if (bad && i == 15'000) people += "\"x\"y,,,\n,,,\n";
    }
    std::string places = "code,size\n";
    for (int i = 0; i < 1'000; ++i) places += "place " + std::to_string(i) + "," + std::to_string(i * 0.5) + "\n";
    std::string knows = "a,b,weight:float\n";
    for (int i = 0; i < 100'000; ++i) {
      knows += std::to_string(i * 31 % kPeople) + "," + std::to_string(i * 17 % 101) + "," +
               (bad && i % 30'000 == 29'000 ? "heavy" : std::to_string(i % 10)) + "\n";
      if (bad && i % 30'000 == 15'000) knows += std::to_string(kPeople + i) + ",1,\n";
    }
    std::string visits = "who,how,where,note\n";
    for (int i = 0; i < 60'000; ++i) {
      visits += std::to_string(i % kPeople) + (i / 1'000 % 2 == 0 ? ",SAW" : ",LEFT") + std::to_string(i % 3) +
                ",place " + std::to_string(i % 1'000) + "," + (i % 4 == 0 ? "" : "note " + std::to_string(i)) + "\n";
    }
    people_ = file("people.csv", people);
    places_ = file("places.csv", places);
    knows_ = file("knows.csv", knows);
    visits_ = file("visits.csv", visits);
  }

  std::string people_, places_, knows_, visits_;
};

TEST_F(LargeImport, GivesTheSameGraphOnAnyNumberOfThreads) {
  write_files(false);
  ASSERT_EQ(run(1), "");
  EXPECT_THAT(ask("MATCH (p:Person {id: 7919}) RETURN left(p.name, 7), p.late, p.since"),
              ElementsAre("name 1.|1|2020-01-02"));
  EXPECT_THAT(ask("MATCH (p:Person {id: 0})-[v:SAW0]->(c) RETURN left(p.name, 22), c.code, v.note"),
              ElementsAre("two\nlines, \"quoted\" 0.|place 0|null"));
  const std::string one = everything(*database_.snapshot());
  for (const unsigned threads : {2u, 5u}) {
    ASSERT_EQ(run(threads), "");
    ASSERT_TRUE(everything(*database_.snapshot()) == one) << threads << " threads";
  }
}

TEST_F(LargeImport, NamesTheSameBadRowsOnAnyNumberOfThreads) {
  write_files(true);
  const std::string one = run(1);
  EXPECT_THAT(one, HasSubstr("people.csv:2226: 2 cells where the header has 4"));
  EXPECT_THAT(one, HasSubstr("the key '17500' is used in an earlier row already"));
  for (const unsigned threads : {2u, 5u}) EXPECT_EQ(run(threads), one);
  const auto skip = [&](unsigned threads) {
    options_.skip_bad_rows = (folder_ / "bad.csv").string();
    EXPECT_EQ(run(threads), "");
    std::ifstream in(folder_ / "bad.csv");
    return std::string{std::istreambuf_iterator<char>(in), {}} + everything(*database_.snapshot());
  };
  const std::string skipped = skip(1);
  EXPECT_THAT(skipped, HasSubstr("text follows a closing quote"));
  EXPECT_THAT(skipped, HasSubstr("column 'weight': 'heavy' is no float"));
  EXPECT_THAT(skipped, HasSubstr("column 'a': there is no Person with the key '35000'"));
  for (const unsigned threads : {2u, 5u}) EXPECT_TRUE(skip(threads) == skipped) << threads << " threads";
}

TEST_F(Import, RowsThatAreLeftOutHaveNoPartInTheTypes) {
  nodes("P(id)", file("p.csv", "id,n\n1,5\n1,five\n2,6\n"));
  options_.skip_bad_rows = (folder_ / "bad.csv").string();
  EXPECT_EQ(import().bad_rows, 1u);
  EXPECT_THAT(ask("MATCH (p:P) RETURN p.id, p.n + 1 ORDER BY p.id"), ElementsAre("1|6", "2|7"));
}

TEST_F(Import, FindsTheHeaderBehindEmptyLines) {
  nodes("P(id)", file("p.csv", std::string(3 << 20, '\n') + "id,name\n1,a\n"));
  EXPECT_EQ(import().nodes, 1u);
  nodes("P(id)", file("e.csv", std::string(3 << 20, '\n')));
  EXPECT_THAT(failure(), HasSubstr("is empty: its first line is to name the columns"));
}

TEST_F(Import, SkipsBadRowsIfAsked) {
  nodes("P(id)", file("p.csv", "id,n:int\n1,5\n2,\"a\"\"b\"\n3,7\n"));
  const std::string skipped = (folder_ / "bad.csv").string();
  options_.skip_bad_rows = skipped;
  const ImportSummary summary = import();
  EXPECT_EQ(summary.bad_rows, 1u);
  EXPECT_THAT(ask("MATCH (p:P) RETURN p.id, p.n ORDER BY p.id"), ElementsAre("1|5", "3|7"));
  std::ifstream in(skipped);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, "file,line,reason,row\n" + (folder_ / "p.csv").string() +
                      ",3,\"column 'n': 'a\"\"b' is no int\",\"2,\"\"a\"\"\"\"b\"\"\"\n");
}

TEST_F(Import, FindsEndsAmongAllFilesOfALabel) {
  nodes("Post:Message(id)", file("p.csv", "id\n1\n2\n"));
  nodes("Comment:Message(id)", file("c.csv", "id\n3\n2\n"));
  relationships("REPLY_OF(Comment.c -> Message.m)", file("r.csv", "c,m\n3,1\n"));
  import();
  EXPECT_THAT(ask("MATCH (c:Comment)-[:REPLY_OF]->(p:Post) RETURN c.id, p.id"), ElementsAre("3|1"));
}

TEST_F(Import, ReadsBackWhatCsvExportWrites) {
  database_.session().run(
      "CREATE (a:A:B {s: 'x,\"y\"\n;', e: '', l: ['p;q', '', 'r\\\\'], none: [], one: [''], n: [1, 2], f: 1.5, d: "
      "date('2023-05-19'), "
      "z: datetime('2023-05-19T17:45+09:00[Asia/Tokyo]'), p: duration('P1D'), b: true, code: '007'})-[:R {w: 1}]->(:C "
      "{s: 'plain'}), (a)-[:R]->(), ()-[:S {w: 2}]->(a)");
  std::ostringstream before;
  write_json_lines(before, SnapshotSource(database_.snapshot()));
  std::vector<std::string> warnings;
  write_csv_files(folder_ / "out", SnapshotSource(database_.snapshot()),
                  [&](const std::string& w) { warnings.push_back(w); });
  EXPECT_TRUE(warnings.empty());
  const std::string shape =
      "MATCH (a)-[r]->(b) RETURN labels(a), properties(a), type(r), r.w, labels(b), properties(b) ORDER BY type(r), "
      "r.w";
  const std::vector<std::string> expected = ask(shape);
  ASSERT_EQ(expected.size(), 3u);
  database_ = Database::in_memory();
  options_.nodes.push_back(parse_node_spec((folder_ / "out" / "nodes.csv").string()));
  options_.relationships.push_back(parse_relationship_spec((folder_ / "out" / "relationships.csv").string()));
  import();
  EXPECT_EQ(ask(shape), expected);
}

}  // namespace
}  // namespace entente
