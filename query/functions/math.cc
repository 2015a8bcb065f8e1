// Functions of numbers.
//
// Rounding to a number of decimals works on the shortest decimal text of a number, as it is shown, and not on its
// binary fraction: round(1.005, 2) is 1.01.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "entente/core/error.h"
#include "entente/query/functions/registry.h"

namespace entente {

namespace {

using Args = std::span<const Value>;

// ---- rounding ----

enum class Rounding : uint8_t { Up, Down, Ceiling, Floor, HalfUp, HalfDown, HalfEven };

Rounding rounding_mode(const std::string& name) {
  static constexpr std::pair<std::string_view, Rounding> kModes[] = {
      {"UP", Rounding::Up},
      {"DOWN", Rounding::Down},
      {"CEILING", Rounding::Ceiling},
      {"FLOOR", Rounding::Floor},
      {"HALF_UP", Rounding::HalfUp},
      {"HALF_DOWN", Rounding::HalfDown},
      {"HALF_EVEN", Rounding::HalfEven},
  };
  std::string upper = name;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  for (const auto& [mode_name, mode] : kModes) {
    if (upper == mode_name) return mode;
  }
  throw Error::argument("InvalidArgumentValue", "round(): '" + name +
                                                    "' is no rounding mode; give UP, DOWN, CEILING, FLOOR, HALF_UP, "
                                                    "HALF_DOWN or HALF_EVEN");
}

// Whether to round the magnitude up, of which `kept` digits stay and the rest is cut off.
bool rounds_up(const std::string& digits, size_t kept, bool negative, Rounding mode) {
  const std::string_view rest = std::string_view(digits).substr(kept);
  if (rest.find_first_not_of('0') == std::string_view::npos) return false;
  const bool tie = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string_view::npos;
  const bool above_half = rest[0] >= '5' && !tie;
  switch (mode) {
    case Rounding::Up:
      return true;
    case Rounding::Down:
      return false;
    case Rounding::Ceiling:
      return !negative;
    case Rounding::Floor:
      return negative;
    case Rounding::HalfUp:
      return above_half || tie;
    case Rounding::HalfDown:
      return above_half;
    case Rounding::HalfEven:
      return above_half || (tie && kept > 0 && (digits[kept - 1] - '0') % 2 == 1);
  }
  return false;
}

double round_decimal(double number, int64_t precision, Rounding mode) {
  if (!std::isfinite(number) || number == 0 || precision > 1100) return number;
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number), std::chars_format::scientific).ptr;
  // d.ddde±xx: the digits, and the decimal place of the first of them.
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t e = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  int exponent = 0;
  const size_t sign = text[e + 1] == '+' ? 1 : 0;
  std::from_chars(text.data() + e + 1 + sign, text.data() + text.size(), exponent);

  const int64_t keep = exponent + 1 + precision;  // digits before the place to round at
  if (keep >= static_cast<int64_t>(digits.size())) return number;
  if (keep < 0) {  // a leading zero stands for the place before the first
    digits.insert(0, static_cast<size_t>(-keep), '0');
    exponent += static_cast<int>(-keep);
  }
  const size_t kept = static_cast<size_t>(std::max<int64_t>(keep, 0));
  const bool negative = std::signbit(number);
  const bool up = rounds_up(digits, kept, negative, mode);
  std::string result = "0" + digits.substr(0, kept);
  if (up) {
    size_t i = result.size() - 1;
    while (result[i] == '9') result[i--] = '0';
    ++result[i];
  }
  result += "e" + std::to_string(-precision);
  double rounded = 0;
  std::from_chars(result.data(), result.data() + result.size(), rounded);
  return negative ? -rounded : rounded;
}

Value round(Args args, FunctionContext&) {
  const double number = args[0].as_number();
  // Without a mode, ties of whole numbers go towards positive infinity; else away from zero.
  if (args.size() < 2) {
    const double below = std::floor(number);
    return number - below >= 0.5 ? below + 1 : below;
  }
  const int64_t precision = args[1].as_integer();
  if (precision < 0) {
    throw Error::argument("NumberOutOfRange",
                          "round(): the precision must not be negative, but is " + std::to_string(precision));
  }
  const Rounding mode = args.size() > 2 ? rounding_mode(args[2].as_string()) : Rounding::HalfUp;
  return round_decimal(number, precision, mode);
}

// ---- the rest ----

Value abs(Args args, FunctionContext&) {
  if (args[0].is_float()) return std::fabs(args[0].as_float());
  const int64_t number = args[0].as_integer();
  if (number != INT64_MIN) return number < 0 ? -number : number;
  throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
              "abs(" + std::to_string(number) + ") does not fit an integer of 64 bits");
}

Value sign(Args args, FunctionContext&) {
  const double number = args[0].as_number();
  return number > 0 ? 1 : number < 0 ? -1 : 0;
}

