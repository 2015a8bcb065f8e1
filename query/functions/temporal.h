// The temporal functions over values: components, arithmetic, construction, truncation, differences.
//
// Construction and truncation are for an instant kind: Date, LocalTime, Time, LocalDateTime or DateTime. `now` is the
// statement's clock in UTC; it answers maps that hold a time zone only and gives a named zone its offset where a value
// has no date of its own. Values without a zone are taken to be in UTC where one is needed.
//
// All are pure and thread-safe. What cannot be done throws TypeError.InvalidArgumentType (wrong kinds),
// ArgumentError.InvalidArgumentValue (texts, fields and units that make no sense) or ArgumentError.NumberOutOfRange.
#pragma once

#include <span>
#include <string_view>

#include "entente/core/value.h"

namespace entente {

/// The component `name` of a temporal value, as `value.name` gives it; null if the kind has no such component.
Value temporal_component(const Value& temporal, std::string_view name);
/// What puts a component in the place of each of the dates, which are given as days since 1970-01-01.
using DateComponent = void (*)(std::span<int64_t> dates);
/// The one of that name; null if dates have none.
DateComponent date_component(std::string_view name);

// Operators. Instants take durations; durations take durations and numbers. Null if an argument is null.
Value temporal_add(const Value& a, const Value& b);
Value temporal_subtract(const Value& a, const Value& b);
Value temporal_multiply(const Value& a, const Value& b);
Value temporal_divide(const Value& a, const Value& b);

/// `date(from)` and its like: from a text, a map of fields, or a value that has the parts needed.
Value make_temporal(ValueKind kind, const Value& from, const DateTime& now);
/// The instant `now` as this kind shows it in a zone, given by offset or name; empty for UTC.
Value current_temporal(ValueKind kind, const DateTime& now, std::string_view zone);
/// `datetime.truncate(unit, input, fields)` and its like; `fields` are then set in what is left.
Value truncate_temporal(ValueKind kind, std::string_view unit, const Value& input, const Map& fields,
                        const DateTime& now);
/// `duration(from)`: from a text or a map of counts.
Value make_duration_value(const Value& from);

/// What a difference of two instants is measured in: all units, or only one and what is whole of it.
enum class DifferenceUnit : uint8_t { All, Months, Days, Seconds };
Duration temporal_difference(const Value& from, const Value& to, DifferenceUnit unit);

}  // namespace entente
