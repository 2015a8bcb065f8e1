#include "entente/core/full_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "entente/core/error.h"
#include "entente/core/text_analysis.h"

namespace entente {
namespace {

constexpr uint32_t kListGap = 100;  // positions between the strings of a list
constexpr size_t kScanned = 4'096;
constexpr size_t kWordsBetweenPolls = 4'096;

struct Document {
  uint32_t words = 0;
  std::map<std::string, std::vector<uint32_t>> positions;  // by term
};

const TextAnalyzer& analyzer_of(const IndexDefinition& definition) {
  const TextAnalyzer* analyzer = TextAnalyzer::find(definition.analyzer);
  if (analyzer != nullptr) return *analyzer;
  throw Error::storage("UnknownAnalyzer", "index " + definition.name + " needs the analyzer '" + definition.analyzer +
                                              "', which this program does not have; drop the index");
}

Document document_of(const IndexDefinition& definition, const Value& value) {
  Document document;
  if (!value.is_string() && !value.is_list()) return document;
  const TextAnalyzer& analyzer = analyzer_of(definition);
  std::vector<TextToken> tokens;
  if (value.is_string()) analyzer.analyze(value.as_string(), 0, tokens);
  if (value.is_list()) {
    uint32_t position = 0;
    for (const Value& item : value.as_list()) {
      if (item.is_string()) position = analyzer.analyze(item.as_string(), position, tokens) + kListGap;
    }
  }
  document.words = static_cast<uint32_t>(tokens.size());
  for (TextToken& token : tokens) document.positions[std::move(token.term)].push_back(token.position);
  return document;
}

void append_number(uint32_t number, std::string& out) {
  for (; number >= 64; number >>= 6) out.push_back(static_cast<char>(0x40 | (number & 0x3F)));
  out.push_back(static_cast<char>(number));
}

std::optional<uint32_t> read_number(std::string_view text, size_t& at) {
  uint64_t number = 0;
  for (uint32_t shift = 0; at < text.size() && shift < 36; shift += 6) {
    const auto byte = static_cast<unsigned char>(text[at++]);
    number |= uint64_t{byte & 0x3Fu} << shift;
    if ((byte & 0x40) == 0) return number <= ~uint32_t{0} ? std::optional(static_cast<uint32_t>(number)) : std::nullopt;
  }
  return std::nullopt;
}

std::string encode_posting(std::string_view term, uint32_t field, uint32_t words,
                           const std::vector<uint32_t>& positions) {
  std::string out(term);
  out.push_back('\0');
  append_number(field, out);
  append_number(words, out);
  uint32_t before = 0;
  for (const uint32_t position : positions) {
    append_number(position - before, out);
    before = position;
  }
  return out;
}

bool decode_posting(std::string_view text, size_t keys, Posting& posting) {
  size_t at = text.find('\0') + 1;  // 0 if there is none
  if (at == 0) return false;
  const auto field = read_number(text, at);
  const auto words = read_number(text, at);
  if (!field || *field >= keys || !words || *words == 0) return false;
  posting.field = *field;
  posting.words = *words;
  posting.positions.clear();
  uint32_t position = 0;
  while (at < text.size()) {
    const auto step = read_number(text, at);
    if (!step) return false;
    position += *step;
    posting.positions.push_back(position);
  }
  return !posting.positions.empty();
}

TextField& field_at(Index& index, uint32_t field) {
  if (index.fields.size() < index.definition.keys.size()) index.fields.resize(index.definition.keys.size());
  return index.fields[field];
}

/// Counts a document of so many words in (1) or out (-1).
void count_document(Index& index, uint32_t field, const Document& document, int sign) {
  TextField& counts = field_at(index, field);
  const auto by = [sign](uint64_t& count, uint64_t n) { count = sign > 0 ? count + n : count - std::min(count, n); };
  by(counts.documents, 1);
  by(counts.words, document.words);
  by(index.entries, document.positions.size());
}

bool has_any_token(const Snapshot& graph, const IndexDefinition& definition, size_t before, uint32_t element) {
  for (size_t i = 0; i < before; ++i) {
    if (graph.has_token(definition.entity, element, definition.tokens[i])) return true;
  }
  return false;
}

}  // namespace

void add_document(Index& index, uint32_t field, const Value& value, uint32_t element, uint64_t owner) {
  const Document document = document_of(index.definition, value);
  if (document.words == 0) return;
  count_document(index, field, document, 1);
  for (const auto& [term, positions] : document.positions) {
    index.insert_entry(Value(encode_posting(term, field, document.words, positions)), element, owner);
  }
}

void erase_document(Index& index, uint32_t field, const Value& value, uint32_t element, uint64_t owner) {
  const Document document = document_of(index.definition, value);
  if (document.words == 0) return;
  count_document(index, field, document, -1);
  for (const auto& [term, positions] : document.positions) {
    index.erase_entry(Value(encode_posting(term, field, document.words, positions)), element, owner);
  }
}

void build_full_text(Index& index, std::vector<OrderedPage::Entry>& postings, const Snapshot& graph, uint64_t owner,
                     const Index::Poll& poll) {
  const IndexDefinition& definition = index.definition;
  std::vector<uint32_t> elements;
  size_t words = 0;  // since the last poll
  size_t bytes = 0;
  for (size_t t = 0; t < definition.tokens.size(); ++t) {
    for (uint32_t at = 0; at < graph.element_limit(definition.entity);) {
      elements.clear();
      at = graph.scan_token(definition.entity, definition.tokens[t], at, kScanned, elements);
      for (const uint32_t element : elements) {
        if (has_any_token(graph, definition, t, element)) continue;  // taken with an earlier one
        for (uint32_t field = 0; field < definition.keys.size(); ++field) {
          const Document document =
              document_of(definition, graph.property(definition.entity, element, definition.keys[field]));
          words += document.words + 1;
          if (words > kWordsBetweenPolls) {
            words = 0;
            if (poll) poll(std::exchange(bytes, 0));
          }
          if (document.words == 0) continue;
          count_document(index, field, document, 1);
          for (const auto& [term, positions] : document.positions) {
            postings.push_back({Value(encode_posting(term, field, document.words, positions)), element});
            bytes += Index::building_bytes(postings.back());
          }
        }
      }
    }
  }
  if (poll) poll(bytes);
  index.build_entries(postings, owner, poll);
}

void for_each_posting(const Index& index, std::string_view term, bool prefix,
                      const std::function<bool(std::string_view term, Posting&& posting)>& visit) {
  std::string low(term);
  if (!prefix) low.push_back('\0');
  const Value bound(low);
  index.scan([&](const Value& v) { return Value::order(v, bound) < 0; },
             [&](const OrderedPage::Entry& entry) {
               Posting posting;
               posting.element = entry.node;
               if (!entry.value.is_string()) return false;
               const std::string& text = entry.value.as_string();
               if (!text.starts_with(low)) return false;
               if (!decode_posting(text, index.definition.keys.size(), posting)) {
                 throw Error::storage("Corrupt", "index " + index.definition.name +
                                                     " holds a posting that is not one; drop it and create it again");
               }
               return visit(std::string_view(text).substr(0, text.find('\0')), std::move(posting));
             });
}

}  // namespace entente
