// What a full-text index holds, and how it is looked up.
//
// Each property of an element that has words is a *document*: a string, or a list of strings (whose words do not
// follow one another from string to string). Its words are those of the index's TextAnalyzer. For each word of a
// document the index's ordered form has a posting, a string value with the element's id:
//
//   term, one byte 0, then three or more numbers: place of the property among the index's keys, words of the document,
//   positions of the word in it (each less the one before)
//
// A number is written 6 bits a byte, lowest first, bit 6 set on all bytes but the last: no byte is above 0x7F, so that
// a posting is UTF-8. Postings are found by a range of strings; BM25 needs nothing else but Index::fields.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/index.h"
#include "entente/core/snapshot.h"

namespace entente {

inline constexpr uint32_t kMostFullTextKeys = 64;

/// A document's occurrences of a term.
struct Posting {
  uint32_t element = 0;
  uint32_t field = 0;
  uint32_t words = 0;               // of the document
  std::vector<uint32_t> positions;  // ascending
};

/// Adds (erases) the document that a property's value is; a value without words is none.
void add_document(Index& index, uint32_t field, const Value& value, uint32_t element, uint64_t owner);
void erase_document(Index& index, uint32_t field, const Value& value, uint32_t element, uint64_t owner);

/// Fills an empty index from the graph.
void build_full_text(Index& index, std::vector<OrderedPage::Entry>& postings, const Snapshot& graph, uint64_t owner,
                     const Index::Poll& poll = {});

/// visit(term, posting) for the postings of a term, or of all terms that begin with `term`, until it gives false.
/// Ordered by term. Throws StorageError.Corrupt where a posting is not one.
void for_each_posting(const Index& index, std::string_view term, bool prefix,
                      const std::function<bool(std::string_view term, Posting&& posting)>& visit);

}  // namespace entente
