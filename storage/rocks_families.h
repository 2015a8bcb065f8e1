// The column families of a database, in the order in which they are created, so that their numbers in RocksDB are
// these.
#pragma once

#include <array>
#include <cstddef>

namespace entente {

enum Family : size_t { kDefault, kMeta, kPages, kLog, kFamilies };
inline constexpr std::array<const char*, kFamilies> kFamilyNames{"default", "meta", "pages", "log"};

}  // namespace entente
