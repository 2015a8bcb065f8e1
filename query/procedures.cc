#include "entente/query/procedures.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

struct NamedType {
  std::string_view name;
  TypeSet kinds;
};

constexpr std::array<NamedType, 26> kTypes{{
    {"ANY", kAnyType},
    {"BOOLEAN", kBooleanType},
    {"BOOL", kBooleanType},
    {"INTEGER", kIntegerType},
    {"INT", kIntegerType},
    {"FLOAT", kFloatType},
    {"NUMBER", kNumberType},
    {"STRING", kStringType},
    {"LIST", kListType},
    {"MAP", kMapType},
    {"NODE", kNodeType},
    {"RELATIONSHIP", kRelationshipType},
    {"PATH", kPathType},
    {"DATE", type_of(ValueKind::Date)},
    {"TIME", type_of(ValueKind::Time)},
    {"ZONED TIME", type_of(ValueKind::Time)},
    {"LOCALTIME", type_of(ValueKind::LocalTime)},
    {"LOCAL TIME", type_of(ValueKind::LocalTime)},
    {"DATETIME", type_of(ValueKind::DateTime)},
    {"ZONED DATETIME", type_of(ValueKind::DateTime)},
    {"LOCALDATETIME", type_of(ValueKind::LocalDateTime)},
    {"LOCAL DATETIME", type_of(ValueKind::LocalDateTime)},
    {"DURATION", kDurationType},
    {"TEMPORAL", kTemporalType},
    {"VALUE", kAnyType},
    {"NULL", kNullType},
}};

/// Reads a signature from left to right:
///   name "(" [field {"," field}] ")" "::" ("VOID" | "(" [field {"," field}] ")")
///   field = name "::" type ["?"];  type = a name of kTypes, or LIST ("OF" type | "<" type ">")
class SignatureParser {
 public:
  explicit SignatureParser(std::string_view text) : text_(text) {}

  ProcedureSignature parse() {
    ProcedureSignature signature;
    signature.name = name(true);
    signature.inputs = fields();
    expect("::");
    if (!accept_word("VOID")) signature.outputs = fields();
    skip_space();
    if (at_ != text_.size()) fail("the end");
    return signature;
  }

 private:
  std::vector<ProcedureSignature::Field> fields() {
    std::vector<ProcedureSignature::Field> out;
    expect("(");
    if (accept(")")) return out;
    do {
      ProcedureSignature::Field field;
      field.name = name(false);
      expect("::");
      skip_space();
      const size_t begin = at_;
      field.type = type(0);
      size_t end = at_;
      while (end > begin && text_[end - 1] == ' ') --end;
      field.type_name = std::string(text_.substr(begin, end - begin));
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const auto& other) { return other.name == field.name; });
      if (known) fail("another name than `" + field.name + "`, which is there already");
      out.push_back(std::move(field));
    } while (accept(","));
    expect(")");
    return out;
  }

  TypeSet type(int depth) {
    if (depth > kMaxTypeDepth) fail("a list type that is not nested so deep");
    const size_t begin = at_;
    std::string words = word();
    if (words == "LOCAL" || words == "ZONED") words += " " + word();
    TypeSet kinds = 0;
    for (const NamedType& named : kTypes) {
      if (named.name == words) kinds = named.kinds;
    }
    if (kinds == 0) {
      at_ = begin;
      fail("a type such as STRING, INTEGER, FLOAT, NUMBER, BOOLEAN, LIST, MAP, NODE, RELATIONSHIP, PATH or ANY");
    }
    if (kinds == kListType) {  // what the list holds is not checked
      if (accept_word("OF")) {
        type(depth + 1);
      } else if (accept("<")) {
        type(depth + 1);
        expect(">");
      }
    }
    if (accept("?")) kinds |= kNullType;
    return kinds;
  }

  /// With letters, digits, underscores and bytes past ASCII; `dotted` in parts joined by dots.
  std::string name(bool dotted) {
    skip_space();
    const size_t begin = at_;
    while (at_ < text_.size() && (is_name_byte(text_[at_]) || (dotted && text_[at_] == '.'))) ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    const bool empty_part =
        dotted && (found.starts_with('.') || found.ends_with('.') || found.find("..") != found.npos);
    if (found.empty() || empty_part) {
      at_ = begin;
      fail("a name");
    }
    return std::string(found);
  }

  std::string word() {
    skip_space();
    std::string out;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_]))) {
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(text_[at_++])));
    }
    return out;
  }

  bool accept_word(std::string_view expected) {
    const size_t begin = at_;
    if (word() == expected) return true;
    at_ = begin;
    return false;
  }

  bool accept(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  void expect(std::string_view token) {
    if (!accept(token)) fail("`" + std::string(token) + "`");
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  static bool is_name_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) || byte == '_' || byte >= 0x80;
  }

  [[noreturn]] void fail(const std::string& expected) const {
    throw Error::syntax("InvalidProcedureSignature",
                        "in the procedure signature `" + std::string(text_) + "`, expected " + expected + " at byte " +
                            std::to_string(at_) +
                            "; write it like my.proc(name :: STRING, limit :: INTEGER?) :: (out :: FLOAT)");
  }

  static constexpr int kMaxTypeDepth = 32;

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

void ProcedureRegistry::add(Procedure procedure) {
  std::string key = lower(procedure.signature.name);
  procedures_.insert_or_assign(std::move(key), std::move(procedure));
}

const Procedure* ProcedureRegistry::find(std::string_view name) const {
  const auto found = procedures_.find(lower(name));
  return found != procedures_.end() ? &found->second : nullptr;
}

std::string ProcedureRegistry::nearest(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& [key, procedure] : procedures_) names.push_back(procedure.signature.name);
  return nearest_name(name, names);
}

std::vector<const Procedure*> ProcedureRegistry::all() const {
  std::vector<const Procedure*> out;
  for (const auto& [key, procedure] : procedures_) out.push_back(&procedure);
  return out;
}

ProcedureSignature parse_procedure_signature(std::string_view text) { return SignatureParser(text).parse(); }

}  // namespace entente
