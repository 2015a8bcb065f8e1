#include "entente/storage/page_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <vector>

#include "entente/core/adjacency.h"
#include "entente/core/column.h"
#include "entente/core/index.h"
#include "entente/core/label.h"
#include "entente/core/snapshot.h"
#include "entente/storage/adjacency_codec.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/list_codec.h"
#include "entente/storage/packed_ints.h"
#include "entente/storage/record.h"
#include "entente/storage/value_codec.h"
#include "schema.capnp.h"

namespace entente {
namespace {

Numbers plus_one(const Numbers& numbers) {
  Numbers out(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) out[i] = numbers[i] + 1;  // "absent" is all ones and becomes 0
  return out;
}

/// Undoes plus_one; all but the absent are to be below the limit.
void unpack_minus_one(std::string_view bytes, size_t count, uint32_t limit, const char* message, Numbers& out) {
  unpack(bytes, count, out);
  for (uint32_t& number : out) {
    require(number <= limit, message);
    --number;
  }
}

void require_below(const Numbers& numbers, uint32_t limit, const char* message) {
  for (const uint32_t number : numbers) require(number < limit, message);
}

// ---- nodes, relationships ----

std::string encode(std::string_view key, const NodePage& page) {
  const std::string sets = pack(plus_one(page.label_set));
  Message message(sets.size());
  auto root = message.initRoot<schema::NodesPage>();
  root.setCount(static_cast<uint32_t>(page.label_set.size()));
  root.setLabelSets(data_of(sets));
  return seal(key, message);
}

std::unique_ptr<const Page> decode(schema::NodesPage::Reader root, const PageKey& key, const PageLimits& limits) {
  auto page = std::make_unique<NodePage>();
  const uint32_t count = root.getCount();
  require(count <= NodePage::kSize, "it has too many nodes");
  require((uint64_t{key.number} << NodePage::kBits) + count <= limits.nodes, "it has nodes past the last one");
  unpack_minus_one(bytes_of(root.getLabelSets()), count, limits.label_sets, "a label set is unknown", page->label_set);
  return page;
}

/// plus_one, and 0 where there is no relationship.
Numbers plus_one_of_present(const Numbers& numbers, const RelationshipPage& page) {
  Numbers out = plus_one(numbers);
  for (size_t i = 0; i < out.size(); ++i) {
    if (page.sources[i] == RelationshipPage::kAbsent) out[i] = 0;
  }
  return out;
}

/// Where runs of equal sources begin, and the end.
Numbers runs_of(const Numbers& sources) {
  Numbers offsets;
  for (uint32_t i = 0; i < sources.size(); ++i) {
    if (i == 0 || sources[i] != sources[i - 1]) offsets.push_back(i);
  }
  offsets.push_back(static_cast<uint32_t>(sources.size()));
  return offsets;
}

std::string encode(std::string_view key, const RelationshipPage& page) {
  const std::string sources = pack(plus_one(page.sources));
  const Numbers shifted = plus_one(page.targets);
  const std::string targets = pack(shifted);
  const PackedLists lists = pack_lists(shifted.data(), runs_of(page.sources));
  const bool as_lists = lists.size() < targets.size();
  const std::string types = pack(plus_one_of_present(page.types, page));
  Message message(sources.size() + std::min(targets.size(), lists.size()) + types.size());
  auto root = message.initRoot<schema::RelationshipsPage>();
  root.setCount(static_cast<uint32_t>(page.sources.size()));
  root.setSources(data_of(sources));
  if (as_lists) {
    root.setTargetHeads(data_of(lists.heads));
    root.setTargetGaps(data_of(lists.gaps));
  } else {
    root.setTargets(data_of(targets));
  }
  root.setType(page.type);
  root.setTypes(data_of(types));
  return seal(key, message);
}

uint32_t count_of(schema::RelationshipsPage::Reader root) {
  const uint32_t count = root.getCount();
  require(count <= RelationshipPage::kSize, "it has too many relationships");
  return count;
}

/// `sources` stand as they are stored or not; only which are equal counts.
void unpack_targets(schema::RelationshipsPage::Reader root, uint32_t count, const Numbers& sources, Numbers& out) {
  const std::string_view heads = bytes_of(root.getTargetHeads());
  if (heads.empty()) {
    unpack(bytes_of(root.getTargets()), count, out);
  } else {
    unpack_lists(heads, bytes_of(root.getTargetGaps()), runs_of(sources), out);
  }
  for (uint32_t& target : out) --target;
}

std::unique_ptr<const Page> decode(schema::RelationshipsPage::Reader root, const PageKey& key,
                                   const PageLimits& limits) {
  auto page = std::make_unique<RelationshipPage>();
  const uint32_t count = count_of(root);
  require((uint64_t{key.number} << RelationshipPage::kBits) + count <= limits.relationships,
          "it has relationships past the last one");
  unpack_minus_one(bytes_of(root.getSources()), count, limits.nodes, "a source is past the last node", page->sources);
  unpack_targets(root, count, page->sources, page->targets);
  const std::string_view types = bytes_of(root.getTypes());
  if (!types.empty()) unpack_minus_one(types, count, limits.types, "a type is unknown", page->types);
  page->type = root.getType();
  for (uint32_t i = 0; i < count; ++i) {
    if (page->sources[i] == RelationshipPage::kAbsent) continue;
    require(page->targets[i] < limits.nodes, "a target is past the last node");
    require((page->types.empty() ? page->type : page->types[i]) < limits.types, "a type is unknown");
  }
  return page;
}

// ---- columns ----

constexpr uint64_t kSignBit = uint64_t{1} << 63;

std::string encode(std::string_view key, const ColumnPage& page) {
  if (!page.delta.empty()) {
    ColumnPage compacted = page;
    compacted.compact();
    if (compacted.delta.empty()) return encode(key, compacted);
    throw Error::storage("Internal", "a column page kept its delta when it was compacted");
  }
  static const ColumnBase kEmpty;
  const ColumnBase& base = page.base ? *page.base : kEmpty;
  std::vector<uint64_t> ints(base.ints.size());
  for (size_t i = 0; i < ints.size(); ++i) ints[i] = static_cast<uint64_t>(base.ints[i]) ^ kSignBit;  // keeps the order
  Numbers lengths;
  for (uint32_t t = 0; t < base.text_count(); ++t) lengths.push_back(static_cast<uint32_t>(base.text(t).size()));
  const std::string codes = pack(Numbers(base.codes.begin(), base.codes.end()));
  const std::string packed_ints = pack(ints);
  const std::string packed_lengths = pack(lengths);
  std::string values;
  for (const Value& value : base.values) encode_value(value, values);
  const std::string_view floats(reinterpret_cast<const char*>(base.floats.data()), base.floats.size() * sizeof(double));
  Message message(sizeof base.present + packed_ints.size() + floats.size() + packed_lengths.size() + base.bytes.size() +
                  codes.size() + values.size());
  auto root = message.initRoot<schema::ColumnPage>();
  root.setType(static_cast<uint8_t>(base.type));
  root.setCount(base.count);
  root.setPresent(data_of({reinterpret_cast<const char*>(base.present.data()), sizeof base.present}));
  root.setInts(data_of(packed_ints));
  root.setFloats(data_of(floats));
  root.setLengths(data_of(packed_lengths));
  root.setBytes(data_of({base.bytes.data(), base.bytes.size()}));
  root.setCodes(data_of(codes));
  root.setTexts(codes.empty() ? 0 : base.text_count());
  root.setValues(data_of(values));
  return seal(key, message);
}

void decode_ints(schema::ColumnPage::Reader root, const PageLimits& limits, ColumnBase& base) {
  std::vector<uint64_t> stored;
  unpack(bytes_of(root.getInts()), base.count, stored);
  std::vector<int64_t> ints;
  ints.reserve(stored.size());
  for (const uint64_t number : stored) ints.push_back(static_cast<int64_t>(number ^ kSignBit));
  base.ints = NarrowInts(ints, limits.memory);
  const bool boolean = base.ints.least() >= 0 && base.ints.greatest() <= 1;
  require(base.type != ColumnType::Boolean || boolean, "a boolean is neither 0 nor 1");
}

void decode_floats(schema::ColumnPage::Reader root, const PageLimits& limits, ColumnBase& base) {
  const std::string_view bytes = bytes_of(root.getFloats());
  require(bytes.size() == base.count * sizeof(double), "it has not as many floats as it says");
  std::vector<double> floats(base.count);
  std::memcpy(floats.data(), bytes.data(), bytes.size());
  base.floats = PageArray<double>(floats, limits.memory);
}

void decode_strings(schema::ColumnPage::Reader root, const PageLimits& limits, ColumnBase& base) {
  const std::string_view bytes = bytes_of(root.getBytes());
  const std::string_view codes = bytes_of(root.getCodes());
  const uint32_t texts = codes.empty() ? base.count : root.getTexts();
  if (!codes.empty()) {
    require(texts <= base.count, "it has more texts than values");
    Numbers numbers;
    unpack(codes, base.count, numbers);
    require_below(numbers, texts, "the number of a text is past the last one");
    base.codes = PageArray<uint16_t>(std::vector<uint16_t>(numbers.begin(), numbers.end()), limits.memory);
  }
  Numbers lengths;
  unpack(bytes_of(root.getLengths()), texts, lengths);
  Numbers offsets{0};
  offsets.reserve(texts + 1);
  for (const uint32_t length : lengths) {
    require(length <= bytes.size() - offsets.back(), "its strings are longer than its bytes");
    offsets.push_back(offsets.back() + length);
  }
  require(offsets.back() == bytes.size(), "bytes follow its strings");
  base.offsets = PageArray<uint32_t>(offsets, limits.memory);
  base.bytes = PageArray<char>(bytes, limits.memory);
}

void decode_values(std::string_view bytes, uint32_t count, std::vector<Value>& out) {
  require(count <= bytes.size(), "it has fewer values than it says");
  ByteReader reader(bytes);
  out.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    out.push_back(decode_value(reader));
    require(!out.back().is_null(), "a stored value is null");
  }
  require(reader.left() == 0, "bytes follow its values");
}

std::unique_ptr<const Page> decode(schema::ColumnPage::Reader root, const PageKey& key, const PageLimits& limits) {
  auto page = std::make_unique<ColumnPage>();
  auto base = std::make_shared<ColumnBase>();
  const uint8_t type = root.getType();
  require(type <= static_cast<uint8_t>(ColumnType::Mixed), "the type of its values is unknown");
  base->type = static_cast<ColumnType>(type);
  base->count = root.getCount();
  const std::string_view present = bytes_of(root.getPresent());
  require(present.size() == sizeof base->present, "its presence bitmap has a wrong length");
  std::memcpy(base->present.data(), present.data(), present.size());
  uint32_t count = 0;
  const uint64_t first = uint64_t{key.number} << kColumnPageBits;
  const uint32_t limit = key.kind == PageKind::NodeColumn ? limits.nodes : limits.relationships;
  for (size_t w = 0; w < base->present.size(); ++w) {
    const uint64_t word = base->present[w];
    count += static_cast<uint32_t>(std::popcount(word));
    if (word != 0) require(first + w * 64 + (63 - std::countl_zero(word)) < limit, "it has values past the last id");
  }
  require(count == base->count, "its presence bitmap does not match its count");
  switch (base->type) {
    case ColumnType::Empty:
      require(count == 0, "it has values but no type");
      break;
    case ColumnType::Integer:
    case ColumnType::Boolean:
    case ColumnType::Date:
      decode_ints(root, limits, *base);
      break;
    case ColumnType::Float:
      decode_floats(root, limits, *base);
      break;
    case ColumnType::String:
      decode_strings(root, limits, *base);
      break;
    case ColumnType::Mixed:
      decode_values(bytes_of(root.getValues()), count, base->values);
      break;
  }
  if (base->type == ColumnType::Empty) return page;
  base->seal(limits.memory);
  page->base = std::move(base);
  return page;
}

// ---- labels ----

constexpr uint32_t kLabelPageSize = 1u << kLabelPageBits;
constexpr size_t kBitmapBytes = kLabelPageSize / 8;

std::string encode(std::string_view key, const LabelPage& page) {
  Numbers members(page.members.cardinality());
  page.members.toUint32Array(members.data());
  Numbers starts;
  Numbers lengths;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i > 0 && members[i] == members[i - 1] + 1) {
      ++lengths.back();
    } else {
      starts.push_back(members[i]);
      lengths.push_back(0);
    }
  }
  const std::string packed_starts = pack(starts);
  const std::string packed_lengths = pack(lengths);
  Message message(kBitmapBytes);
  auto root = message.initRoot<schema::LabelPage>();
  if (packed_starts.size() + packed_lengths.size() < kBitmapBytes) {
    root.setRuns(static_cast<uint32_t>(starts.size()));
    root.setStarts(data_of(packed_starts));
    root.setLengths(data_of(packed_lengths));
  } else {
    auto bitmap = root.initBitmap(kBitmapBytes);
    for (const uint32_t member : members) {
      kj::byte& byte = bitmap[member >> 3];
      byte = static_cast<kj::byte>(byte | 1u << (member & 7));
    }
  }
  return seal(key, message);
}

