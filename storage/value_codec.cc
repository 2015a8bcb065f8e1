#include "entente/storage/value_codec.h"

#include <bit>

namespace entente {
namespace {

constexpr int kMaxNesting = 16;
constexpr int64_t kMaxDays = 366'000'000'000;  // a little beyond year 999,999,999
constexpr int32_t kMaxOffset = 18 * 3600;

void encode(const Value& value, int depth, std::string& out) {
  ByteWriter writer(out);
  writer.u8(static_cast<uint8_t>(value.kind()));
  switch (value.kind()) {
    case ValueKind::Null:
      return;
    case ValueKind::Boolean:
      return writer.u8(value.as_boolean() ? 1 : 0);
    case ValueKind::Integer:
      return writer.zigzag(value.as_integer());
    case ValueKind::Float:
      return writer.fixed(value.as_float());
    case ValueKind::String:
      writer.varint(value.as_string().size());
      return writer.bytes(value.as_string());
    case ValueKind::List:
      if (depth >= kMaxNesting) throw Error::storage("Unsupported", "a list nested more than 16 deep cannot be stored");
      writer.varint(value.as_list().size());
      for (const Value& item : value.as_list()) encode(item, depth + 1, out);
      return;
    case ValueKind::Date:
      return writer.zigzag(value.as_date().days);
    case ValueKind::LocalTime:
      return writer.varint(static_cast<uint64_t>(value.as_local_time().nanos));
    case ValueKind::Time:
      writer.varint(static_cast<uint64_t>(value.as_time().local.nanos));
      return writer.zigzag(value.as_time().offset);
    case ValueKind::LocalDateTime:
      writer.zigzag(value.as_local_date_time().seconds);
      return writer.varint(static_cast<uint64_t>(value.as_local_date_time().nanos));
    case ValueKind::DateTime: {
      const DateTime& t = value.as_date_time();
      writer.zigzag(t.local.seconds);
      writer.varint(static_cast<uint64_t>(t.local.nanos));
      writer.zigzag(t.offset);
      writer.varint(t.zone.size());
      return writer.bytes(t.zone);
    }
    case ValueKind::Duration: {
      const Duration& d = value.as_duration();
      writer.zigzag(d.months);
      writer.zigzag(d.days);
      writer.zigzag(d.seconds);
      return writer.varint(static_cast<uint64_t>(d.nanos));
    }
    case ValueKind::Map:
    case ValueKind::Node:
    case ValueKind::Relationship:
    case ValueKind::Path:
      break;
  }
  throw Error::storage("Unsupported",
                       "a value of type " + std::string(kind_name(value.kind())) +
                           " cannot be stored; store a boolean, number, string, temporal value or a list of these");
}

int64_t nanos_of_day(ByteReader& reader) {
  const uint64_t nanos = reader.varint();
  require(nanos < static_cast<uint64_t>(kNanosPerDay), "a time is not within a day");
  return static_cast<int64_t>(nanos);
}

int32_t nanos_of_second(ByteReader& reader) {
  const uint64_t nanos = reader.varint();
  require(nanos < static_cast<uint64_t>(kNanosPerSecond), "nanoseconds exceed a second");
  return static_cast<int32_t>(nanos);
}

int32_t zone_offset(ByteReader& reader) {
  const int64_t offset = reader.zigzag();
  require(offset >= -kMaxOffset && offset <= kMaxOffset, "an offset from UTC is above 18 hours");
  return static_cast<int32_t>(offset);
}

LocalDateTime local_date_time(ByteReader& reader) {
  const int64_t seconds = reader.zigzag();
  require(seconds >= -kMaxDays * kSecondsPerDay && seconds <= kMaxDays * kSecondsPerDay, "a date-time is out of range");
  return {seconds, nanos_of_second(reader)};
}

Value decode(ByteReader& reader, int depth) {
  switch (static_cast<ValueKind>(reader.u8())) {
    case ValueKind::Null:
      return {};
    case ValueKind::Boolean: {
      const uint8_t b = reader.u8();
      require(b <= 1, "a boolean is neither 0 nor 1");
      return b == 1;
    }
    case ValueKind::Integer:
      return reader.zigzag();
    case ValueKind::Float:
      return reader.fixed<double>();
    case ValueKind::String:
      return std::string(reader.take(reader.varint()));
    case ValueKind::List: {
      require(depth < kMaxNesting, "lists are nested more than 16 deep");
      const uint64_t count = reader.varint();
      require(count <= reader.left(), "a list is longer than its bytes");  // each item has a tag
      List list;
      list.reserve(count);
      for (uint64_t i = 0; i < count; ++i) list.push_back(decode(reader, depth + 1));
      return list;
    }
    case ValueKind::Date: {
      const int64_t days = reader.zigzag();
      require(days >= -kMaxDays && days <= kMaxDays, "a date is out of range");
      return Date{days};
    }
    case ValueKind::LocalTime:
      return LocalTime{nanos_of_day(reader)};
    case ValueKind::Time: {
      const LocalTime local{nanos_of_day(reader)};
      return Time{local, zone_offset(reader)};
    }
    case ValueKind::LocalDateTime:
      return local_date_time(reader);
    case ValueKind::DateTime: {
      DateTime t;
      t.local = local_date_time(reader);
      t.offset = zone_offset(reader);
      t.zone = reader.take(reader.varint());
      return t;
    }
    case ValueKind::Duration: {
      Duration d;
      d.months = reader.zigzag();
      d.days = reader.zigzag();
      d.seconds = reader.zigzag();
      d.nanos = nanos_of_second(reader);
      return d;
    }
    default:
      throw Damage("a value has an unknown tag");
  }
}

}  // namespace

void encode_value(const Value& value, std::string& out) { encode(value, 0, out); }

Value decode_value(ByteReader& reader) { return decode(reader, 0); }

}  // namespace entente
