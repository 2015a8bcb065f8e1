// The parts of lists, paths and maps, for what walks through values. Internal to core.
#pragma once

#include "entente/core/value.h"

namespace entente {

inline const List& parts(const Value& v) { return v.is_path() ? v.as_path() : v.as_list(); }

inline size_t size_of(const Value& v) { return v.is_map() ? v.as_map().size() : parts(v).size(); }

inline const Value& part(const Value& v, size_t i) { return v.is_map() ? v.as_map()[i].second : parts(v)[i]; }

}  // namespace entente