std::unique_ptr<const Page> decode(schema::LabelPage::Reader root, const PageKey& key, const PageLimits& limits) {
  auto page = std::make_unique<LabelPage>();
  const uint64_t first = uint64_t{key.number} << kLabelPageBits;
  const uint64_t limit = limits.nodes > first ? std::min<uint64_t>(limits.nodes - first, kLabelPageSize) : 0;
  const std::string_view bitmap = bytes_of(root.getBitmap());
  if (!bitmap.empty()) {
    require(bitmap.size() == kBitmapBytes, "its bitmap has a wrong length");
    Numbers members;
    for (uint32_t w = 0; w < kBitmapBytes / sizeof(uint64_t); ++w) {
      for (uint64_t word = load_u64(bitmap.data() + w * sizeof(uint64_t)); word != 0; word &= word - 1) {
        members.push_back(w * 64 + static_cast<uint32_t>(std::countr_zero(word)));
      }
    }
    require(members.empty() || members.back() < limit, "it has nodes past the last one");
    page->members.addMany(members.size(), members.data());
    return page;
  }
  const uint32_t runs = root.getRuns();
  Numbers starts;
  Numbers lengths;
  unpack(bytes_of(root.getStarts()), runs, starts);
  unpack(bytes_of(root.getLengths()), runs, lengths);
  uint64_t end = 0;
  for (uint32_t i = 0; i < runs; ++i) {
    require(starts[i] >= end, "its runs are out of order");
    end = uint64_t{starts[i]} + lengths[i] + 1;
    require(end <= limit, "it has nodes past the last one");
    page->members.addRange(starts[i], end);
  }
  return page;
}

