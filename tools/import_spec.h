// What `--nodes` and `--relationships` say, and what the header of a CSV file says of its columns.
//
// The parsers throw Error ImportError.InvalidSpecification, which quotes the text and says what would be right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

enum class CellType : uint8_t {
  Inferred,
  String,
  Integer,
  Float,
  Boolean,
  Date,
  LocalTime,
  Time,
  LocalDateTime,
  DateTime,
  Duration,
};

struct PropertyType {
  CellType base = CellType::Inferred;
  bool array = false;
  friend bool operator==(const PropertyType&, const PropertyType&) = default;
};

enum class ColumnRole : uint8_t { Property, Id, Labels, StartId, EndId, Type, Ignore };

/// A cell of a header: "name", "name:int", "born:date", "tags:string[]", ":ID", "key:ID(Person)", ":LABEL",
/// ":START_ID(Person)",
/// ":END_ID(Person)", ":TYPE", ":IGNORE".
struct ColumnSpec {
  std::string name;  // may be empty
  ColumnRole role = ColumnRole::Property;
  std::string id_space;
  PropertyType type;
};
/// Blanks around a cell are no part of it, unless it was quoted.
ColumnSpec parse_column(std::string_view text, bool quoted = false);

/// "Post:Message(id)=posts.csv": labels, the column that is the key, the file. "Post=posts.csv" and "posts.csv" leave
/// the rest to a header in the style of neo4j-admin.
struct NodeSpec {
  std::string text;
  std::vector<std::string> labels;
  std::string key;  // empty: the header's :ID
  std::string file;
};
NodeSpec parse_node_spec(std::string_view text);

/// A name that may hold {columns}: "{relation}", "HAS_{kind}".
struct NameTemplate {
  struct Part {
    std::string text;
    bool column = false;
  };
  std::vector<Part> parts;
  bool constant() const;
};
NameTemplate parse_name_template(std::string_view text);

struct EndSpec {
  std::string label;
  std::string column;
};

/// "KNOWS(Person.src -> Person.dst)=knows.csv", "{relation}(Actor.src -> Actor.dst)=events.csv"; "KNOWS=knows.csv" and
/// "knows.csv" with a header in the style of neo4j-admin.
struct RelationshipSpec {
  std::string text;
  NameTemplate type;  // no parts: the header's :TYPE
  std::optional<EndSpec> source;
  std::optional<EndSpec> target;
  std::string file;
};
RelationshipSpec parse_relationship_spec(std::string_view text);

/// "Make a visit" becomes "MAKE_A_VISIT": letters and digits in upper case, a "_" for what stands between them.
std::string upper_snake(std::string_view text);

}  // namespace entente
