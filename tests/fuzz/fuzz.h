// What the fuzz targets share. A target is one source that defines LLVMFuzzerTestOneInput and asserts properties of
// what it runs, with `check`. It is linked with replay.cc, which runs the files of its corpus, and where libFuzzer is
// at hand with that instead.
//
// An input must do the same whenever it is run: no clock, no randomness of its own, nothing kept from input to input
// but what no input changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace entente::fuzz {

/// Ends the process, which is how a fuzzer learns of a failure, unless the property holds.
inline void check(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: %s\n", what.c_str());
  std::abort();
}

/// An input from its front on: choices first, and then the bytes that are left. At its end everything is 0.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {}

  uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto first = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return first;
  }
  size_t below(size_t bound) { return byte() % bound; }
  std::string_view take(size_t most) {
    const std::string_view taken = bytes_.substr(0, most);
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  /// Up to 255 bytes, whose number comes before them.
  std::string text() { return std::string(take(byte())); }
  std::string_view rest() { return take(bytes_.size()); }
  bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

}  // namespace entente::fuzz