// ---- indexes ----

std::string encode(std::string_view key, const OrderedPage& page) {
  const bool whole = std::all_of(page.entries.begin(), page.entries.end(),
                                 [](const OrderedPage::Entry& entry) { return entry.value.is_integer(); });
  std::string values;
  std::vector<uint64_t> integers;
  Numbers nodes;
  for (const OrderedPage::Entry& entry : page.entries) {
    if (whole)
      integers.push_back(static_cast<uint64_t>(entry.value.as_integer()) ^ kSignBit);
    else
      encode_value(entry.value, values);
    nodes.push_back(entry.node);
  }
  const std::string packed_integers = pack(integers);
  const std::string packed_nodes = pack(nodes);
  Message message(values.size() + packed_integers.size() + packed_nodes.size());
  auto root = message.initRoot<schema::OrderedPage>();
  root.setCount(static_cast<uint32_t>(page.entries.size()));
  root.setValues(data_of(values));
  root.setIntegers(data_of(packed_integers));
  root.setNodes(data_of(packed_nodes));
  return seal(key, message);
}

std::unique_ptr<const Page> decode(schema::OrderedPage::Reader root, const PageKey& key, const PageLimits& limits) {
  auto page = std::make_unique<OrderedPage>();
  const uint32_t count = root.getCount();
  std::vector<Value> values;
  Numbers nodes;
  const std::string_view integers = bytes_of(root.getIntegers());
  if (integers.empty()) {
    decode_values(bytes_of(root.getValues()), count, values);
  } else {
    std::vector<uint64_t> stored;
    unpack(integers, count, stored);
    values.reserve(count);
    for (const uint64_t number : stored) values.emplace_back(static_cast<int64_t>(number ^ kSignBit));
  }
  unpack(bytes_of(root.getNodes()), count, nodes);
  require_below(nodes, limits.of_index(key.id), "an id is past the last one");
  page->entries.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    page->entries.push_back({std::move(values[i]), nodes[i]});
  }
  for (uint32_t i = 1; i < count; ++i) {
    const auto order = Value::order(page->entries[i - 1].value, page->entries[i].value);
    require(order < 0 || (order == 0 && nodes[i - 1] < nodes[i]), "its entries are out of order");
  }
  return page;
}

