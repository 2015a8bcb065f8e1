#include "entente/storage/page_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include "entente/core/adjacency.h"
#include "entente/core/column.h"
#include "entente/core/index.h"
#include "entente/core/label.h"
#include "entente/core/snapshot.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/record.h"
#include "storage_fixture.h"

namespace entente {
namespace {

const PageLimits kLimits{1'000'000, 10'000'000, 5, 9};

PageKey key_of(PageKind kind) { return {kind, 3, 0, 17}; }

template <class P>
std::unique_ptr<const Page> round_trip(PageKind kind, const P& page) {
  return decode_page(key_of(kind), AlignedBytes(std::string_view(encode_page(key_of(kind), page))), kLimits);
}

template <class P>
const P& as(const std::unique_ptr<const Page>& page) {
  return dynamic_cast<const P&>(*page);
}

// ---- nodes, relationships ----

TEST(PageCodec, NodesComeBack) {
  NodePage page;
  EXPECT_TRUE(as<NodePage>(round_trip(PageKind::Nodes, page)).label_set.empty());
  for (uint32_t i = 0; i < NodePage::kSize; ++i) page.label_set.push_back(i % 7 == 0 ? NodePage::kAbsent : i % 9);
  EXPECT_EQ(as<NodePage>(round_trip(PageKind::Nodes, page)).label_set, page.label_set);
}

TEST(PageCodec, NodesPastTheLimitsAreRefused) {
  NodePage page;
  page.label_set = {9};
  EXPECT_EQ(error_of([&] { round_trip(PageKind::Nodes, page); }), "StorageError.Corrupt");
  page.label_set = {8};
  EXPECT_EQ(error_of([&] { round_trip(PageKind::Nodes, page); }), "none");
  const PageKey late{PageKind::Nodes, 0, 1'000'000 >> NodePage::kBits, 1};
  page.label_set.assign(NodePage::kSize, 0);
  std::string message;
  EXPECT_EQ(
      error_of([&] { decode_page(late, AlignedBytes(std::string_view(encode_page(late, page))), kLimits); }, &message),
      "StorageError.Corrupt");
  EXPECT_NE(message.find("page 244 of nodes 0 (epoch 1)"), std::string::npos) << message;
}

TEST(PageCodec, RelationshipsComeBack) {
  RelationshipPage page;
  page.type = 4;
  for (uint32_t i = 0; i < 1'000; ++i) {
    page.sources.push_back(i % 5 == 0 ? RelationshipPage::kAbsent : i / 10);
    page.targets.push_back(i % 5 == 0 ? RelationshipPage::kAbsent : 999'999 - i);
  }
  auto decoded = round_trip(PageKind::Relationships, page);
  EXPECT_EQ(as<RelationshipPage>(decoded).sources, page.sources);
  EXPECT_EQ(as<RelationshipPage>(decoded).targets, page.targets);
  EXPECT_TRUE(as<RelationshipPage>(decoded).types.empty());
  EXPECT_EQ(as<RelationshipPage>(decoded).type, 4u);
  for (uint32_t i = 0; i < 1'000; ++i) page.types.push_back(i % 5 == 0 ? RelationshipPage::kAbsent : i % 5);
  decoded = round_trip(PageKind::Relationships, page);
  EXPECT_EQ(as<RelationshipPage>(decoded).types, page.types);
  page.types[1] = 5;
  EXPECT_EQ(error_of([&] { round_trip(PageKind::Relationships, page); }), "StorageError.Corrupt");
}

// ---- adjacency ----

std::vector<AdjacencyEntry> entries(const AdjacencyPage& page, uint32_t node) {
  Adjacency table;
  table.set(0, std::make_unique<AdjacencyPage>(page), 1);
  AdjacencyCursor cursor;
  cursor.open(table, NodeId(node));
  std::vector<AdjacencyEntry> out;
  for (AdjacencySegment segment; cursor.next(segment);) {
    for (uint32_t i = 0; i < segment.size; ++i) out.push_back({segment.neighbours[i], segment.rel(i)});
  }
  return out;
}

void expect_same_lists(const AdjacencyPage& page) {
  const auto decoded = round_trip(PageKind::Adjacency, page);
  for (uint32_t node = 0; node < kAdjacencyPageSize; ++node) {
    ASSERT_EQ(entries(as<AdjacencyPage>(decoded), node), entries(page, node)) << "node " << node;
    ASSERT_EQ(as<AdjacencyPage>(decoded).degree(node), page.degree(node));
  }
}

TEST(PageCodec, AnEmptyAdjacencyComesBack) { expect_same_lists({}); }

TEST(PageCodec, AdjacencyWithADeltaComesBackCompacted) {
  AdjacencyPage page;
  for (uint32_t i = 0; i < 100; ++i) page.insert(i * 20 % kAdjacencyPageSize, {999'999 - i, i});
  ASSERT_FALSE(page.delta.empty());
  expect_same_lists(page);
  EXPECT_TRUE(as<AdjacencyPage>(round_trip(PageKind::Adjacency, page)).delta.empty());
  page.compact();
  page.remove(20, {999'998, 1});
  page.insert(20, {5, 5});
  expect_same_lists(page);
}

TEST(PageCodec, RelationshipsCountedFromTheFirstComeBackCounted) {
  AdjacencyPage page;
  std::vector<uint32_t> nodes;
  std::vector<AdjacencyEntry> list;
  for (uint32_t i = 0; i < 5'000; ++i) {
    nodes.push_back(i / 5);
    list.push_back({i % 5 * 1'000 + i / 5, 70'000 + i});
  }
  page.bulk_insert(nodes.data(), list.data(), list.size());
  ASSERT_TRUE(page.base->rels.empty());
  expect_same_lists(page);
  const auto decoded = round_trip(PageKind::Adjacency, page);
  EXPECT_TRUE(as<AdjacencyPage>(decoded).base->rels.empty());
  EXPECT_EQ(as<AdjacencyPage>(decoded).base->first_rel, 70'000u);
}

AdjacencyPage page_with_huge_list(uint32_t size) {
  AdjacencyPage page;
  std::vector<uint32_t> nodes(size, 7);
  std::vector<AdjacencyEntry> list;
  for (uint32_t i = 0; i < size; ++i) list.push_back({i / 2, i * 3});
  nodes.push_back(9);
  list.push_back({1, 1});
  page.bulk_insert(nodes.data(), list.data(), list.size());
  return page;
}

TEST(PageCodec, AHugeListComesBackInChunks) {
  AdjacencyPage page = page_with_huge_list(300'000);
  ASSERT_EQ(page.huge.size(), 1u);
  expect_same_lists(page);
  page.insert(8, {3, 9'000'000});
  page.insert(7, {3, 9'000'001});
  expect_same_lists(page);
}

// ---- columns ----

ColumnPage column_of(const std::vector<std::pair<uint16_t, Value>>& entries) {
  ColumnPage page;
  page.base = ColumnPage::build(entries);
  return page;
}

void expect_same_values(const ColumnPage& page) {
  const auto decoded = round_trip(PageKind::NodeColumn, page);
  for (uint32_t i = 0; i < kColumnPageSize; ++i) {
    const Value value = page.get(i);
    const Value other = as<ColumnPage>(decoded).get(i);
    ASSERT_EQ(other.kind(), value.kind()) << i;
    ASSERT_EQ(other.to_literal(), value.to_literal()) << i;
    ASSERT_EQ(as<ColumnPage>(decoded).has(i), page.has(i));
  }
}

TEST(PageCodec, ColumnsOfEveryTypeComeBack) {
  expect_same_values({});
  const std::vector<std::function<Value(uint32_t)>> kinds{
      [](uint32_t i) { return Value(static_cast<int64_t>(i) * -1'000'000'007); },
      [](uint32_t i) { return Value(i / 3.0); },
      [](uint32_t i) { return Value(i % 3 == 0); },
      [](uint32_t i) { return Value(Date{static_cast<int64_t>(i) - 2'000}); },
      [](uint32_t i) { return Value(std::string(i % 17, 'a')); },
      [](uint32_t i) { return storable_values()[i % storable_values().size()]; },
  };
  const std::vector<ColumnType> types{ColumnType::Integer, ColumnType::Float,  ColumnType::Boolean,
                                      ColumnType::Date,    ColumnType::String, ColumnType::Mixed};
  for (size_t k = 0; k < kinds.size(); ++k) {
    for (const uint32_t step : {1u, 100u, 4'095u}) {
      std::vector<std::pair<uint16_t, Value>> entries;
      for (uint32_t i = 0; i < kColumnPageSize; i += step) entries.emplace_back(static_cast<uint16_t>(i), kinds[k](i));
      if (types[k] == ColumnType::Mixed && step > 1'000) continue;  // two values, perhaps of one type
      const ColumnPage page = column_of(entries);
      ASSERT_EQ(page.base->type, types[k]);
      expect_same_values(page);
      const auto decoded = round_trip(PageKind::NodeColumn, page);
      EXPECT_EQ(as<ColumnPage>(decoded).base->type, types[k]);
    }
  }
}

TEST(PageCodec, AColumnWithADeltaComesBackCompacted) {
  ColumnPage page = column_of({{0, Value(1)}, {5, Value(2)}, {4'095, Value(3)}});
  page.set(5, {});
  page.set(6, Value("now mixed"));
  page.set(0, Value(9));
  expect_same_values(page);
  page = column_of({{1, Value(1)}});
  page.set(1, {});
  expect_same_values(page);
}

TEST(PageCodec, AColumnHasNoValuesPastTheLastId) {
  const ColumnPage page = column_of({{4'000, Value(1)}});
  PageLimits limits = kLimits;
  limits.nodes = 4'000;
  const PageKey key = key_of(PageKind::NodeColumn);
  const AlignedBytes record{std::string_view(encode_page(key, page))};
  EXPECT_EQ(error_of([&] { decode_page(key, record, limits); }), "StorageError.Corrupt");
  limits.nodes = 4'001;
  EXPECT_EQ(error_of([&] { decode_page(key, record, limits); }), "none");
}

// ---- labels, indexes ----

void expect_same_members(const Roaring& members) {
  LabelPage page;
  page.members = members;
  EXPECT_TRUE(as<LabelPage>(round_trip(PageKind::Label, page)).members == members);
}

TEST(PageCodec, LabelsComeBackInEitherForm) {
  Roaring members;
  expect_same_members(members);
  members.add(0);
  members.add(65'535);
  expect_same_members(members);
  Roaring all;
  all.addRange(0, 65'536);
  expect_same_members(all);
  std::mt19937_64 random(5);
  for (const uint32_t count : {100u, 4'000u, 30'000u}) {
    Roaring some;
    for (uint32_t i = 0; i < count; ++i) some.add(static_cast<uint32_t>(random() % 65'536));
    expect_same_members(some);
  }
}

TEST(PageCodec, OrderedPagesComeBack) {
  OrderedPage page;
  for (const Value& value : storable_values()) page.entries.push_back({value, 1});
  page.entries.push_back({Value(int64_t{0}), 2});
  const auto less = [](const OrderedPage::Entry& a, const OrderedPage::Entry& b) {
    const auto order = Value::order(a.value, b.value);
    return order < 0 || (order == 0 && a.node < b.node);
  };
  std::sort(page.entries.begin(), page.entries.end(), less);
  page.entries.erase(std::unique(page.entries.begin(), page.entries.end(),
                                 [&](const auto& a, const auto& b) { return !less(a, b) && !less(b, a); }),
                     page.entries.end());
  const auto decoded = round_trip(PageKind::OrderedIndex, page);
  const auto& entries = as<OrderedPage>(decoded).entries;
  ASSERT_EQ(entries.size(), page.entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].value.to_literal(), page.entries[i].value.to_literal());
    EXPECT_EQ(entries[i].node, page.entries[i].node);
  }
  std::swap(page.entries[0], page.entries[1]);
  EXPECT_EQ(error_of([&] { round_trip(PageKind::OrderedIndex, page); }), "StorageError.Corrupt");
}

TEST(PageCodec, IntegersOfOrderedPagesTakeFewBytes) {
  OrderedPage page;
  for (int64_t i = -200; i < 200; ++i) page.entries.push_back({Value(i * 7), static_cast<uint32_t>(i + 200)});
  page.entries.push_back({Value(std::numeric_limits<int64_t>::max()), 1});
  EXPECT_LT(encode_page(key_of(PageKind::OrderedIndex), page).size(), 700u);
  const auto decoded = round_trip(PageKind::OrderedIndex, page);
  for (size_t i = 0; i < page.entries.size(); ++i) {
    ASSERT_EQ(as<OrderedPage>(decoded).entries[i].value.as_integer(), page.entries[i].value.as_integer());
    ASSERT_EQ(as<OrderedPage>(decoded).entries[i].node, page.entries[i].node);
  }
}

// ---- lists, and what stands in the table of relationships ----

/// Nodes with one relationship each, numbered in the order of their sources: In lists of these.
AdjacencyPage relative_lists() {
  std::mt19937_64 random(21);
  std::vector<std::pair<uint32_t, uint32_t>> ends;
  for (uint32_t source = 0; source < 4'000; ++source) ends.emplace_back(random() % kAdjacencyPageSize, source);
  std::sort(ends.begin(), ends.end());
  std::vector<uint32_t> nodes;
  std::vector<AdjacencyEntry> list;
  for (const auto& [node, source] : ends) {
    nodes.push_back(node);
    list.push_back({source, 50'000 + source});
  }
  AdjacencyPage page;
  page.bulk_insert(nodes.data(), list.data(), list.size());
  return page;
}

ColumnPage coded_texts() {
  std::vector<std::pair<uint16_t, Value>> values;
  for (uint16_t i = 0; i < 3'000; ++i) values.emplace_back(i, Value(i % 3 == 0 ? "chair" : "participant"));
  ColumnPage page;
  page.base = ColumnPage::build(values);
  return page;
}

TEST(PageCodec, RelationshipsThatFollowFromTheNeighboursTakeNoBits) {
  const AdjacencyPage page = relative_lists();
  ASSERT_FALSE(page.base->rels.empty());
  expect_same_lists(page);
  EXPECT_LT(encode_page(key_of(PageKind::Adjacency), page).size(), 4'000u * 14 / 8 + 1'500);
}

TEST(PageCodec, TextsThatRepeatAreStoredByNumber) {
  const ColumnPage page = coded_texts();
  ASSERT_FALSE(page.base->codes.empty());
  EXPECT_LT(encode_page(key_of(PageKind::NodeColumn), page).size(), 1'500u);
  const auto decoded = round_trip(PageKind::NodeColumn, page);
  for (uint32_t i = 0; i < kColumnPageSize; ++i) {
    ASSERT_EQ(as<ColumnPage>(decoded).get(i).to_literal(), page.get(i).to_literal());
  }
}

/// A table of relationships, by page.
struct Table final : TargetSource {
  PageTable<RelationshipPage> pages;

  void add(uint32_t rel, uint32_t source, uint32_t target) {
    RelationshipPage& page = pages.mutate(rel / RelationshipPage::kSize, 1);
    page.sources.resize(rel % RelationshipPage::kSize, RelationshipPage::kAbsent);
    page.targets.resize(rel % RelationshipPage::kSize, RelationshipPage::kAbsent);
    page.type = 2;
    page.sources.push_back(source);
    page.targets.push_back(target);
  }
  std::shared_ptr<const std::vector<uint32_t>> targets(uint32_t number) const override {
    const PageKey key{PageKind::Relationships, 0, number, 1};
    const std::string record = encode_page(key, *pages.find(number));
    return std::make_shared<const std::vector<uint32_t>>(decode_targets(key, AlignedBytes(std::string_view(record))));
  }
};

constexpr PageKey kOutKey{PageKind::Adjacency, 4, 0, 17};

/// What comes back of Out lists that are written with this table at hand.
AdjacencyPage with_table(const AdjacencyPage& page, const Table& table, size_t* bytes) {
  const std::string record = encode_page(kOutKey, page, &table.pages);
  *bytes = record.size();
  PageLimits limits = kLimits;
  limits.table = &table;
  return as<AdjacencyPage>(decode_page(kOutKey, AlignedBytes(std::string_view(record)), limits));
}

TEST(PageCodec, OutListsReferToTheTableOfRelationships) {
  std::mt19937_64 random(22);
  Table table;
  AdjacencyPage page;
  uint32_t rel = 3 * RelationshipPage::kSize - 100;  // lists that go on from one page of the table to the next
  std::vector<uint32_t> nodes;
  std::vector<AdjacencyEntry> list;
  for (uint32_t node = 0; node < 1'000; ++node) {
    std::vector<uint32_t> targets(random() % 12);
    for (uint32_t& target : targets) target = static_cast<uint32_t>(random() % 1'000'000);
    std::sort(targets.begin(), targets.end());
    for (const uint32_t target : targets) {
      table.add(rel, node, target);
      nodes.push_back(node);
      list.push_back({target, rel++});
    }
  }
  page.bulk_insert(nodes.data(), list.data(), list.size());
  size_t bytes = 0;
  AdjacencyPage decoded = with_table(page, table, &bytes);
  EXPECT_EQ(decoded.base->neighbours, page.base->neighbours);
  EXPECT_EQ(decoded.base->offsets, page.base->offsets);
  EXPECT_LT(bytes, 1'500u);

  page.remove(nodes[40], list[40]);  // ids are no longer counted from the first
  page.compact();
  ASSERT_FALSE(page.base->rels.empty());
  decoded = with_table(page, table, &bytes);
  EXPECT_EQ(decoded.base->neighbours, page.base->neighbours);
  EXPECT_EQ(decoded.base->rels, page.base->rels);
  EXPECT_LT(bytes, 2'500u);

  // A table that says otherwise is not referred to.
  table.pages.mutate(3, 1).targets[7] ^= 1;
  decoded = with_table(page, table, &bytes);
  EXPECT_EQ(decoded.base->neighbours, page.base->neighbours);
  EXPECT_GT(bytes, 10'000u);
  // Nor is one of which many pages would have to be read.
  Table scattered;
  AdjacencyPage far;
  for (uint32_t i = 0; i < 200; ++i) {
    scattered.add(i * RelationshipPage::kSize, i, i * 5);
    far.insert(i, {i * 5, i * RelationshipPage::kSize});
  }
  decoded = with_table(far, scattered, &bytes);
  EXPECT_EQ(entries(decoded, 150), entries(far, 150));
  EXPECT_NO_THROW(
      decode_page(kOutKey, AlignedBytes(std::string_view(encode_page(kOutKey, far, &scattered.pages))), kLimits));
}

TEST(PageCodec, WithoutTheTableAPageThatRefersToItIsCorrupt) {
  Table table;
  AdjacencyPage page;
  for (uint32_t i = 0; i < 300; ++i) {
    table.add(i, i, i + 1);
    page.insert(i, {i + 1, i});
  }
  const std::string record = encode_page(kOutKey, page, &table.pages);
  EXPECT_EQ(error_of([&] { decode_page(kOutKey, AlignedBytes(std::string_view(record)), kLimits); }),
            "StorageError.Corrupt");
}

// ---- damage ----

struct Sample {
  PageKind kind;
  std::string record;
};

std::vector<Sample> samples() {
  std::vector<Sample> out;
  const auto add = [&](PageKind kind, const Page& page) { out.push_back({kind, encode_page(key_of(kind), page)}); };
  NodePage nodes;
  nodes.label_set = {1, 2, NodePage::kAbsent, 3};
  add(PageKind::Nodes, nodes);
  RelationshipPage relationships;
  relationships.sources = {1, 2, RelationshipPage::kAbsent};
  relationships.targets = {2, 1, RelationshipPage::kAbsent};
  relationships.types = {0, 1, 2};
  add(PageKind::Relationships, relationships);
  AdjacencyPage adjacency;
  for (uint32_t i = 0; i < 300; ++i) adjacency.insert(i, {i * 3 % 100, 300 - i});
  add(PageKind::Adjacency, adjacency);
  add(PageKind::Adjacency, page_with_huge_list(17'000));
  add(PageKind::NodeColumn, column_of({{0, Value(1)}, {70, Value(-4)}, {71, Value(100)}}));
  add(PageKind::RelationshipColumn, column_of({{0, Value("one")}, {70, Value("")}, {71, Value("three")}}));
  std::vector<std::pair<uint16_t, Value>> mixed;
  for (const Value& value : storable_values()) {
    if (value.heap_bytes() < 1'000) mixed.emplace_back(static_cast<uint16_t>(mixed.size() * 3), value);
  }
  add(PageKind::NodeColumn, column_of(mixed));
  add(PageKind::NodeColumn, column_of({{0, Value(1.5)}, {70, Value(2.5)}}));
  LabelPage label;
  label.members.addRange(10, 90);
  label.members.add(100);
  add(PageKind::Label, label);
  add(PageKind::RelationshipColumn, coded_texts());
  add(PageKind::Adjacency, relative_lists());
  OrderedPage ordered;
  for (uint32_t i = 0; i < 200; ++i) ordered.entries.push_back({Value(static_cast<int64_t>(i / 2)), i});
  add(PageKind::OrderedIndex, ordered);
  return out;
}

/// Reads all that a reader of the page may read; under a sanitizer this shows whether the structure is sound.
void read_all(PageKind kind, const Page& page) {
  EXPECT_GT(page.bytes(), 0u);
  if (kind == PageKind::Adjacency) {
    const auto& adjacency = dynamic_cast<const AdjacencyPage&>(page);
    for (uint32_t node = 0; node < kAdjacencyPageSize; node += 3) {
      EXPECT_EQ(entries(adjacency, node).size(), adjacency.degree(node));
    }
  } else if (kind == PageKind::NodeColumn || kind == PageKind::RelationshipColumn) {
    const auto& column = dynamic_cast<const ColumnPage&>(page);
    for (uint32_t i = 0; i < kColumnPageSize; ++i) EXPECT_EQ(column.get(i).is_null(), !column.has(i));
  } else if (kind == PageKind::Label) {
    std::vector<uint32_t> members(dynamic_cast<const LabelPage&>(page).members.cardinality());
    dynamic_cast<const LabelPage&>(page).members.toUint32Array(members.data());
  }
}

TEST(PageCodecDamage, EveryFlippedBitIsFoundAndThePageNamed) {
  for (const Sample& sample : samples()) {
    for (size_t bit = 0; bit<sample.record.size() * 8; bit += sample.record.size()> 2'000 ? 997 : 13) {
      std::string damaged = sample.record;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      std::string message;
      ASSERT_EQ(error_of([&] { decode_page(key_of(sample.kind), AlignedBytes(std::string_view(damaged)), kLimits); },
                         &message),
                "StorageError.Corrupt");
      ASSERT_NE(message.find(describe(key_of(sample.kind))), std::string::npos) << message;
    }
  }
}

TEST(PageCodecDamage, APageUnderAnotherKeyIsCorrupt) {
  const Sample sample = samples()[0];
  PageKey other = key_of(sample.kind);
  ++other.number;
  EXPECT_EQ(error_of([&] { decode_page(other, AlignedBytes(std::string_view(sample.record)), kLimits); }),
            "StorageError.Corrupt");
}

TEST(PageCodecDamage, BytesUnderAValidChecksumGiveASoundPageOrCorrupt) {
  std::mt19937_64 random(8);
  for (const Sample& sample : samples()) {
    const PageKey key = key_of(sample.kind);
    const std::string payload = sample.record.substr(kChecksumBytes);
    int refused = 0;
    const int rounds = payload.size() > 20'000 ? 200 : 1'000;
    for (int round = 0; round < rounds; ++round) {
      std::string damaged = payload;
      if (random() % 8 == 0) damaged.resize(random() % payload.size());
      for (uint64_t flips = 1 + random() % 3; flips > 0 && !damaged.empty(); --flips) {
        const uint64_t limit = random() % 2 == 0 ? std::min<uint64_t>(damaged.size(), 200) : damaged.size();
        char& byte = damaged[random() % limit];
        byte = random() % 2 == 0 ? static_cast<char>(random()) : static_cast<char>(byte ^ 1 << random() % 8);
      }
      const std::string code = error_of([&] {
        const AlignedBytes record{std::string_view(seal(encode_page_key(key), damaged))};
        read_all(key.kind, *decode_page(key, record, kLimits));
      });
      ASSERT_TRUE(code == "none" || code == "StorageError.Corrupt") << code;
      if (code != "none") ++refused;
    }
    EXPECT_GT(refused, rounds / 10) << describe(key);
  }
}

}  // namespace
}  // namespace entente
