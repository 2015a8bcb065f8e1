#include "entente/storage/value_codec.h"

#include <gtest/gtest.h>

#include <cmath>

#include "storage_fixture.h"

namespace entente {
namespace {

std::string encoded(const Value& value) {
  std::string bytes;
  encode_value(value, bytes);
  return bytes;
}

TEST(ValueCodec, EveryStorableValueComesBack) {
  for (const Value& value : storable_values()) {
    const std::string bytes = encoded(value);
    ByteReader reader(bytes);
    const Value decoded = decode_value(reader);
    EXPECT_EQ(reader.left(), 0u);
    EXPECT_EQ(decoded.kind(), value.kind());
    EXPECT_EQ(decoded.to_literal(), value.to_literal());
  }
}

TEST(ValueCodec, NotANumberKeepsItsBitsAndZeroItsSign) {
  ByteReader nan_reader{std::string_view("\x03\x01\x00\x00\x00\x00\x00\xF8\x7F", 9)};
  EXPECT_TRUE(std::isnan(decode_value(nan_reader).as_float()));
  const std::string zero = encoded(Value(-0.0));
  ByteReader zero_reader(zero);
  EXPECT_TRUE(std::signbit(decode_value(zero_reader).as_float()));
}

TEST(ValueCodec, TheBytesAreThoseOfTheFormat) {
  EXPECT_EQ(encoded(Value()), std::string("\x00", 1));
  EXPECT_EQ(encoded(Value(true)), "\x01\x01");
  EXPECT_EQ(encoded(Value(-3)), "\x02\x05");
  EXPECT_EQ(encoded(Value(150)), "\x02\xAC\x02");
  EXPECT_EQ(encoded(Value("hi")), "\x04\x02hi");
  EXPECT_EQ(encoded(Value(List{Value(1), Value("a")})),
            "\x05\x02\x02\x02\x04\x01"
            "a");
}

TEST(ValueCodec, WhatCannotBeStoredIsRefused) {
  EXPECT_EQ(error_of([] { encoded(Value::map({{"a", Value(1)}})); }), "StorageError.Unsupported");
  EXPECT_EQ(error_of([] { encoded(Value(NodeId(1))); }), "StorageError.Unsupported");
  Value deep(1);
  for (int i = 0; i < 40; ++i) deep = Value(List{deep});
  EXPECT_EQ(error_of([&] { encoded(deep); }), "StorageError.Unsupported");
}

TEST(ValueCodec, TruncatedValuesAreDamage) {
  for (const Value& value : storable_values()) {
    const std::string bytes = encoded(value);
    for (size_t length = 0; length < std::min<size_t>(bytes.size(), 64); ++length) {
      ByteReader reader(std::string_view(bytes).substr(0, length));
      EXPECT_THROW(decode_value(reader), Damage);
    }
  }
}

TEST(ValueCodec, HostileBytesAreDamage) {
  const std::vector<std::string> hostile{
      "\x06",                                              // a map
      "\x07\x01",                                          // a node
      "\xFF",                                              // no kind at all
      "\x01\x02",                                          // neither false nor true
      "\x05\xFF\xFF\xFF\xFF\x0F",                          // a list of four billion
      std::string(40, '\x05') + std::string(40, '\x01'),   // lists in lists
      "\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",      // a string of 2^64 - 1 bytes
      "\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F",      // an integer of more than 64 bits
      std::string("\x0B\x80\x80\xC2\xA7\xE2\xD2\x13", 8),  // 86,400 seconds of nanoseconds or more
  };
  for (const std::string& bytes : hostile) {
    ByteReader reader(bytes);
    EXPECT_THROW(decode_value(reader), Damage) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace entente