std::unique_ptr<const Page> decode(schema::AdjacencyPage::Reader root, const PageKey&, const PageLimits& limits) {
  return decode_adjacency(root, limits);
}

template <class Root>
std::unique_ptr<const Page> read_page(const PageKey& key, const AlignedBytes& record, const PageLimits& limits) {
  return read_record<Root>(describe(key), encode_page_key(key), record,
                           [&](typename Root::Reader root) { return decode(root, key, limits); });
}

}  // namespace

std::string encode_page(const PageKey& key, const Page& page, const PageTable<RelationshipPage>* table) {
  const std::string bytes = encode_page_key(key);
  switch (key.kind) {
    case PageKind::Nodes:
      return encode(bytes, static_cast<const NodePage&>(page));
    case PageKind::Relationships:
      return encode(bytes, static_cast<const RelationshipPage&>(page));
    case PageKind::Adjacency:
      return encode_adjacency(key, static_cast<const AdjacencyPage&>(page), table);
    case PageKind::NodeColumn:
    case PageKind::RelationshipColumn:
      return encode(bytes, static_cast<const ColumnPage&>(page));
    case PageKind::Label:
      return encode(bytes, static_cast<const LabelPage&>(page));
    case PageKind::HashIndex:
      break;
    case PageKind::OrderedIndex:
      return encode(bytes, static_cast<const OrderedPage&>(page));
  }
  throw Error::storage("Internal", "a page of an unknown kind cannot be written");
}

