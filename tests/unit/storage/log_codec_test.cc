#include "entente/storage/log_codec.h"

#include <gtest/gtest.h>

#include <random>

#include "entente/storage/key_codec.h"
#include "entente/storage/record.h"
#include "storage_fixture.h"

namespace entente {
namespace {

ChangeSet all_kinds() {
  ChangeSet set;
  for (uint8_t kind = 1; kind <= 13; ++kind) {
    Change& change = set.changes.emplace_back();
    change.kind = static_cast<Change::Kind>(kind);
    change.flags = kind % 4;
    change.id = 0xFFFF'FFFF - kind;
    change.number = kind;
    change.source = 7u * kind;
    change.target = 0x8000'0000 + kind;
    change.numbers.assign(kind % 3, kind);
    change.text = kind % 2 == 0 ? "" : std::string("näme\0x", 8);
    change.value = kind % 2 == 0 ? Value() : Value(List{Value(kind), Value("v")});
  }
  for (const Value& value : storable_values()) {
    set.changes.emplace_back().kind = Change::Kind::SetNodeProperty;
    set.changes.back().value = value;
  }
  return set;
}

void expect_equal(const ChangeSet& a, const ChangeSet& b) {
  ASSERT_EQ(a.changes.size(), b.changes.size());
  for (size_t i = 0; i < a.changes.size(); ++i) {
    const Change& x = a.changes[i];
    const Change& y = b.changes[i];
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.flags, y.flags);
    EXPECT_EQ(x.id, y.id);
    EXPECT_EQ(x.number, y.number);
    EXPECT_EQ(x.source, y.source);
    EXPECT_EQ(x.target, y.target);
    EXPECT_EQ(x.numbers, y.numbers);
    EXPECT_EQ(x.text, y.text);
    EXPECT_EQ(x.value.kind(), y.value.kind());
    EXPECT_EQ(x.value.to_literal(), y.value.to_literal());
  }
}

TEST(LogCodec, EveryKindOfChangeComesBack) {
  const ChangeSet set = all_kinds();
  expect_equal(decode_commit(42, encode_commit(42, set)), set);
  expect_equal(decode_commit(1, encode_commit(1, {})), {});
}

TEST(LogCodec, ALargeChangeSetComesBack) {
  ChangeSet set;
  for (uint32_t i = 0; i < 50'000; ++i) {
    Change& change = set.changes.emplace_back();
    change.kind = Change::Kind::SetNodeProperty;
    change.id = i;
    change.value = Value(std::to_string(i));
  }
  const std::string record = encode_commit(9, set);
  EXPECT_LT(record.size(), set.changes.size() * 40);
  expect_equal(decode_commit(9, record), set);
}

TEST(LogCodec, ARecordUnderAnotherNumberIsCorruptAndNamed) {
  const std::string record = encode_commit(42, all_kinds());
  EXPECT_TRUE(is_intact_commit(42, record));
  EXPECT_FALSE(is_intact_commit(43, record));
  std::string message;
  EXPECT_EQ(error_of([&] { decode_commit(43, record); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("commit 43"), std::string::npos) << message;
}

TEST(LogCodec, EveryFlippedBitAndEveryTruncationIsFound) {
  const std::string record = encode_commit(42, all_kinds());
  for (size_t bit = 0; bit < record.size() * 8; bit += 61) {
    std::string damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(error_of([&] { decode_commit(42, damaged); }), "StorageError.Corrupt");
  }
  for (size_t length = 0; length < 64; ++length) {
    EXPECT_EQ(error_of([&] { decode_commit(42, record.substr(0, length)); }), "StorageError.Corrupt");
  }
}

/// Behind a checksum that holds, bytes may still be anything.
TEST(LogCodec, DamageUnderAValidChecksumGivesChangesOrCorrupt) {
  std::mt19937_64 random(3);
  const std::string payload = encode_commit(42, all_kinds()).substr(kChecksumBytes);
  int refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string damaged = payload.substr(0, random() % 8 == 0 ? random() % payload.size() : payload.size());
    for (uint64_t flips = 1 + random() % 4; flips > 0 && !damaged.empty(); --flips) {
      const uint64_t limit = random() % 2 == 0 ? std::min<uint64_t>(damaged.size(), 300) : damaged.size();
      damaged[random() % limit] = static_cast<char>(random());
    }
    const std::string code = error_of([&] { decode_commit(42, seal(encode_log_key(42), damaged)); });
    EXPECT_TRUE(code == "none" || code == "StorageError.Corrupt") << code;
    if (code != "none") ++refused;
  }
  EXPECT_GT(refused, 300);
}

TEST(LogCodec, ALengthThatTheBytesCannotHoldIsRefused) {
  std::string payload(16, '\0');
  payload[5] = 1;  // 2^40 words
  EXPECT_EQ(error_of([&] { decode_commit(42, seal(encode_log_key(42), payload)); }), "StorageError.Corrupt");
}

}  // namespace
}  // namespace entente
