// Values as bytes: a tag (the number of the ValueKind), then what the kind needs. See FORMAT.md, "Values".
//
// Only values that may be stored as properties have such a form: booleans, numbers, strings, temporal values, lists of
// these, and null. Pure functions.
#pragma once

#include <string>

#include "entente/core/value.h"
#include "entente/storage/byte_codec.h"

namespace entente {

/// Appends the value. Throws StorageError.Unsupported for maps, nodes, relationships and paths, and for lists nested
/// more than 16 deep.
void encode_value(const Value& value, std::string& out);

/// Takes one value off the reader. Throws Damage.
Value decode_value(ByteReader& reader);

}  // namespace entente
