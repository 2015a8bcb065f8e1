// Values as JSON, in the two shapes that the tools print.
//
// Plain: what a reader expects without knowing Cypher. Temporal values are ISO strings; a node is
// {"id","labels","properties"}, a relationship {"id","type","start","end","properties"}, a path a list of them in turn.
// NaN and infinities, which JSON lacks, are strings.
//
// Typed: the shape of the typed JSON of Neo4j's Query API, {"$type": …, "_value": …}, which loses nothing.
//
// Text is made valid UTF-8 on the way. Throws ResourceError.NestingTooDeep past kMaxJsonDepth levels of lists and maps.
#pragma once

#include <string>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "entente/core/value.h"

namespace entente {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

inline constexpr int kMaxJsonDepth = 1'000;

void write_text(JsonWriter& writer, std::string_view text);
void write_plain_json(JsonWriter& writer, const Value& value, int depth = 0);
void write_typed_json(JsonWriter& writer, const Value& value, int depth = 0);
std::string plain_json(const Value& value);
std::string typed_json(const Value& value);

}  // namespace entente
