// The hash that goes with equivalence.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "entente/core/value.h"
#include "entente/core/value_parts.h"

namespace entente {

namespace {

/// The bytes that stand for one value, without its parts: fixed-width numbers with the low byte first.
class Token {
 public:
  explicit Token(uint8_t tag) { bytes_[size_++] = tag; }
  Token& add(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) bytes_[size_++] = static_cast<uint8_t>(number >> shift);
    return *this;
  }
  Token& add(int64_t number) { return add(static_cast<uint64_t>(number)); }
  const uint8_t* data() const { return bytes_; }
  size_t size() const { return size_; }

 private:
  uint8_t bytes_[40];
  size_t size_ = 0;
};

/// Text that follows a token, or empty.
std::string_view text_of(const Value& v) {
  if (v.is_string()) return v.as_string();
  if (v.kind() == ValueKind::DateTime) return v.as_date_time().zone;
  return {};
}

/// Numbers that are equal have the same token: a float that is whole has an integer's.
Token number_token(double d) {
  constexpr uint64_t kNan = 0x7FF8000000000000;
  constexpr auto kFloat = static_cast<uint8_t>(ValueKind::Float);
  if (std::isnan(d)) return Token(kFloat).add(kNan);
  if (d >= -0x1p63 && d < 0x1p63 && std::trunc(d) == d) {
    return Token(static_cast<uint8_t>(ValueKind::Integer)).add(static_cast<int64_t>(d));
  }
  uint64_t bits;
  std::memcpy(&bits, &d, sizeof bits);
  return Token(kFloat).add(bits);
}

Token token_of(const Value& v) {
  Token token(static_cast<uint8_t>(v.kind()));
  switch (v.kind()) {
    case ValueKind::Null:
      return token;
    case ValueKind::Boolean:
      return token.add(static_cast<uint64_t>(v.as_boolean()));
    case ValueKind::Integer:
      return token.add(v.as_integer());
    case ValueKind::Float:
      return number_token(v.as_float());
    case ValueKind::String:
      return token.add(static_cast<uint64_t>(v.as_string().size()));
    case ValueKind::List:
    case ValueKind::Path:
      return token.add(static_cast<uint64_t>(parts(v).size()));
    case ValueKind::Map:
      return token.add(static_cast<uint64_t>(v.as_map().size()));
    case ValueKind::Node:
      return token.add(static_cast<uint64_t>(v.as_node().value));
    case ValueKind::Relationship:
      return token.add(static_cast<uint64_t>(v.as_relationship().value));
    case ValueKind::Date:
      return token.add(v.as_date().days);
    case ValueKind::LocalTime:
      return token.add(v.as_local_time().nanos);
    case ValueKind::Time:
      return token.add(v.as_time().local.nanos).add(int64_t{v.as_time().offset});
    case ValueKind::LocalDateTime:
      return token.add(v.as_local_date_time().seconds).add(int64_t{v.as_local_date_time().nanos});
    case ValueKind::DateTime: {
      const DateTime& t = v.as_date_time();
      return token.add(t.local.seconds).add(int64_t{t.local.nanos}).add(int64_t{t.offset});
    }
    case ValueKind::Duration: {
      const Duration& d = v.as_duration();
      return token.add(d.months).add(d.days).add(d.seconds).add(int64_t{d.nanos});
    }
  }
  return token;
}

// Not inlined: GCC would warn of reads past the token's end that its length rules out.
[[gnu::noinline]] uint64_t hash_bytes(const uint8_t* data, size_t size) { return XXH3_64bits(data, size); }

/// The stream of bytes that a container's hash is taken of.
class HashStream {
 public:
  HashStream() { XXH3_64bits_reset(&state_); }
  void add(std::string_view text) { XXH3_64bits_update(&state_, text.data(), text.size()); }
  void add(const Token& token) { XXH3_64bits_update(&state_, token.data(), token.size()); }
  /// What stands for the value itself: of a container not its parts.
  void add(const Value& value) {
    add(token_of(value));
    add(text_of(value));
    if (!value.is_map()) return;
    for (const auto& [key, part] : value.as_map()) {
      add(Token(static_cast<uint8_t>(ValueKind::String)).add(static_cast<uint64_t>(key.size())));
      add(std::string_view(key));
    }
  }
  uint64_t digest() const { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

constexpr uint8_t kHashTag = 0xFF;  // of a container that is there by its hash
/// A container with parts that are containers has so many of their parts in its own bytes, and the rest by hash.
constexpr size_t kMostInline = 4096;

}  // namespace

// The bytes are the tokens of the container and its parts in order: sizes come first, so no two shapes give the same
// bytes. Parts that are containers without containers in them stand there with their own parts (so that the list of an
// index's values has the hash of those), as long as they are few; all others stand there by their hash, which is kept:
// a walk over all would take time exponential in the depth where values share parts.
bool Value::hash_container(std::vector<const Value*>& missing) const {
  const auto is_nested = [](const Value& v) {
    for (size_t i = 0; i < size_of(v); ++i) {
      if (part(v, i).is_container()) return true;
    }
    return false;
  };
  HashStream stream;
  stream.add(*this);
  const size_t before = missing.size();
  size_t inlined = 0;
  for (size_t i = 0; i < size_of(*this); ++i) {
    const Value& v = part(*this, i);
    if (!v.is_container()) {
      stream.add(v);
      continue;
    }
    if (size_of(v) <= kMostInline - inlined && !is_nested(v)) {
      inlined += size_of(v);
      stream.add(v);
      for (size_t k = 0; k < size_of(v); ++k) stream.add(part(v, k));
      continue;
    }
    const uint64_t known = v.known_hash();
    if (known == 0) missing.push_back(&v);
    stream.add(Token(kHashTag).add(known));
  }
  if (missing.size() > before) return false;
  static_cast<const ContainerHeap*>(u_.heap)->hash_or_next.store(std::max<uint64_t>(stream.digest(), 1),
                                                                 std::memory_order_relaxed);
  return true;
}

uint64_t Value::hash() const {
  if (!is_container()) {
    const Token token = token_of(*this);
    const std::string_view text = text_of(*this);
    const uint64_t seed = hash_bytes(token.data(), token.size());
    return text.empty() ? seed : XXH3_64bits_withSeed(text.data(), text.size(), seed);
  }
  std::vector<const Value*> stack{this};
  while (!stack.empty()) {
    const Value& v = *stack.back();
    if (v.known_hash() != 0 || v.hash_container(stack)) stack.pop_back();
  }
  return known_hash();
}

}  // namespace entente