Value is_nan(Args args, FunctionContext&) { return args[0].is_float() && std::isnan(args[0].as_float()); }

Value rand(Args, FunctionContext& context) {
  return static_cast<double>(context.random()() >> 11) * 0x1.0p-53;  // 53 random bits: [0, 1)
}

/// A random (version 4) UUID of RFC 4122.
Value random_uuid(Args, FunctionContext& context) {
  const uint64_t high = (context.random()() & ~uint64_t{0xF000}) | 0x4000;
  const uint64_t low = (context.random()() & ~(uint64_t{3} << 62)) | (uint64_t{1} << 63);
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xFFFFFFFFFFFF));
  return std::string(text);
}

/// A function from a number to a float.
void add_real(FunctionRegistry& registry, const char* name, double (*function)(double), const char* description) {
  registry.add(
      name, {kNumberType}, 1, kFloatType,
      [function](Args args, FunctionContext&) -> Value { return function(args[0].as_number()); }, description);
}

void add_trigonometry(FunctionRegistry& registry) {
  add_real(
      registry, "sin", [](double x) { return std::sin(x); }, "The sine of an angle in radians.");
  add_real(
      registry, "cos", [](double x) { return std::cos(x); }, "The cosine of an angle in radians.");
  add_real(
      registry, "tan", [](double x) { return std::tan(x); }, "The tangent of an angle in radians.");
  add_real(
      registry, "cot", [](double x) { return 1 / std::tan(x); }, "The cotangent of an angle in radians.");
  add_real(
      registry, "asin", [](double x) { return std::asin(x); }, "The arc sine, in radians.");
  add_real(
      registry, "acos", [](double x) { return std::acos(x); }, "The arc cosine, in radians.");
  add_real(
      registry, "atan", [](double x) { return std::atan(x); }, "The arc tangent, in radians.");
  registry.add(
      "atan2", {kNumberType, kNumberType}, 2, kFloatType,
      [](Args args, FunctionContext&) -> Value { return std::atan2(args[0].as_number(), args[1].as_number()); },
      "The angle in radians of the point (second, first).");
  add_real(
      registry, "sinh", [](double x) { return std::sinh(x); }, "The hyperbolic sine.");
  add_real(
      registry, "cosh", [](double x) { return std::cosh(x); }, "The hyperbolic cosine.");
  add_real(
      registry, "tanh", [](double x) { return std::tanh(x); }, "The hyperbolic tangent.");
  add_real(
      registry, "coth", [](double x) { return 1 / std::tanh(x); }, "The hyperbolic cotangent.");
  add_real(
      registry, "degrees", [](double x) { return x * (180 / std::numbers::pi); }, "Radians as degrees.");
  add_real(
      registry, "radians", [](double x) { return x * (std::numbers::pi / 180); }, "Degrees as radians.");
  add_real(
      registry, "haversin", [](double x) { return (1 - std::cos(x)) / 2; }, "Half the versine of an angle in radians.");
}

}  // namespace

void add_math_functions(FunctionRegistry& registry) {
  add_trigonometry(registry);
  registry.add("abs", {kNumberType}, 1, kNumberType, abs, "The absolute value.");
  registry.add("sign", {kNumberType}, 1, kIntegerType, sign, "-1, 0 or 1.");
  registry.add("isNaN", {kNumberType}, 1, kBooleanType, is_nan, "Whether the number is NaN.");
  add_real(
      registry, "ceil", [](double x) { return std::ceil(x); }, "The smallest whole number not below.");
  add_real(
      registry, "floor", [](double x) { return std::floor(x); }, "The largest whole number not above.");
  registry.add("round", {kNumberType, kIntegerType, kStringType}, 1, kFloatType, round,
               "The nearest whole number, or number with so many decimals, by a rounding mode.");
  add_real(
      registry, "sqrt", [](double x) { return std::sqrt(x); }, "The square root; NaN of a negative number.");
  add_real(
      registry, "exp", [](double x) { return std::exp(x); }, "e raised to a power.");
  add_real(
      registry, "log", [](double x) { return std::log(x); }, "The natural logarithm.");
  add_real(
      registry, "log10", [](double x) { return std::log10(x); }, "The logarithm to base 10.");
  registry.add(
      "e", {}, 0, kFloatType, [](Args, FunctionContext&) -> Value { return std::numbers::e; }, "The number e.");
  registry.add(
      "pi", {}, 0, kFloatType, [](Args, FunctionContext&) -> Value { return std::numbers::pi; }, "The number π.");
  registry.add("rand", {}, 0, kFloatType, rand, "A random number from 0 up to but without 1.", false);
  registry.add("randomUUID", {}, 0, kStringType, random_uuid, "A random UUID.", false);
}

}  // namespace entente