std::unique_ptr<const Page> decode_page(const PageKey& key, const AlignedBytes& record, const PageLimits& limits) {
  switch (key.kind) {
    case PageKind::Nodes:
      return read_page<schema::NodesPage>(key, record, limits);
    case PageKind::Relationships:
      return read_page<schema::RelationshipsPage>(key, record, limits);
    case PageKind::Adjacency:
      return read_page<schema::AdjacencyPage>(key, record, limits);
    case PageKind::NodeColumn:
    case PageKind::RelationshipColumn:
      return read_page<schema::ColumnPage>(key, record, limits);
    case PageKind::Label:
      return read_page<schema::LabelPage>(key, record, limits);
    case PageKind::HashIndex:
      break;
    case PageKind::OrderedIndex:
      return read_page<schema::OrderedPage>(key, record, limits);
  }
  throw corrupt(describe(key), "its kind is unknown");
}

std::vector<uint32_t> decode_targets(const PageKey& key, const AlignedBytes& record) {
  return read_record<schema::RelationshipsPage>(describe(key), encode_page_key(key), record,
                                                [](schema::RelationshipsPage::Reader root) {
                                                  const uint32_t count = count_of(root);
                                                  Numbers sources;
                                                  Numbers targets;
                                                  unpack(bytes_of(root.getSources()), count, sources);
                                                  unpack_targets(root, count, sources, targets);
                                                  return targets;
                                                });
}

}  // namespace entente
