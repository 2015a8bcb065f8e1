// Records: how every message stands on disk, with its checksum.
//
// A record is 8 bytes of checksum and a payload. The checksum is XXH3-64 over the payload, seeded with XXH3-64 of the
// record's key, so that a record under another record's key does not verify. A payload is a Cap'n Proto message, or the
// same packed.
//
// This header is for the codecs in storage/*.cc; Cap'n Proto's types and kj::Exception stay behind it. Pure functions.
// Those that read throw StorageError.Corrupt naming the record.
#pragma once

#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <capnp/serialize.h>
#include <kj/exception.h>
#include <kj/io.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "entente/storage/aligned_bytes.h"
#include "entente/storage/byte_codec.h"
#include "entente/storage/damage.h"

namespace entente {

inline constexpr size_t kChecksumBytes = 8;

/// A builder whose first segment holds a message with so many bytes of data.
struct Message : capnp::MallocMessageBuilder {
  static constexpr size_t kMinSegmentWords = 256;
  explicit Message(size_t data_bytes)
      : capnp::MallocMessageBuilder(
            static_cast<unsigned>(std::min<size_t>(data_bytes / sizeof(capnp::word) + kMinSegmentWords, 1u << 26))) {}
};

/// The record of a payload.
std::string seal(std::string_view key, std::string_view payload);
/// The record of a message, as it is or in Cap'n Proto's packed form (then with its length in words before it).
std::string seal(std::string_view key, capnp::MessageBuilder& message);
std::string seal_packed(std::string_view key, capnp::MessageBuilder& message);

/// The payload of a record. Throws Damage if the checksum does not hold.
std::string_view verify(std::string_view key, std::string_view record);

/// Calls `read`, and turns what decoders throw into StorageError.Corrupt naming the record.
template <class Fn>
auto reading(const std::string& name, Fn read) -> decltype(read()) {
  try {
    return read();
  } catch (const Damage& damage) {
    throw corrupt(name, damage.what());
  } catch (const kj::Exception& exception) {
    throw corrupt(name, exception.getDescription().cStr());
  }
}

/// Limits that let a message be read a few times over, and no more.
inline capnp::ReaderOptions reader_options(size_t words) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 4 * static_cast<uint64_t>(words) + 1024;
  options.nestingLimit = 16;
  return options;
}

/// Verifies the record and gives read(reader) for its message; `Root` is the schema's type. Throws
/// StorageError.Corrupt.
template <class Root, class Fn>
auto read_record(const std::string& name, std::string_view key, const AlignedBytes& record, Fn read) {
  return reading(name, [&] {
    const std::string_view payload = verify(key, record.view());
    require(payload.size() % sizeof(capnp::word) == 0, "its length is not that of a message");
    const size_t words = payload.size() / sizeof(capnp::word);
    const auto* begin = reinterpret_cast<const capnp::word*>(record.words() + kChecksumBytes / sizeof(uint64_t));
    capnp::FlatArrayMessageReader reader(kj::arrayPtr(begin, words), reader_options(words));
    require(reader.getEnd() == begin + words, "bytes follow its message");
    return read(reader.template getRoot<Root>());
  });
}

/// The most words that a byte of packed message can stand for: two bytes make up to 256 words of zeros.
inline constexpr uint64_t kMaxPackedGrowth = 128;

/// The same for a packed message.
template <class Root, class Fn>
auto read_packed_record(const std::string& name, std::string_view key, std::string_view record, Fn read) {
  return reading(name, [&] {
    ByteReader payload(verify(key, record));
    const uint64_t words = payload.fixed<uint64_t>();
    const std::string_view packed = payload.take(payload.left());
    require(words <= packed.size() * kMaxPackedGrowth, "its message is longer than its bytes can hold");
    kj::ArrayInputStream stream(kj::arrayPtr(reinterpret_cast<const kj::byte*>(packed.data()), packed.size()));
    capnp::PackedMessageReader reader(stream, reader_options(words));
    return read(reader.template getRoot<Root>());
  });
}

inline std::string_view bytes_of(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}
inline capnp::Data::Reader data_of(std::string_view bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}
template <class T>
std::vector<T> numbers_of(typename capnp::List<T>::Reader list) {
  std::vector<T> out;
  out.reserve(list.size());
  for (const T number : list) out.push_back(number);
  return out;
}
inline std::string string_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }

}  // namespace entente
