// The decoders of pages, behind a checksum that holds: what is accepted can be read all over, can be written, and then
// reads as the same.
#include <entente/core/adjacency.h>
#include <entente/core/column.h>
#include <entente/core/index.h>
#include <entente/core/label.h>
#include <entente/core/snapshot.h>
#include <entente/storage/key_codec.h>
#include <entente/storage/page_codec.h>
#include <entente/storage/record.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

const PageLimits kLimits{5'000, 9'000, 5, 9, {3}};

void read_adjacency(const AdjacencyPage& page) {
  Adjacency table;
  table.set(0, std::make_unique<AdjacencyPage>(page), 1);
  for (uint32_t node = 0; node < kAdjacencyPageSize; ++node) {
    AdjacencyCursor cursor;
    cursor.open(table, NodeId(node));
    uint64_t entries = 0;
    for (AdjacencySegment segment; cursor.next(segment);) {
      entries += segment.size;
      for (uint32_t i = 0; i < segment.size; ++i) {
        check(segment.neighbours[i] < kLimits.nodes, "a neighbour is past the last node");
        check(segment.rel(i) < kLimits.relationships, "a relationship is past the last one");
      }
    }
    check(entries == page.degree(node), "a list is not as long as its degree");
  }
}

void read_column(const ColumnPage& page) {
  uint32_t values = 0;
  for (uint32_t i = 0; i < kColumnPageSize; ++i) {
    const Value value = page.get(i);
    check(value.is_null() != page.has(i), "whether there is a value and the value disagree");
    if (value.is_null()) continue;
    ++values;
    check(Value::equivalent(value, value), "a value is not equivalent to itself");
    if (const auto bounds = page.base->bounds();
        bounds && !(value.is_float() && value.as_float() != value.as_float())) {
      check(Value::order(bounds->first, value) <= 0 && Value::order(value, bounds->second) <= 0,
            "a value lies outside the bounds of its page");
    }
  }
  check(values == (page.base ? page.base->count : 0), "a column has not as many values as it says");
}

void read_all(PageKind kind, const Page& page) {
  check(page.bytes() < size_t{1} << 30, "a page takes too much memory");
  switch (kind) {
    case PageKind::Adjacency:
      return read_adjacency(static_cast<const AdjacencyPage&>(page));
    case PageKind::NodeColumn:
    case PageKind::RelationshipColumn:
      return read_column(static_cast<const ColumnPage&>(page));
    case PageKind::Label:
      static_cast<const LabelPage&>(page).members.iterate(
          [](uint32_t member, void*) {
            check(member < kLimits.nodes, "a label has a node past the last one");
            return true;
          },
          nullptr);
      return;
    default:
      return;
  }
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  Input input(data, size);
  PageKey key{static_cast<PageKind>(input.below(10)), 3, static_cast<uint32_t>(input.below(3)), 17};
  const std::string record = seal(encode_page_key(key), input.rest());
  std::unique_ptr<const Page> page;
  try {
    page = decode_page(key, AlignedBytes(record), kLimits);
  } catch (const Error& error) {
    check(error.code() == "StorageError.Corrupt", "an unreadable page is reported as " + error.code());
    return 0;
  }
  if (key.number == 0) read_all(key.kind, *page);
  const std::string once = encode_page(key, *page);
  const std::string twice = encode_page(key, *decode_page(key, AlignedBytes(once), kLimits));
  check(once == twice, "a page that was read and written reads as another");
  return 0;
}
