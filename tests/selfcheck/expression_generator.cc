#include "expression_generator.h"

#include <algorithm>
#include <utility>

#include "graph_spec.h"

namespace entente::selfcheck {

namespace {

/// The key of random graphs whose values have this type.
const char* key_of(Type type, Random& random) {
  switch (type) {
    case Type::Integer:
      return random.chance(60) ? "i" : "id";
    case Type::Float:
      return "f";
    case Type::String:
      return "s";
    case Type::Boolean:
      return "b";
    case Type::Date:
      return "d";
    case Type::DateTime:
      return "t";
    case Type::Duration:
      return "u";
    case Type::Integers:
      return "l";
    default:
      return random.chance(70) ? "m" : "g";
  }
}

}  // namespace

std::string ExpressionGenerator::variable(Type type) {
  std::vector<const Variable*> fitting;
  for (const Variable& variable : scope_) {
    if (variable.type == type) fitting.push_back(&variable);
  }
  return fitting.empty() ? "" : random_.pick(fitting)->name;
}

std::string ExpressionGenerator::literal(Type type) {
  if (random_.chance(6)) return "null";
  switch (type) {
    case Type::Integer:
      return random_literal(random_, "i");
    case Type::Bag:
    case Type::Integers:
      return random_literal(random_, "l");
    case Type::Relationships:
      return "[]";
    case Type::Node:
    case Type::Relationship:
    case Type::Path:
      return "null";
    default:
      return random_literal(random_, key_of(type, random_));
  }
}

std::string ExpressionGenerator::property(Type type) {
  std::string entity = variable(random_.chance(75) ? Type::Node : Type::Relationship);
  if (entity.empty()) entity = variable(Type::Node);
  if (entity.empty()) return literal(type);
  const std::string key = key_of(type, random_);
  return random_.chance(95) ? entity + "." + key : entity + "['" + key + "']";
}

Type ExpressionGenerator::column_type() {
  constexpr Type kTypes[] = {Type::Integer, Type::Integer,  Type::String, Type::Boolean,  Type::Any,
                             Type::Float,   Type::Integers, Type::Date,   Type::DateTime, Type::Duration};
  return random_.pick(kTypes);
}

std::string ExpressionGenerator::expression(Type type, int depth) {
  if (type == Type::Boolean) return boolean(depth);
  if (random_.chance(25)) {
    const std::string name = variable(type);
    if (!name.empty()) return name;
  }
  if (depth <= 0) return random_.chance(70) ? property(type) : literal(type);
  if (random_.chance(5)) return case_of(type, depth - 1);
  if (random_.chance(5)) return "coalesce(" + expression(type, depth - 1) + ", " + literal(type) + ")";
  switch (type) {
    case Type::Integer:
      return integer(depth - 1);
    case Type::Float:
      return floating(depth - 1);
    case Type::String:
      return string(depth - 1);
    case Type::Integers:
      return integers(depth - 1);
    case Type::Any:
      return any(depth - 1);
    case Type::Date:
      return date(depth - 1);
    case Type::DateTime:
      return date_time(depth - 1);
    case Type::Duration:
      return duration(depth - 1);
    default: {
      const std::string name = variable(type);
      return name.empty() ? literal(type) : name;
    }
  }
}

std::string ExpressionGenerator::case_of(Type type, int depth) {
  if (random_.chance(40)) {
    return "CASE " + expression(Type::Integer, depth) + " WHEN " + literal(Type::Integer) + " THEN " +
           expression(type, depth) + " WHEN " + literal(Type::Integer) + " THEN " + literal(type) + " END";
  }
  if (random_.chance(20)) {
    return "CASE " + expression(Type::Integer, depth) + " WHEN " + random_.pick({"> 1", "< 0, 2", "IS NULL", "<> 3"}) +
           " THEN " + expression(type, depth) + " WHEN 1, IS NOT NULL THEN " + literal(type) + " ELSE " +
           literal(type) + " END";
  }
  return "CASE WHEN " + boolean(depth) + " THEN " + expression(type, depth) + " ELSE " + expression(type, depth) +
         " END";
}

/// An expression in which one more variable is in scope.
std::string ExpressionGenerator::with_local(Type type, const std::string& name, Type result, int depth) {
  scope_.push_back({name, type});
  std::string text = random_.chance(60) && result == Type::Boolean && type == Type::Integer
                         ? name + " " + random_.pick({"<", ">", "=", "<>"}) + " " + expression(Type::Integer, depth)
                         : expression(result, depth);
  scope_.pop_back();
  return text;
}

std::string ExpressionGenerator::integer(int depth) {
  const std::string entity = variable(Type::Node);
  const std::string path = variable(Type::Path);
  const std::string rels = variable(Type::Relationships);
  if (!path.empty() && random_.chance(30)) return "length(" + path + ")";
  if (!rels.empty() && random_.chance(30)) return "size(" + rels + ")";
  if (failures_ && random_.chance(25)) {
    return random_.chance(50) ? "(" + expression(Type::Integer, depth) + " / " + property(Type::Integer) + ")"
                              : "(" + expression(Type::Integer, depth) + " + 9223372036854775807)";
  }
  switch (random_.below(14)) {
    case 11:
      return "size(COLLECT { " + subquery(depth, true) + " })";
    case 12:
      return "duration.inDays(" + expression(Type::Date, depth) + ", " + expression(Type::Date, depth) + ").days";
    case 13:
      return "coalesce(" + random_.pick({"$i", "$missing", "$map.k"}) + ", " + literal(Type::Integer) + ")";
    case 0:
      return "(" + expression(Type::Integer, depth) + random_.pick({" + ", " - ", " * "}) + literal(Type::Integer) +
             ")";
    case 1:
      return "(" + expression(Type::Integer, depth) + random_.pick({" / ", " % "}) + random_.pick({"2", "-3"}) + ")";
    case 2:
      return "-(" + expression(Type::Integer, depth) + ")";
    case 3:
      return "size(" + expression(random_.chance(50) ? Type::Integers : Type::String, depth) + ")";
    case 4:
      return "COUNT { " + subquery(depth) + " }";
    case 5:
      if (!entity.empty()) return "size([" + path_text_for_comprehension(entity, depth) + "])";
      return literal(Type::Integer);
    case 6: {
      const std::string name = fresh_name("e");
      return "reduce(acc = 0, " + name + " IN " + expression(Type::Integers, depth) + " | acc + coalesce(" + name +
             ", 0))";
    }
    case 7:
      return "abs(" + expression(Type::Integer, depth) + ")";
    case 8:
      return expression(Type::Integers, depth) + "[" + random_.pick({"0", "1", "-1", "5"}) + "]";
    case 9:
      return expression(Type::Date, depth) + "." +
             random_.pick({"year", "month", "day", "quarter", "week", "weekDay", "ordinalDay"});
    default:
      return property(Type::Integer);
  }
}

std::string ExpressionGenerator::floating(int depth) {
  switch (random_.below(5)) {
    case 0:
      return "(" + expression(Type::Float, depth) + random_.pick({" + ", " - ", " * "}) + literal(Type::Integer) + ")";
    case 1:
      return "toFloat(" + expression(Type::Integer, depth) + ")";
    case 2:
      return "round(" + expression(Type::Float, depth) + ")";
    case 3:
      return "(" + expression(Type::Integer, depth) + " / 2.0)";
    default:
      return property(Type::Float);
  }
}

std::string ExpressionGenerator::string(int depth) {
  const std::string rel = variable(Type::Relationship);
  if (!rel.empty() && random_.chance(30)) return "type(" + rel + ")";
  switch (random_.below(9)) {
    case 7:
      return "toString(" +
             expression(random_.pick(std::vector<Type>{Type::Date, Type::DateTime, Type::Duration}), depth) + ")";
    case 8:
      return "replace(" + expression(Type::String, depth) + ", 'a', " + random_.pick({"'bb'", "$s", "''"}) + ")";
    case 0:
      return "(" + expression(Type::String, depth) + " + " + literal(Type::String) + ")";
    case 1:
      return random_.pick({"toUpper(", "toLower(", "reverse(", "trim("}) + expression(Type::String, depth) + ")";
    case 2:
      return "toString(" + expression(random_.chance(70) ? Type::Integer : Type::Boolean, depth) + ")";
    case 3:
      return "substring(" + expression(Type::String, depth) + ", " + random_.pick({"0", "1", "3"}) + ")";
    case 4:
      return "left(" + expression(Type::String, depth) + ", 1)";
    default:
      return property(Type::String);
  }
}

std::string ExpressionGenerator::integers(int depth) {
  const std::string path = variable(Type::Path);
  if (!path.empty() && random_.chance(30)) {
    const std::string name = fresh_name("e");
    return "[" + name + " IN " + random_.pick({"nodes(", "relationships("}) + path + ") | " + name + ".i]";
  }
  const std::string rels = variable(Type::Relationships);
  if (!rels.empty() && random_.chance(30)) {
    const std::string name = fresh_name("e");
    return "[" + name + " IN " + rels + " | " + name + ".i]";
  }
  switch (random_.below(7)) {
    case 0:
      return "[" + expression(Type::Integer, depth) + ", " + expression(Type::Integer, depth) + "]";
    case 1: {
      const std::string name = fresh_name("e");
      const std::string list = expression(Type::Integers, depth);
      std::string text = "[" + name + " IN " + list;
      if (random_.chance(60)) text += " WHERE " + with_local(Type::Integer, name, Type::Boolean, depth);
      if (random_.chance(60)) text += " | " + with_local(Type::Integer, name, Type::Integer, depth);
      return text + "]";
    }
    case 2:
      return "range(0, " + random_.pick({"0", "2", "-1", "3"}) + ")";
    case 3:
      return expression(Type::Integers, depth) + random_.pick({"[0..1]", "[1..]", "[..-1]"});
    case 4:
      return "(" + expression(Type::Integers, depth) + " + " + expression(Type::Integers, depth) + ")";
    case 5:
      return "tail(" + expression(Type::Integers, depth) + ")";
    default:
      return property(Type::Integers);
  }
}

std::string ExpressionGenerator::date(int depth) {
  switch (random_.below(5)) {
    case 0:
      return "(" + property(Type::Date) + random_.pick({" + ", " - "}) + expression(Type::Duration, depth) + ")";
    case 1:
      return "date.truncate(" + random_.pick({"'month'", "'week'", "'year'", "'quarter'"}) + ", " +
             expression(Type::Date, depth) + ")";
    case 2:
      return "date(toString(" + property(Type::Date) + "))";
    default:
      return property(Type::Date);
  }
}

std::string ExpressionGenerator::date_time(int depth) {
  switch (random_.below(4)) {
    case 0:
      return "(" + property(Type::DateTime) + random_.pick({" + ", " - "}) + expression(Type::Duration, depth) + ")";
    case 1:
      return "datetime.truncate(" + random_.pick({"'hour'", "'day'", "'month'"}) + ", " + property(Type::DateTime) +
             ")";
    default:
      return property(Type::DateTime);
  }
}

std::string ExpressionGenerator::duration(int depth) {
  switch (random_.below(6)) {
    case 0:
      return "(" + property(Type::Duration) + random_.pick({" + ", " - "}) + literal(Type::Duration) + ")";
    case 1:
      return "duration.between(" + expression(Type::Date, depth) + ", " + expression(Type::DateTime, depth) + ")";
    case 2:
      return "duration({days: coalesce(" + property(Type::Integer) + ", 0), hours: 1})";
    default:
      return property(Type::Duration);
  }
}

std::string ExpressionGenerator::map_projection(const std::string& entity, int depth) {
  std::string text = entity + " {" + random_.pick({".i", ".s, .i", ".*", ".none"});
  if (random_.chance(50)) text += ", k: " + expression(Type::Integer, depth);
  if (random_.chance(20)) text += ", " + entity;
  return text + "}";
}

std::string ExpressionGenerator::any(int depth) {
  const std::string entity = variable(random_.chance(80) ? Type::Node : Type::Relationship);
  if (!entity.empty() && random_.chance(15)) return map_projection(entity, depth);
  switch (random_.below(6)) {
    case 0:
      return "{k: " + expression(Type::Any, depth) + ", i: " + expression(Type::Integer, depth) + "}";
    case 1:
      return "[" + expression(Type::Any, depth) + ", " + literal(Type::Any) + "]";
    case 2:
      return expression(Type::Integer, depth);
    case 3:
      return expression(Type::String, depth);
    default:
      return property(Type::Any);
  }
}

// ---- booleans ----

std::string ExpressionGenerator::boolean(int depth, bool predicate) {
  if (depth <= 0) {
    return random_.chance(70) ? property(Type::Integer) + random_.pick({" > ", " = ", " <= "}) + literal(Type::Integer)
                              : (random_.chance(50) ? property(Type::Boolean) + " = true" : literal(Type::Boolean));
  }
  const int inner = depth - 1;
  const std::string node = variable(Type::Node);
  switch (random_.below(16)) {
    case 15:
      return "(" + property(random_.chance(60) ? Type::Any : Type::Integer) +
             random_.pick({" IS :: INTEGER", " IS NOT :: STRING", " IS :: DATE NOT NULL", " IS :: LIST<INTEGER>"}) +
             ")";
    case 0:
    case 1:
      return "(" + boolean(inner, predicate) + random_.pick({" AND ", " OR ", " XOR "}) + boolean(inner, predicate) +
             ")";
    case 2:
      return "NOT (" + boolean(inner, predicate) + ")";
    case 3:
      return "(" + property(random_.chance(50) ? Type::Any : Type::String) +
             random_.pick({" IS NULL", " IS NOT NULL"}) + ")";
    case 4:
      if (!node.empty())
        return "(" + node +
               random_.pick({":A", ":B", ":A|B", ":!A", ":A&!B", ":C", ":$('A')", ":$any(['B', $label])", " IS A"}) +
               ")";
      return literal(Type::Boolean);
    case 5: {
      const std::string other = variable(Type::Node);
      if (!node.empty()) return "(" + node + random_.pick({" = ", " <> "}) + other + ")";
      return literal(Type::Boolean);
    }
    case 6:
    case 7:
    case 8:
      return pattern_test(inner, predicate && random_.chance(60));
    case 9:
      return list_test(inner);
    case 10:
      return "(" + expression(Type::String, inner) +
             random_.pick({" STARTS WITH ", " ENDS WITH ", " CONTAINS ", " =~ "}) + random_.pick({"'a'", "'b'", "''"}) +
             ")";
    case 11: {
      const std::string name = variable(Type::Boolean);
      return name.empty() ? case_of(Type::Boolean, inner) : name;
    }
    default:
      return comparison(inner);
  }
}

std::string ExpressionGenerator::comparison(int depth) {
  constexpr Type kTypes[] = {Type::Integer, Type::Integer,  Type::Float, Type::String,
                             Type::Date,    Type::DateTime, Type::Any,   Type::Any};
  const Type type = random_.pick(kTypes);
  const std::string op = random_.pick({" = ", " <> ", " < ", " <= ", " > ", " >= ", " = "});
  if (type == Type::Integer && random_.chance(10)) {
    return "(" + literal(type) + " <= " + expression(type, depth) + " < " + expression(type, depth) + ")";
  }
  // Often what an index answers: a property against something.
  const std::string left = random_.chance(60) ? property(type) : expression(type, depth);
  return "(" + left + op + expression(type, depth) + ")";
}

std::string ExpressionGenerator::pattern_test(int depth, bool bare) {
  if (!bare) {
    switch (random_.below(3)) {
      case 0:
        return "EXISTS { " + subquery(depth) + " }";
      case 1:
        return "NOT EXISTS { " + subquery(depth) + " }";
      default:
        return "(COUNT { " + subquery(depth) + " } " + random_.pick({"= 0", "> 0", "= 1", "> 1", "< 2"}) + ")";
    }
  }
  const std::string node = variable(Type::Node);
  if (node.empty()) return literal(Type::Boolean);
  PathPiece piece = path(2, nullptr, true);
  if (piece.relationships.empty()) {
    piece.relationships.push_back(relationship(nullptr, true));
    piece.nodes.push_back(this->node(nullptr));
  }
  piece.nodes.front() = {node, "", "", ""};
  for (NodePiece& each : piece.nodes) each.where.clear();
  for (RelationshipPiece& each : piece.relationships) each.where.clear();
  return (random_.chance(50) ? "NOT " : "") + piece.text();
}

std::string ExpressionGenerator::list_test(int depth) {
  const std::string bag = variable(Type::Bag);
  if (!bag.empty() && random_.chance(50)) return "(" + expression(Type::Integer, depth) + " IN " + bag + ")";
  if (random_.chance(40)) {
    return "(" + expression(Type::Integer, depth) + " IN " + expression(Type::Integers, depth) + ")";
  }
  if (random_.chance(15)) {
    return "(" + expression(Type::Integer, depth) + " IN COLLECT { " + subquery(depth, true) + " })";
  }
  const std::string list = expression(Type::Integers, depth);
  const std::string name = fresh_name("e");
  return random_.pick({"all(", "any(", "none(", "single("}) + name + " IN " + list + " WHERE " +
         with_local(Type::Integer, name, Type::Boolean, depth) + ")";
}

// ---- patterns ----

std::string ExpressionGenerator::path_text_for_comprehension(const std::string& entity, int depth) {
  PathPiece piece = path(2, nullptr, true);
  if (piece.relationships.empty()) {
    piece.relationships.push_back(relationship(nullptr, false));
    piece.nodes.push_back(node(nullptr));
  }
  piece.nodes.front() = {entity, "", "", ""};
  const std::string end = fresh_name("q");
  piece.nodes.back() = {end, label(), "", ""};
  for (NodePiece& each : piece.nodes) each.where.clear();
  for (RelationshipPiece& each : piece.relationships) each.where.clear();
  std::string text = piece.text();
  scope_.push_back({end, Type::Node});
  if (random_.chance(50)) text += " WHERE " + predicate(depth);
  text += " | " + expression(Type::Integer, 0);
  scope_.pop_back();
  return text;
}

std::string ExpressionGenerator::subquery(int depth, bool value) {
  const Scope saved = scope_;
  std::string text;
  if (!value && random_.chance(25)) {
    text = path(2, nullptr, true).text();
  } else {
    if (random_.chance(10)) {
      const std::string name = fresh_name("u");
      text = "UNWIND " + expression(Type::Integers, depth - 1) + " AS " + name + " ";
      scope_.push_back({name, Type::Integer});
    }
    MatchPiece piece = match(false, 2, 2);
    if (random_.chance(50)) piece.where = predicate(depth);
    text += piece.text() + subquery_tail(saved, value);
  }
  scope_ = saved;
  return text;
}

/// What follows the first MATCH of a subquery. The scope, what is visible there, is not kept.
std::string ExpressionGenerator::subquery_tail(const Scope& outer, bool value) {
  std::string text;
  if (random_.chance(20)) {
    const std::string name = fresh_name("v");
    const bool counts = random_.chance(40);
    text += " WITH " + (counts ? "count(*)" : expression(Type::Integer, 0)) + " AS " + name;
    if (counts && random_.chance(40)) {
      const std::string key = fresh_name("v");
      text += ", " + expression(Type::Integer, 0) + " AS " + key;
    }
    scope_ = outer;  // what the subquery bound itself is gone
    scope_.push_back({name, Type::Integer});
    if (random_.chance(40)) text += " WHERE " + boolean(1);
    if (random_.chance(30)) {
      MatchPiece again = match(random_.chance(30), 1, 1);
      text += " " + again.text();
    }
  } else if (random_.chance(8)) {
    text += " OPTIONAL " + path(1, nullptr, false).text().insert(0, "MATCH ");
  }
  const std::string item = expression(Type::Integer, 0) + " AS r";
  if (value) {
    text += " RETURN " + std::string(random_.chance(15) ? "DISTINCT " : "") + item;
  } else if (random_.chance(15)) {
    text += " RETURN " + item + (random_.chance(30) ? " LIMIT " + random_.pick({"0", "1", "2"}) : "");
  } else if (random_.chance(10)) {
    text += " RETURN DISTINCT " + item;
  } else if (text.find("WITH") != std::string::npos) {
    text += " RETURN " + item;
  }
  if (text.find("RETURN") != std::string::npos && text.find("LIMIT") == std::string::npos && random_.chance(10)) {
    text += random_.pick({" UNION ", " UNION ALL "}) + "RETURN " + literal(Type::Integer) + " AS r";
  }
  return text;
}

std::string ExpressionGenerator::label() {
  if (!random_.chance(35)) return "";
  return random_.pick(
      {":A", ":B", ":A", ":B", ":A|B", ":!A", ":A:B", ":A&B", ":%", ":C", ":$('A')", ":$($label)", ":(A|C)&!B"});
}

/// A predicate on this element alone.
std::string ExpressionGenerator::inline_where(const std::string& name, Type type) {
  Scope only{{name, type}};
  std::swap(only, scope_);
  std::string text = boolean(1);
  std::swap(only, scope_);
  return text;
}

NodePiece ExpressionGenerator::node(Scope* fresh) {
  NodePiece piece;
  const std::string bound = variable(Type::Node);
  if (!bound.empty() && random_.chance(45)) {
    piece.name = bound;
    if (random_.chance(15)) piece.label = label();
    return piece;
  }
  piece.label = label();
  if (random_.chance(10)) piece.properties = "{i: " + literal(Type::Integer) + "}";
  if (random_.chance(3)) piece.properties = "{i: 1, s: 'a'}";
  if (fresh == nullptr || random_.chance(20)) return piece;
  piece.name = fresh_name("n");
  if (random_.chance(7)) piece.where = inline_where(piece.name, Type::Node);
  fresh->push_back({piece.name, Type::Node});
  return piece;
}

RelationshipPiece ExpressionGenerator::relationship(Scope* fresh, bool variable_length) {
  RelationshipPiece piece;
  piece.direction = random_.pick({">", ">", "<", "<", "-"})[0];
  if (random_.chance(60)) piece.type = random_.pick({":R", ":R", ":S", ":R|S", ":!R", ":T"});
  if (variable_length && random_.chance(15)) {
    piece.length = random_.pick({"*", "*0..", "*1..2", "*2", "*0..1", "*..2", "*0", "*2..3", "*0..2", "*3"});
    if (piece.type == ":!R") piece.type = ":R";
  }
  if (random_.chance(6)) piece.properties = "{i: " + literal(Type::Integer) + "}";
  const Type type = piece.length.empty() ? Type::Relationship : Type::Relationships;
  if (fresh == nullptr) return piece;
  const std::string bound = variable(type);
  if (!bound.empty() && random_.chance(8)) {
    const bool named =
        std::find(clause_relationships_.begin(), clause_relationships_.end(), bound) != clause_relationships_.end();
    if (!named) {
      clause_relationships_.push_back(bound);
      piece.name = bound;
      return piece;
    }
  }
  if (random_.chance(60)) return piece;
  piece.name = fresh_name("r");
  if (piece.length.empty() && random_.chance(10)) piece.where = inline_where(piece.name, type);
  fresh->push_back({piece.name, type});
  return piece;
}

/// Sometimes closes the path: a triangle, a cycle of four, or there and back.
void ExpressionGenerator::shape(PathPiece& path, Scope* fresh) {
  if (path.relationships.size() < 2 || !random_.chance(20)) return;
  if (path.nodes.front().name.empty()) {
    if (fresh == nullptr) return;
    path.nodes.front().name = fresh_name("n");
    fresh->push_back({path.nodes.front().name, Type::Node});
  }
  if (fresh != nullptr && path.nodes.back().name != path.nodes.front().name) {
    std::erase_if(*fresh, [&](const Variable& variable) { return variable.name == path.nodes.back().name; });
  }
  path.nodes.back() = {path.nodes.front().name, "", "", ""};
}

PathPiece ExpressionGenerator::path(int max_hops, Scope* fresh, bool variable_length) {
  PathPiece piece;
  const size_t hops = random_.chance(10) ? 0 : 1 + random_.below(static_cast<size_t>(max_hops));
  piece.nodes.push_back(node(fresh));
  for (size_t i = 0; i < hops; ++i) {
    piece.relationships.push_back(relationship(fresh, variable_length));
    if (!piece.relationships.back().length.empty()) variable_length = false;  // one a path: rows multiply
    piece.nodes.push_back(node(fresh));
  }
  shape(piece, fresh);
  return piece;
}

MatchPiece ExpressionGenerator::match(bool optional, int max_paths, int max_hops) {
  MatchPiece piece;
  piece.optional = optional;
  std::vector<std::string> outer = std::exchange(clause_relationships_, {});
  Scope later;  // relationships and paths, which other paths of the clause may not name
  const size_t count = random_.chance(65) ? 1 : 1 + random_.below(static_cast<size_t>(max_paths));
  for (size_t i = 0; i < count; ++i) {
    Scope fresh;
    piece.paths.push_back(path(max_hops, &fresh, i == 0));
    if (random_.chance(10)) {
      piece.paths.back().name = fresh_name("p");
      later.push_back({piece.paths.back().name, Type::Path});
    }
    for (const Variable& variable : fresh) (variable.type == Type::Node ? scope_ : later).push_back(variable);
  }
  scope_.insert(scope_.end(), later.begin(), later.end());
  clause_relationships_ = std::move(outer);
  return piece;
}

}  // namespace entente::selfcheck
