#include "entente/query/functions/temporal.h"

#include "entente/core/error.h"
#include "entente/query/functions/registry.h"

namespace entente {

namespace {

std::string name_of(const Value& v) { return std::string(kind_name(v.kind())); }

[[noreturn]] void fail_operands(const char* operation, const Value& a, const Value& b) {
  throw Error::type("InvalidArgumentType", std::string("Cannot ") + operation + " values of the types " + name_of(a) +
                                               " and " + name_of(b) + ".");
}

bool is_duration(const Value& v) { return v.kind() == ValueKind::Duration; }

Value shift(const Value& instant, const Duration& by) {
  switch (instant.kind()) {
    case ValueKind::Date:
      return add(instant.as_date(), by);
    case ValueKind::LocalTime:
      return add(instant.as_local_time(), by);
    case ValueKind::Time:
      return add(instant.as_time(), by);
    case ValueKind::LocalDateTime:
      return add(instant.as_local_date_time(), by);
    case ValueKind::DateTime:
      return add(instant.as_date_time(), by);
    default:
      return add(instant.as_duration(), by);
  }
}

using Clock = DateTime (*)(FunctionContext&);

struct InstantFunctions {
  const char* name;
  ValueKind kind;
};

constexpr InstantFunctions kInstants[] = {{"date", ValueKind::Date},
                                          {"localtime", ValueKind::LocalTime},
                                          {"time", ValueKind::Time},
                                          {"localdatetime", ValueKind::LocalDateTime},
                                          {"datetime", ValueKind::DateTime}};

struct NamedClock {
  const char* name;
  const char* description;
  Clock now;
};

const NamedClock kClocks[] = {
    {"transaction", "the time the transaction began", [](FunctionContext& c) { return c.transaction_time(); }},
    {"statement", "the time the statement began", [](FunctionContext& c) { return c.statement_time(); }},
    {"realtime", "the time of the call", [](FunctionContext&) { return system_time(); }},
};

void add_constructor(FunctionRegistry& registry, const char* name, ValueKind kind) {
  Function f;
  f.name = name;
  f.parameters = {kStringType | kMapType | kInstantType};
  f.result = type_of(kind);
  f.deterministic = false;  // without an argument, or with a zone only, it reads the clock
  f.call = [kind](std::span<const Value> args, FunctionContext& context) {
    return args.empty() ? current_temporal(kind, context.statement_time(), {})
                        : make_temporal(kind, args[0], context.statement_time());
  };
  f.description =
      std::string("A ") + name + " from a text, a map of fields or another instant; now without an argument.";
  registry.add(std::move(f));
}

void add_clock(FunctionRegistry& registry, const char* name, ValueKind kind, const NamedClock& clock) {
  Function f;
  f.name = std::string(name) + "." + clock.name;
  f.parameters = {kStringType};
  f.result = type_of(kind);
  f.deterministic = false;
  f.call = [kind, now = clock.now](std::span<const Value> args, FunctionContext& context) {
    return current_temporal(kind, now(context), args.empty() ? std::string_view() : args[0].as_string());
  };
  f.description = std::string("The ") + name + " of " + clock.description + ", in UTC or in the zone given.";
  registry.add(std::move(f));
}

void add_truncation(FunctionRegistry& registry, const char* name, ValueKind kind) {
  Function f;
  f.name = std::string(name) + ".truncate";
  f.parameters = {kStringType, kInstantType, kMapType};
  f.required = 1;
  f.result = type_of(kind);
  f.deterministic = false;  // without an instant it reads the clock
  f.call = [kind](std::span<const Value> args, FunctionContext& context) {
    const DateTime& now = context.statement_time();
    const Value input = args.size() > 1 ? args[1] : Value(now);
    return truncate_temporal(kind, args[0].as_string(), input, args.size() > 2 ? args[2].as_map() : Map(), now);
  };
  f.description = std::string("A ") + name + " cut off below a unit, then changed by the fields of a map.";
  registry.add(std::move(f));
}

void add_difference(FunctionRegistry& registry, const char* name, DifferenceUnit unit, const char* description) {
  Function f;
  f.name = std::string("duration.") + name;
  f.parameters = {kInstantType, kInstantType};
  f.required = 2;
  f.result = kDurationType;
  f.call = [unit](std::span<const Value> args, FunctionContext&) {
    return Value(temporal_difference(args[0], args[1], unit));
  };
  f.description = description;
  registry.add(std::move(f));
}

void add_epoch_functions(FunctionRegistry& registry) {
  Function seconds;
  seconds.name = "datetime.fromepoch";
  seconds.parameters = {kIntegerType, kIntegerType};
  seconds.required = 1;
  seconds.result = type_of(ValueKind::DateTime);
  seconds.call = [](std::span<const Value> args, FunctionContext&) {
    const int64_t nanos = args.size() > 1 ? args[1].as_integer() : 0;
    return Value(add(DateTime{}, make_duration(0, 0, args[0].as_integer(), nanos)));
  };
  seconds.description = "The datetime so many seconds and nanoseconds after 1970-01-01T00:00Z.";
  registry.add(std::move(seconds));

  Function millis;
  millis.name = "datetime.fromepochmillis";
  millis.parameters = {kIntegerType};
  millis.required = 1;
  millis.result = type_of(ValueKind::DateTime);
  millis.call = [](std::span<const Value> args, FunctionContext&) {
    const int64_t count = args[0].as_integer();
    return Value(add(DateTime{}, make_duration(0, 0, count / 1'000, count % 1'000 * 1'000'000)));
  };
  millis.description = "The datetime so many milliseconds after 1970-01-01T00:00Z.";
  registry.add(std::move(millis));
}

}  // namespace

Value temporal_add(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  if (a.is_temporal() && is_duration(b)) return shift(a, b.as_duration());
  if (is_duration(a) && b.is_temporal()) return shift(b, a.as_duration());
  fail_operands("add", a, b);
}

Value temporal_subtract(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  if (a.is_temporal() && is_duration(b)) return shift(a, negate(b.as_duration()));
  fail_operands("subtract", a, b);
}

Value temporal_multiply(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  if (is_duration(a) && b.is_number()) return multiply(a.as_duration(), b.as_number());
  if (a.is_number() && is_duration(b)) return multiply(b.as_duration(), a.as_number());
  fail_operands("multiply", a, b);
}

Value temporal_divide(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  if (is_duration(a) && b.is_number()) return divide(a.as_duration(), b.as_number());
  fail_operands("divide", a, b);
}

void add_temporal_functions(FunctionRegistry& registry) {
  for (const auto& [name, kind] : kInstants) {
    add_constructor(registry, name, kind);
    for (const NamedClock& clock : kClocks) add_clock(registry, name, kind, clock);
    add_truncation(registry, name, kind);
  }
  add_epoch_functions(registry);
  Function duration;
  duration.name = "duration";
  duration.parameters = {kStringType | kMapType | kDurationType};
  duration.required = 1;
  duration.result = kDurationType;
  duration.call = [](std::span<const Value> args, FunctionContext&) { return make_duration_value(args[0]); };
  duration.description = "A duration from a text or a map of counts.";
  registry.add(std::move(duration));
  add_difference(registry, "between", DifferenceUnit::All,
                 "From the first instant to the second, in months, days and seconds.");
  add_difference(registry, "inMonths", DifferenceUnit::Months,
                 "From the first instant to the second, in whole months.");
  add_difference(registry, "inDays", DifferenceUnit::Days, "From the first instant to the second, in whole days.");
  add_difference(registry, "inSeconds", DifferenceUnit::Seconds, "From the first instant to the second, in seconds.");
}

}  // namespace entente
