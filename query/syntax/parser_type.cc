// The names of types, after `IS ::` of a predicate or of a constraint.
//
// A type is one or more alternatives, `INTEGER | STRING`, each of which may be null unless NOT NULL (or !) follows. A
// name may be several words; the longest that fits is taken.
#include <algorithm>
#include <array>
#include <string>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {
namespace {

struct SpelledType {
  std::string_view name;  // words with single spaces between
  TypeSet kinds;
};

constexpr TypeSet kNotNullTypes = kAnyType & ~kNullType;
constexpr TypeSet kPropertyTypes = kBooleanType | kNumberType | kStringType | kTemporalType;

constexpr auto kSpelledTypes = std::to_array<SpelledType>({
    {"ANY", kNotNullTypes},
    {"ANY EDGE", kRelationshipType},
    {"ANY MAP", kMapType},
    {"ANY NODE", kNodeType},
    {"ANY RELATIONSHIP", kRelationshipType},
    {"ANY VALUE", kNotNullTypes},
    {"ANY VERTEX", kNodeType},
    {"BOOL", kBooleanType},
    {"BOOLEAN", kBooleanType},
    {"DATE", type_of(ValueKind::Date)},
    {"DURATION", kDurationType},
    {"EDGE", kRelationshipType},
    {"FLOAT", kFloatType},
    {"INT", kIntegerType},
    {"INTEGER", kIntegerType},
    {"LOCAL DATETIME", type_of(ValueKind::LocalDateTime)},
    {"LOCAL TIME", type_of(ValueKind::LocalTime)},
    {"MAP", kMapType},
    {"NODE", kNodeType},
    {"NOTHING", 0},
    {"NULL", 0},
    {"PATH", kPathType},
    {"PROPERTY VALUE", kPropertyTypes},
    {"RELATIONSHIP", kRelationshipType},
    {"SIGNED INTEGER", kIntegerType},
    {"STRING", kStringType},
    {"TIME WITH TIME ZONE", type_of(ValueKind::Time)},
    {"TIME WITH TIMEZONE", type_of(ValueKind::Time)},
    {"TIME WITHOUT TIME ZONE", type_of(ValueKind::LocalTime)},
    {"TIME WITHOUT TIMEZONE", type_of(ValueKind::LocalTime)},
    {"TIMESTAMP WITH TIME ZONE", type_of(ValueKind::DateTime)},
    {"TIMESTAMP WITH TIMEZONE", type_of(ValueKind::DateTime)},
    {"TIMESTAMP WITHOUT TIME ZONE", type_of(ValueKind::LocalDateTime)},
    {"TIMESTAMP WITHOUT TIMEZONE", type_of(ValueKind::LocalDateTime)},
    {"VARCHAR", kStringType},
    {"VERTEX", kNodeType},
    {"ZONED DATETIME", type_of(ValueKind::DateTime)},
    {"ZONED TIME", type_of(ValueKind::Time)},
});
constexpr size_t kMostWords = 4;

}  // namespace

TypeSpec Parser::type_spec() {
  Nest nest(*this);
  TypeSpec result;
  const size_t first = pos_;
  while (true) {
    std::vector<TypeSpec::Alternative> more;
    TypeSpec::Alternative one = type_alternative(more);
    if (more.empty()) more.push_back(std::move(one));
    std::move(more.begin(), more.end(), std::back_inserter(result.alternatives));
    if (!is(TokenKind::Bar) || !bar_continues_label()) break;
    take();
  }
  for (size_t i = first; i < pos_; ++i) {
    const std::string_view word = text_of(tokens_[i]);
    const bool closes = word == "<" || word == ">" || word == "!";
    const bool opened = i > first && text_of(tokens_[i - 1]) == "<";
    if (i > first && !closes && !opened) result.text += " ";
    result.text += word;
  }
  return result;
}

/// One alternative; of ANY<A | B> its parts, in `more`.
TypeSpec::Alternative Parser::type_alternative(std::vector<TypeSpec::Alternative>& more) {
  TypeSpec::Alternative result;
  const bool list = is_word("LIST") || is_word("ARRAY");
  if (list) {
    take();
    result.kinds = kListType;
    result.element = element_type();
  } else {
    std::string name;
    size_t taken = 0;
    const SpelledType* found = nullptr;
    for (size_t i = 0; i < kMostWords && peek(i).kind == TokenKind::Word; ++i) {
      std::string word(text_of(peek(i)));
      for (char& c : word) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      name += (i == 0 ? "" : " ") + word;
      const auto* known = std::find_if(kSpelledTypes.begin(), kSpelledTypes.end(),
                                       [&](const SpelledType& type) { return type.name == name; });
      if (known == kSpelledTypes.end()) continue;
      found = known;
      taken = i + 1;
    }
    if (found == nullptr) {
      if (is_word("POINT") || is_word("VECTOR")) {
        throw Error::syntax("NotImplemented", "there are no values of the type " + describe(peek()), peek().span());
      }
      std::vector<std::string> known{"LIST"};
      for (const SpelledType& type : kSpelledTypes) known.emplace_back(type.name);
      const std::string near = is(TokenKind::Word) ? did_you_mean(text_of(peek()), known) : "";
      if (near.empty()) fail_expected("a type such as INTEGER, STRING, LIST<INTEGER> or ZONED DATETIME");
      throw Error::syntax("UnexpectedSyntax", "there is no type " + describe(peek()) + near, peek().span());
    }
    for (size_t i = 0; i < taken; ++i) take();
    result.kinds = found->kinds;
    result.not_null = found->name == "NOTHING";
    if (found->name == "PROPERTY VALUE") {
      result.kinds |= kListType;
      result.property = true;
    }
    const bool any = found->name == "ANY" || found->name == "ANY VALUE";
    if (any && is(TokenKind::Less)) more = element_type()->alternatives;
  }
  if (is(Keyword::Not) && is(Keyword::Null, 1)) {
    take();
    take();
    result.not_null = true;
  } else if (accept(TokenKind::Exclamation)) {
    result.not_null = true;
  }
  if (result.not_null) {
    for (TypeSpec::Alternative& alternative : more) alternative.not_null = true;
  }
  return result;
}

/// <type>
std::shared_ptr<const TypeSpec> Parser::element_type() {
  expect(TokenKind::Less, "< and the type of the elements, as in LIST<ANY>");
  BarScope bars(*this, 0);
  auto element = std::make_shared<TypeSpec>(type_spec());
  expect(TokenKind::Greater, "| and another type, NOT NULL, or > after the type of the elements");
  return element;
}

}  // namespace entente
