#include "entente/query/functions/registry.h"

#include <algorithm>
#include <chrono>

#include "entente/core/error.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::string type_set_name(TypeSet types) {
  if ((types | kNullType) == kAnyType) return "ANY";
  std::string name;
  for (unsigned kind = 1; kind <= static_cast<unsigned>(ValueKind::Duration); ++kind) {
    if ((types >> kind & 1) == 0) continue;
    if (!name.empty()) name += " | ";
    name += kind_name(static_cast<ValueKind>(kind));
  }
  return name.empty() ? std::string(kind_name(ValueKind::Null)) : name;
}

DateTime system_time() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const int64_t nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
  DateTime now;
  now.local.seconds = nanos / kNanosPerSecond;
  now.local.nanos = static_cast<int32_t>(nanos % kNanosPerSecond);
  return now;
}

const DateTime& FunctionContext::statement_time() {
  if (!statement_time_) statement_time_ = system_time();
  return *statement_time_;
}

std::mt19937_64& FunctionContext::random() {
  if (random_ == nullptr) random_ = std::make_unique<std::mt19937_64>(std::random_device{}());
  return *random_;
}

bool is_stable(const Function& function) {
  if (function.deterministic) return true;
  const bool temporal = (function.result & ~(kTemporalType | kNullType)) == 0;
  return temporal && !function.name.ends_with(".realtime");
}

void check_result_bytes(const FunctionContext& context, std::string_view function, uint64_t bytes) {
  if (bytes <= context.max_result_bytes) return;
  throw Error::resource("MemoryLimit", std::string(function) + "() would give a value of about " +
                                           std::to_string(bytes) + " bytes, but at most " +
                                           std::to_string(context.max_result_bytes) + " are allowed here");
}

void check_value_bytes(uint64_t bytes) {
  if (bytes <= kMaxValueBytes) return;
  throw Error::resource("MemoryLimit", "a list or string of " + std::to_string(bytes) +
                                           " bytes would be too long: a string may have " +
                                           std::to_string(kMaxValueBytes) + " bytes, a list " +
                                           std::to_string(kMaxValueBytes / sizeof(Value)) + " elements");
}

void check_arguments(const Function& function, std::span<const Value> args) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].is_null() || function.parameters.empty()) continue;
    const TypeSet expected = function.parameters[std::min(i, function.parameters.size() - 1)];
    if ((expected & type_of(args[i].kind())) != 0) continue;
    throw Error::type(function.mismatch_detail, function.name + "() expects " + type_set_name(expected) +
                                                    " as argument " + std::to_string(i + 1) + ", but was given " +
                                                    std::string(kind_name(args[i].kind())));
  }
}

void FunctionRegistry::add(Function function) {
  std::string key = lower_case(function.name);
  functions_.insert_or_assign(std::move(key), std::move(function));
}

void FunctionRegistry::add(const char* name, std::vector<TypeSet> parameters, size_t required, TypeSet result,
                           ScalarFunction call, const char* description, bool deterministic) {
  add({name, std::move(parameters), required, false, result, false, deterministic, std::move(call), description});
}

const Function* FunctionRegistry::find(std::string_view name) const {
  const auto found = functions_.find(lower_case(name));
  return found != functions_.end() ? &found->second : nullptr;
}

std::string FunctionRegistry::nearest(std::string_view name) const {
  std::vector<std::string> names;
  names.reserve(functions_.size());
  for (const auto& [key, function] : functions_) names.push_back(function.name);
  return nearest_name(name, names);
}

std::vector<const Function*> FunctionRegistry::all() const {
  std::vector<const Function*> result;
  result.reserve(functions_.size());
  for (const auto& [key, function] : functions_) result.push_back(&function);
  return result;
}

std::shared_ptr<const FunctionRegistry> FunctionRegistry::built_in() {
  auto registry = std::make_shared<FunctionRegistry>();
  add_scalar_functions(*registry);
  add_string_functions(*registry);
  add_math_functions(*registry);
  add_list_functions(*registry);
  add_temporal_functions(*registry);
  add_value_type_function(*registry);
  return registry;
}

}  // namespace entente
