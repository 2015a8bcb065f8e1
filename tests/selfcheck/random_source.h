// Random choices, and how long and from which seed the random tests run.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace entente::selfcheck {

/// A sequence of choices that its seed determines, on every machine. Or it is taken from bytes, one for a choice among
/// up to 256, so that a small change of the bytes is a small change of the choices; once they are used up it goes on
/// with a seed that is always the same.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  explicit Random(std::string_view bytes) : engine_(1), bytes_(bytes) {}
  uint64_t next() { return engine_(); }
  size_t below(size_t bound) {
    if (bytes_.empty() || bound > 256) return static_cast<size_t>(engine_() % bound);
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % bound;
  }
  int between(int low, int high) { return low + static_cast<int>(below(static_cast<size_t>(high - low + 1))); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class Container>
  const auto& pick(const Container& from) {
    return from[below(std::size(from))];
  }
  std::string pick(std::initializer_list<const char*> from) { return from.begin()[below(from.size())]; }

 private:
  std::mt19937_64 engine_;
  std::string_view bytes_;  // that are not used yet
};

/// The seed of this run: ENTENTE_SELFCHECK_SEED, or always the same one, so that a run fails for what was changed.
/// Printed once.
inline uint64_t run_seed() {
  static const uint64_t seed = [] {
    const char* given = getenv("ENTENTE_SELFCHECK_SEED");
    const uint64_t value = given != nullptr ? std::stoull(given) : 1;
    std::cout << "ENTENTE_SELFCHECK_SEED=" << value << std::endl;
    return value;
  }();
  return seed;
}

/// Time that is given to one random test: a share of ENTENTE_SELFCHECK_SECONDS (60 unless set).
class Budget {
 public:
  explicit Budget(double share) {
    const char* given = getenv("ENTENTE_SELFCHECK_SECONDS");
    const double seconds = (given != nullptr ? std::stod(given) : 60.0) * share;
    end_ = std::chrono::steady_clock::now() +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
  }
  bool left() const { return std::chrono::steady_clock::now() < end_; }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace entente::selfcheck
