#include "query_generator.h"

#include "graph_spec.h"

namespace entente::selfcheck {

std::string QueryText::text() const {
  std::string text;
  for (const ClauseText& clause : clauses) text += (text.empty() ? "" : " ") + clause.text;
  return text;
}

namespace {

bool sortable(Type type) { return type != Type::Bag; }

bool is_entity(Type type) { return type == Type::Node || type == Type::Relationship; }

}  // namespace

ClauseText QueryGenerator::matching(bool optional) {
  MatchPiece piece = expressions_.match(optional, 2, 3);
  if (random_.chance(45)) piece.where = expressions_.predicate(2);
  // Often: what is not connected.
  if (optional && random_.chance(20)) piece.where.clear();
  return piece;
}

ClauseText QueryGenerator::unwind() {
  const std::string bag = expressions_.variable(Type::Bag);
  const std::string list = !bag.empty() && random_.chance(50) ? bag : expressions_.expression(Type::Integers, 2);
  const std::string name = expressions_.fresh_name("u");
  scope_.push_back({name, Type::Integer});
  return "UNWIND " + list + " AS " + name;
}

std::string QueryGenerator::aggregate(Type& type) {
  const std::string distinct = random_.chance(30) ? "DISTINCT " : "";
  const std::string node = expressions_.variable(Type::Node);
  type = Type::Integer;
  switch (random_.below(9)) {
    case 0:
    case 1:
      return "count(*)";
    case 2:
      if (!node.empty()) return "count(" + distinct + node + ")";
      return "count(*)";
    case 3:
      return "count(" + distinct + expressions_.expression(Type::Any, 1) + ")";
    case 4:
      return "sum(" + distinct + expressions_.expression(Type::Integer, 1) + ")";
    case 5:
      return random_.pick({"min(", "max("}) + expressions_.expression(Type::Integer, 1) + ")";
    case 6:
      type = Type::Any;
      return random_.pick({"min(", "max("}) + expressions_.expression(Type::Any, 1) + ")";
    case 7:
      type = Type::Float;
      return "avg(" + distinct + expressions_.expression(Type::Integer, 1) + ")";
    default:
      type = Type::Bag;
      return "collect(" + distinct + expressions_.expression(Type::Integer, 1) + ")";
  }
}

/// ORDER BY all columns, which leaves only equal rows unordered; then SKIP and LIMIT may follow.
std::string QueryGenerator::order_and_limit(const std::vector<std::string>& columns, const Scope& columns_scope,
                                            bool& ordered) {
  ordered = false;
  for (const Variable& variable : columns_scope) {
    if (!sortable(variable.type)) return "";
  }
  if (columns.empty() || !random_.chance(25)) return "";
  std::string text = " ORDER BY ";
  const size_t first = random_.below(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    text += (i == 0 ? "" : ", ") + columns[(first + i) % columns.size()] + (random_.chance(40) ? " DESC" : "");
  }
  if (random_.chance(25)) text += " SKIP " + random_.pick({"0", "1", "2"});
  if (random_.chance(60)) text += " LIMIT " + random_.pick({"0", "1", "2", "3", "10"});
  ordered = true;
  return text;
}

std::string QueryGenerator::project(bool is_return, bool& ordered) {
  const bool aggregates = random_.chance(35);
  Scope out;
  std::vector<std::string> names;
  std::string items;
  const auto add = [&](const std::string& text, const std::string& name, Type type) {
    items += (items.empty() ? "" : ", ") + text + (text == name ? "" : " AS " + name);
    names.push_back(name);
    out.push_back({name, type});
  };
  const size_t keep = random_.below(4);
  for (const Variable& variable : scope_) {
    if (names.size() < keep && random_.chance(50)) add(variable.name, variable.name, variable.type);
  }
  const size_t computed = random_.below(3);
  for (size_t i = 0; i < computed; ++i) {
    const Type type = expressions_.column_type();
    add(expressions_.expression(type, 2), expressions_.fresh_name("x"), type);
  }
  const size_t aggregate_count = aggregates ? 1 + random_.below(2) : (names.empty() ? 1 : 0);
  for (size_t i = 0; i < aggregate_count; ++i) {
    Type type = Type::Integer;
    const std::string text = aggregate(type);
    add(text, expressions_.fresh_name("g"), type);
  }
  std::string text = is_return ? "RETURN " : "WITH ";
  if (random_.chance(20)) {
    bool bag = false;
    for (const Variable& variable : out) bag = bag || variable.type == Type::Bag;
    if (!bag) text += "DISTINCT ";
  }
  text += items + order_and_limit(names, out, ordered);
  scope_ = out;
  return text;
}

ClauseText QueryGenerator::with() {
  bool ordered = false;
  std::string text = project(false, ordered);
  if (random_.chance(35)) text += " WHERE " + expressions_.predicate(2);
  return text;
}

ClauseText QueryGenerator::let_or_filter() {
  if (random_.chance(50))
    return "FILTER " + std::string(random_.chance(50) ? "WHERE " : "") + expressions_.predicate(2);
  const Type type = expressions_.column_type();
  const std::string value = expressions_.expression(type, 2);
  const std::string name = expressions_.fresh_name("t");
  scope_.push_back({name, type});
  return "LET " + name + " = " + value;
}

/// CALL { … } of several clauses, with unions and calls inside.
ClauseText QueryGenerator::call(int depth) {
  const Scope outer = scope_;
  Scope handed;
  std::string names;
  for (const Variable& variable : outer) {
    if (!random_.chance(60)) continue;
    handed.push_back(variable);
    names += (names.empty() ? "" : ", ") + variable.name;
  }
  const bool all = random_.chance(15);
  const bool old = !all && !names.empty() && random_.chance(25);
  scope_ = all ? outer : handed;
  std::string text = random_.chance(20) ? "OPTIONAL CALL " : "CALL ";
  text += old ? "{ WITH " + names + " " : "(" + (all ? "*" : names) + ") { ";
  // A WITH of the older form would have to pass on what it imports.
  if (random_.chance(30)) text += unwind().text + " ";
  text += matching(random_.chance(20)).text + " ";
  if (depth > 0 && random_.chance(25)) text += call(depth - 1).text + " ";
  if (random_.chance(30)) text += matching(random_.chance(50)).text + " ";
  Type type = Type::Integer;
  const bool aggregates = random_.chance(40);
  const std::string item = aggregates ? aggregate(type) : expressions_.expression(Type::Integer, 1);
  const std::string name = expressions_.fresh_name("y");
  if (!aggregates && random_.chance(30)) {
    // Rows that are equal in all that is ordered by may come in any order.
    text += "WITH " + std::string(random_.chance(40) ? "DISTINCT " : "") + item + " AS " + name + "0 RETURN " + name +
            "0 AS " + name;
    if (random_.chance(60)) text += " ORDER BY " + name + " LIMIT " + random_.pick({"1", "2"});
  } else {
    text += "RETURN " + item + " AS " + name;
    if (!aggregates && random_.chance(15)) text += " UNION RETURN " + expressions_.literal(type) + " AS " + name;
  }
  scope_ = outer;
  scope_.push_back({name, type});
  return text + " }";
}

std::vector<ClauseText> QueryGenerator::prefix(int max_clauses) {
  std::vector<ClauseText> clauses;
  if (random_.chance(10)) clauses.push_back(unwind());
  clauses.push_back(matching(random_.chance(8)));
  const size_t more = random_.below(static_cast<size_t>(max_clauses));
  for (size_t i = 0; i < more; ++i) {
    switch (random_.below(11)) {
      case 8:
        clauses.push_back(let_or_filter());
        break;
      case 9:
        if (random_.chance(50)) {
          clauses.push_back(call(1));
        } else {
          clauses.push_back(with());
        }
        break;
      case 0:
        clauses.push_back(unwind());
        break;
      case 1:
      case 2:
        clauses.push_back(with());
        break;
      case 3:
      case 4:
        clauses.push_back(matching(false));
        break;
      default:
        clauses.push_back(matching(true));
    }
  }
  return clauses;
}

QueryText QueryGenerator::reading() {
  reset();
  QueryText query;
  query.clauses = prefix(4);
  query.clauses.emplace_back(project(true, query.ordered));
  if (!query.ordered && random_.chance(7)) {
    query.clauses.emplace_back("NEXT");
    for (ClauseText& clause : prefix(2)) query.clauses.push_back(std::move(clause));
    query.clauses.emplace_back(project(true, query.ordered));
    return query;
  }
  if (query.ordered || !random_.chance(7)) return query;
  // A second part with the same columns.
  const Scope columns = scope_;
  query.clauses.emplace_back(random_.chance(50) ? "UNION" : "UNION ALL");
  reset();
  for (ClauseText& clause : prefix(2)) query.clauses.push_back(std::move(clause));
  std::string items;
  for (const Variable& column : columns) {
    items += (items.empty() ? "" : ", ") + expressions_.expression(column.type, 1) + " AS " + column.name;
  }
  query.clauses.emplace_back("RETURN " + items);
  return query;
}

QueryText QueryGenerator::counting() {
  reset();
  QueryText query;
  MatchPiece piece = expressions_.match(false, 3, 3);
  if (random_.chance(50)) {
    // A filter that needs few of the variables, often an anti-pattern.
    piece.where = expressions_.predicate(random_.chance(60) ? 1 : 2);
  }
  query.clauses.emplace_back(std::move(piece));
  if (random_.chance(35)) {
    MatchPiece optional = expressions_.match(true, 1, 2);
    query.clauses.emplace_back(std::move(optional));
    if (!scope_.empty() && random_.chance(50)) {
      const std::string node = scope_.back().name;
      query.clauses.emplace_back("WITH * WHERE " + node + random_.pick({" IS NULL", " IS NOT NULL"}));
    }
  } else if (random_.chance(25)) {
    query.clauses.emplace_back(expressions_.match(false, 1, 2));
  }
  const std::string node = expressions_.variable(Type::Node);
  std::string grouped;
  if (!node.empty() && random_.chance(50)) grouped = node + random_.pick({"", ".i", ".id", ".s"}) + " AS k, ";
  if (!node.empty() && random_.chance(20)) {
    query.clauses.emplace_back("RETURN DISTINCT " + grouped + expressions_.variable(Type::Node) + " AS n");
    return query;
  }
  Type type = Type::Integer;
  std::string text = "RETURN " + grouped + aggregate(type) + " AS c";
  if (random_.chance(20)) text += ", " + aggregate(type) + " AS c2";
  query.clauses.emplace_back(text);
  return query;
}

QueryText QueryGenerator::once() {
  reset();
  QueryText query;
  MatchPiece piece = expressions_.match(false, 2, 2);
  for (PathPiece& path : piece.paths) {
    if (path.relationships.empty() || !random_.chance(70)) continue;
    RelationshipPiece& walked = path.relationships[random_.below(path.relationships.size())];
    std::erase_if(scope_, [&](const Variable& variable) { return variable.name == walked.name; });
    walked = {"", walked.type, walked.direction, "", "", ""};
    if (walked.type == ":!R") walked.type = ":R";
    walked.length =
        random_.pick({"*", "*0..", "*2..", "*1..2", "*1..3", "*2..3", "*2..4", "*3..5", "*0..2", "*3", "*4.."});
    if (random_.chance(15)) walked.properties = "{i: " + random_literal(random_, "i") + "}";
    break;
  }
  if (random_.chance(30)) piece.where = expressions_.predicate(1);
  query.clauses.emplace_back(piece);
  if (random_.chance(25)) query.clauses.push_back(matching(random_.chance(50)));
  const auto value = [&] {
    const std::string node = expressions_.variable(Type::Node);
    return node.empty() ? "1" : node + random_.pick({"", "", ".i", ".id", ".s"});
  };
  std::string items = random_.chance(50) ? value() + " AS k" : "";
  if (random_.chance(40)) {
    query.clauses.emplace_back("RETURN DISTINCT " + value() + " AS n" + (items.empty() ? "" : ", " + items));
    return query;
  }
  const size_t aggregates = 1 + random_.below(2);
  for (size_t i = 0; i < aggregates; ++i) {
    items += (items.empty() ? "" : ", ") + random_.pick({"count(DISTINCT ", "min(", "max(", "count(DISTINCT "}) +
             value() + ") AS c" + std::to_string(i);
  }
  if (random_.chance(10)) items += ", count(*) AS all";
  query.clauses.emplace_back("RETURN " + items);
  return query;
}

QueryText QueryGenerator::calling() {
  reset();
  QueryText query;
  query.clauses = prefix(2);
  const Scope outer = scope_;
  Scope handed;
  std::string names;
  for (const Variable& variable : outer) {
    if (!random_.chance(60)) continue;
    handed.push_back(variable);
    names += (names.empty() ? "" : ", ") + variable.name;
  }
  scope_ = handed;
  std::string text = (random_.chance(25) ? "OPTIONAL CALL (" : "CALL (") + names + ") { ";
  MatchPiece piece = expressions_.match(random_.chance(15), 2, 2);
  if (random_.chance(45)) piece.where = expressions_.predicate(2);
  text += piece.text();
  Scope columns;
  std::string items;
  const bool aggregates = random_.chance(50);
  const size_t count = 1 + random_.below(2);
  for (size_t i = 0; i < count; ++i) {
    Type type = aggregates ? Type::Integer : expressions_.column_type();
    const std::string node = random_.chance(40) ? expressions_.variable(Type::Node) : "";
    std::string item;
    if (aggregates) {
      item = aggregate(type);
    } else if (!node.empty()) {
      item = node;
      type = Type::Node;
    } else {
      item = expressions_.expression(type, 2);
    }
    const std::string name = expressions_.fresh_name("y");
    items += (items.empty() ? "" : ", ") + item + " AS " + name;
    columns.push_back({name, type});
  }
  if (aggregates && random_.chance(20)) {
    const std::string name = expressions_.fresh_name("y");
    items += ", " + expressions_.expression(Type::Integer, 0) + " AS " + name;
    columns.push_back({name, Type::Integer});
  }
  query.clauses.emplace_back(text + " RETURN " + items + " }");
  scope_ = outer;
  scope_.insert(scope_.end(), columns.begin(), columns.end());
  query.clauses.emplace_back(project(true, query.ordered));
  return query;
}

QueryText QueryGenerator::limited() {
  reset();
  QueryText query;
  const std::string count = random_.pick({"0", "1", "2", "3", "5", "$i"});
  if (random_.chance(60)) {
    const std::string node = expressions_.fresh_name("n");
    scope_.push_back({node, Type::Node});
    query.clauses.emplace_back("MATCH (" + node + random_.pick({"", ":A", ":B"}) + ")");
    if (random_.chance(30)) query.clauses.back().text += " WHERE " + expressions_.predicate(1);
    std::string items = node + ".id AS k";
    const size_t columns = 1 + random_.below(3);
    for (size_t i = 0; i < columns; ++i) {
      const Type type = expressions_.column_type();
      items += ", " + expressions_.expression(type, 2) + " AS " + expressions_.fresh_name("x");
    }
    query.clauses.emplace_back("RETURN " + items + " ORDER BY k" + random_.pick({"", " DESC"}) +
                               (random_.chance(40) ? " SKIP 1" : "") + " LIMIT " + count);
    query.ordered = true;
    return query;
  }
  query.clauses = prefix(2);
  if (random_.chance(50)) query.clauses.push_back(matching(true));
  const Type type = expressions_.column_type();
  const std::string item = random_.chance(50) ? ", " + expressions_.expression(type, 2) + " AS limited" : "";
  query.clauses.emplace_back("WITH *" + item + (random_.chance(40) ? " SKIP 1" : "") + " LIMIT " + count);
  if (random_.chance(20)) query.clauses.emplace_back("WITH * LIMIT 2");
  query.clauses.emplace_back("RETURN count(*) AS c");
  return query;
}

/// A path pattern of the newer kinds, whose variables are named; `columns` is what may be asked of it, whichever of
/// several paths is taken.
std::string QueryGenerator::searched_path(std::string& columns) {
  const std::string type = random_.pick({"", ":R", ":R", ":S", ":R|S"});
  const std::string left = random_.pick({"-", "-", "<-"});
  const std::string right = left == "<-" ? "-" : random_.pick({"->", "->", "-"});
  const std::string step = left + "[r" + type + "]" + right;
  const bool two_steps = random_.chance(25);
  const std::string near = random_.chance(25) ? "(x:A)" : "(x)";
  const std::string inner = near + step + (two_steps ? "(z)-[s]-(y)" : "(y)");
  const std::string a = random_.pick({"(a)", "(a)", "(a:A)", "(a {i: 1})", "(a:B WHERE a.i > 0)"});
  const std::string b = random_.pick({"(b)", "(b)", "(b:B)", "(b:A)", "(a)"});
  const std::string times = random_.pick({"+", "*", "{1,2}", "{2}", "{0,2}", "{2,3}", "{,2}"});
  std::string where;
  if (random_.chance(40)) {
    scope_ = {{"x", Type::Node}, {"y", Type::Node}, {"r", Type::Relationship}};
    where = " WHERE " + expressions_.boolean(1);
  }
  const std::string group = a + "(" + inner + where + ")" + times + b;
  const std::string hop = a + left + "[r" + type + "]" + right + times + b;
  const std::string legacy = a + left + "[" + type + random_.pick({"*", "*1..2", "*..3", "*0..2"}) + "]" + right + b;
  const std::string far = b == "(a)" ? "" : ", b.id AS bid";
  const std::string lists = ", [e IN x | e.id] AS xs, [e IN r | e.id] AS rs, size(y) AS ys";
  columns = "a.id AS aid" + far + ", length(p) AS len";
  const std::string all = columns + ", [e IN nodes(p) | e.id] AS ns";
  switch (random_.below(9)) {
    case 0:
    case 1:
      columns = all + lists;
      return "p = " + group;
    case 2:
      columns = all;
      return "p = " + hop;
    case 3:
      columns = all + lists;
      return "p = ALL SHORTEST " + group;
    case 4:
      return "p = " + random_.pick({"ANY SHORTEST ", "SHORTEST 2 ", "SHORTEST 1 "}) + group;
    case 5:
      columns = all;
      return "p = SHORTEST " + random_.pick({"1", "2"}) + " GROUPS " + hop;
    case 6:
      return "p = " + random_.pick({"ANY SHORTEST ", "ALL SHORTEST "}) + hop;
    case 7:
      columns = all;
      return "p = allShortestPaths(" + legacy + ")";
    default:
      return "p = shortestPath(" + legacy + ")";
  }
}

QueryText QueryGenerator::paths() {
  reset();
  QueryText query;
  if (random_.chance(25)) {
    query.clauses.emplace_back("MATCH (a" + random_.pick({"", ":A"}) + ")");
    if (random_.chance(50)) query.clauses.back().text += ", (b)";
  }
  std::string columns;
  const std::string path = searched_path(columns);
  const bool two = columns.find("bid") != std::string::npos || !query.clauses.empty();
  const bool needed = query.clauses.empty() || query.clauses.back().text.find("(b)") == std::string::npos;
  scope_ = {{"a", Type::Node}};
  if (columns.find("bid") != std::string::npos) scope_.push_back({"b", Type::Node});
  std::string text = (needed && two && random_.chance(15) ? "OPTIONAL MATCH " : "MATCH ") + path;
  if (random_.chance(35)) text += " WHERE " + expressions_.predicate(1);
  query.clauses.emplace_back(text);
  if (random_.chance(15)) query.clauses.push_back(matching(random_.chance(50)));
  switch (random_.below(5)) {
    case 0:
      query.clauses.emplace_back("RETURN count(*) AS c, max(length(p)) AS m");
      break;
    case 1:
      query.clauses.emplace_back("RETURN DISTINCT a.id AS k, length(p) AS len");
      break;
    case 2:
      query.clauses.emplace_back("RETURN a.i AS k, count(DISTINCT a) AS c, min(length(p)) AS m");
      break;
    default:
      query.clauses.emplace_back("RETURN " + columns);
  }
  return query;
}

// ---- writing ----

std::string QueryGenerator::set_items(const std::string& entity) {
  switch (random_.below(5)) {
    case 0:
      return entity + ".i = coalesce(" + entity + ".i, 0) + 1";
    case 1:
      return entity + ".s = " + expressions_.literal(Type::String);
    case 2:
      return entity + ".m = " + expressions_.literal(Type::Any);
    case 3:
      return entity + " += {s: " + expressions_.literal(Type::String) + ", b: true, d: null}";
    default:
      return entity + " = {id: " + entity + ".id, f: 0.5}";
  }
}

std::string QueryGenerator::write_clause() {
  const std::string node = expressions_.variable(Type::Node);
  const std::string other = expressions_.variable(Type::Node);
  const std::string rel = expressions_.variable(Type::Relationship);
  switch (random_.below(17)) {
    case 12:
      return "FOREACH (z IN " + expressions_.expression(Type::Integers, 1) + " | CREATE (:A {i: z}))";
    case 13:
      if (node.empty()) return "FOREACH (z IN [1, 1] | MERGE (:C {i: z}))";
      return "FOREACH (z IN CASE WHEN " + expressions_.boolean(1) + " THEN [1, 2] ELSE [] END | SET " + node +
             random_.pick({".i = 1", ":B", ".s = 'x'"}) + ")";
    case 14: {
      const std::string value = expressions_.expression(Type::Integer, 0);
      return "CALL (*) { CREATE (:C {i: " + value + "})" + (random_.chance(40) ? " WITH 1 AS zz CREATE (:B)" : "") +
             " }";
    }
    case 15:
      if (!node.empty()) return "SET " + node + random_.pick({":$('B')", ":$($label)", "[$s] = 1"});
      return "CREATE (:$('A') {i: 1})";
    case 16:
      if (!rel.empty()) return "REMOVE " + rel + random_.pick({".i", ".m"});
      return "INSERT (:A&B {i: 2})";
    case 0:
      return "CREATE (:A {i: " + expressions_.expression(Type::Integer, 1) + "})";
    case 1:
      if (!node.empty()) return "CREATE (" + node + ")-[:S {i: 1}]->(:B)<-[:T]-(" + other + ")";
      return "CREATE (:B)-[:R]->(:B)";
    case 2:
      return "MERGE (:C {i: coalesce(" + expressions_.expression(Type::Integer, 1) + ", 7)})";
    case 3: {
      const std::string name = expressions_.fresh_name("w");
      return "MERGE (" + name + ":C {i: coalesce(" + expressions_.expression(Type::Integer, 1) +
             ", 7)}) ON CREATE SET " + name + ".g = 0 ON MATCH SET " + name + ".g = " + name + ".g + 1";
    }
    case 4:
      if (!node.empty()) return "MERGE (" + node + ")-[:T]->(" + other + ")";
      return "MERGE (:A {i: 3})";
    case 5:
      if (!node.empty()) return "MERGE (" + node + ")-[:T]->(:B {i: 1})";
      return "MERGE (:A {i: 3})";
    case 6:
      if (!node.empty()) return "DETACH DELETE " + node;
      return "CREATE (:A)";
    case 7:
      if (!rel.empty()) return "DELETE " + rel;
      return "CREATE (:A)";
    case 8:
      if (!node.empty()) return "REMOVE " + node + random_.pick({".i", ":A", ".m", ":B"});
      return "CREATE (:A)";
    case 9:
      if (!node.empty()) return "SET " + node + random_.pick({":B", ":A:C", ":C"});
      return "CREATE (:A)";
    case 10:
      if (!rel.empty()) return "SET " + set_items(rel);
      return "CREATE (:A)";
    default:
      if (!node.empty()) return "SET " + set_items(node);
      return "CREATE (:B)";
  }
}

QueryText QueryGenerator::writing() {
  reset();
  QueryText query;
  query.clauses = prefix(3);
  // Null entities may be set and deleted, but not connected.
  for (const Variable& variable : scope_) {
    if (is_entity(variable.type) && random_.chance(80)) {
      query.clauses.emplace_back("WITH * WHERE " + variable.name + " IS NOT NULL");
    }
  }
  query.clauses.emplace_back(write_clause());
  if (random_.chance(30)) query.clauses.emplace_back(write_clause());
  if (random_.chance(20)) query.clauses.emplace_back("WITH DISTINCT 1 AS one MATCH (z:C) RETURN count(*) AS c");
  return query;
}

}  // namespace entente::selfcheck
