// Bytes that begin at an address divisible by 8, as reading a message in place needs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace entente {

class AlignedBytes {
 public:
  explicit AlignedBytes(size_t size) : words_(new uint64_t[(size + 7) / 8]), size_(size) {}
  explicit AlignedBytes(std::string_view bytes) : AlignedBytes(bytes.size()) {
    if (!bytes.empty()) std::memcpy(words_.get(), bytes.data(), bytes.size());
  }
  size_t size() const { return size_; }
  const uint64_t* words() const { return words_.get(); }
  std::string_view view() const { return {reinterpret_cast<const char*>(words_.get()), size_}; }

 private:
  std::unique_ptr<uint64_t[]> words_;
  size_t size_;
};

}  // namespace entente
