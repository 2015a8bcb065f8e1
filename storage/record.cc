#include "entente/storage/record.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace entente {
namespace {

uint64_t checksum(std::string_view key, std::string_view payload) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), XXH3_64bits(key.data(), key.size()));
}

void fill_checksum(std::string_view key, std::string& record) {
  const uint64_t sum = checksum(key, std::string_view(record).substr(kChecksumBytes));
  std::memcpy(record.data(), &sum, sizeof sum);
}

kj::ArrayPtr<kj::byte> writable(std::string& record, size_t from) {
  return kj::arrayPtr(reinterpret_cast<kj::byte*>(record.data()) + from, record.size() - from);
}

}  // namespace

std::string seal(std::string_view key, std::string_view payload) {
  std::string record(kChecksumBytes, '\0');
  record.append(payload);
  fill_checksum(key, record);
  return record;
}

std::string seal(std::string_view key, capnp::MessageBuilder& message) {
  std::string record(kChecksumBytes + capnp::computeSerializedSizeInWords(message) * sizeof(capnp::word), '\0');
  kj::ArrayOutputStream stream(writable(record, kChecksumBytes));
  capnp::writeMessage(stream, message);
  fill_checksum(key, record);
  return record;
}

std::string seal_packed(std::string_view key, capnp::MessageBuilder& message) {
  const uint64_t words = capnp::computeSerializedSizeInWords(message);
  kj::VectorOutputStream stream(words * 4 + 64);
  capnp::writePackedMessage(stream, message);
  const auto packed = stream.getArray().asChars();
  std::string record(kChecksumBytes, '\0');
  ByteWriter(record).fixed(words);
  record.append(packed.begin(), packed.size());
  fill_checksum(key, record);
  return record;
}

std::string_view verify(std::string_view key, std::string_view record) {
  require(record.size() >= kChecksumBytes, "it is shorter than its checksum");
  const std::string_view payload = record.substr(kChecksumBytes);
  require(checksum(key, payload) == load_u64(record.data()), "its checksum does not match");
  return payload;
}

}  // namespace entente
