// A block: its number of rows, the number of columns it may have, their multiplicities if they are not all 1, and for
// each column that is there its variable, type and data as they are in memory; values as a tag and what it needs.
#include "entente/query/exec/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "entente/core/error.h"
#include "entente/core/temporary_file.h"

namespace entente {
namespace {

constexpr size_t kMostDepth = 128;     // of lists in lists
constexpr size_t kMinHeld = 64 << 10;  // below this it is not worth it
constexpr size_t kShareOfLimit = 4;

template <class T>
void put(std::string& out, const T& v) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<uint64_t>(text.size()));
  out.append(text);
}

class BlockReader {
 public:
  explicit BlockReader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  T get() {
    T v;
    std::memcpy(&v, take(sizeof v).data(), sizeof v);
    return v;
  }
  std::string_view text() { return take(get<uint64_t>()); }
  std::string_view take(size_t size) {
    if (size > bytes_.size()) throw Error::resource("SpillFailed", "a temporary file was changed by somebody else");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view bytes_;
};

void put_value(std::string& out, const Value& value, size_t depth = 0);

void put_list(std::string& out, const List& list, size_t depth) {
  if (depth == kMostDepth) {
    throw Error::resource("MemoryLimit", "values nested deeper than " + std::to_string(kMostDepth) +
                                             " cannot be moved to disk; raise the memory limit");
  }
  put(out, static_cast<uint64_t>(list.size()));
  for (const Value& item : list) put_value(out, item, depth + 1);
}

void put_temporal(std::string& out, const Value& value) {
  switch (value.kind()) {
    case ValueKind::Date:
      return put(out, value.as_date().days);
    case ValueKind::LocalTime:
      return put(out, value.as_local_time().nanos);
    case ValueKind::Time:
      put(out, value.as_time().local.nanos);
      return put(out, value.as_time().offset);
    case ValueKind::LocalDateTime:
      put(out, value.as_local_date_time().seconds);
      return put(out, value.as_local_date_time().nanos);
    case ValueKind::DateTime: {
      const DateTime& time = value.as_date_time();
      put(out, time.local.seconds);
      put(out, time.local.nanos);
      put(out, time.offset);
      return put_text(out, time.zone);
    }
    default: {
      const Duration& duration = value.as_duration();
      put(out, duration.months);
      put(out, duration.days);
      put(out, duration.seconds);
      return put(out, duration.nanos);
    }
  }
}

void put_value(std::string& out, const Value& value, size_t depth) {
  put(out, value.kind());
  switch (value.kind()) {
    case ValueKind::Null:
      return;
    case ValueKind::Boolean:
      return put(out, value.as_boolean());
    case ValueKind::Integer:
      return put(out, value.as_integer());
    case ValueKind::Float:
      return put(out, value.as_float());
    case ValueKind::String:
      return put_text(out, value.as_string());
    case ValueKind::List:
      return put_list(out, value.as_list(), depth);
    case ValueKind::Path:
      return put_list(out, value.as_path(), depth);
    case ValueKind::Map: {
      List keys_and_values;
      for (const auto& [key, item] : value.as_map()) {
        keys_and_values.emplace_back(key);
        keys_and_values.push_back(item);
      }
      return put_list(out, keys_and_values, depth);
    }
    case ValueKind::Node:
      return put(out, value.as_node().value);
    case ValueKind::Relationship:
      return put(out, value.as_relationship().value);
    default:
      return put_temporal(out, value);
  }
}

Value get_value(BlockReader& in);

List get_list(BlockReader& in) {
  List list(in.get<uint64_t>());
  for (Value& item : list) item = get_value(in);
  return list;
}

Value get_map(BlockReader& in) {
  List keys_and_values = get_list(in);
  Map map;
  for (size_t i = 0; i + 1 < keys_and_values.size(); i += 2) {
    map.emplace_back(keys_and_values[i].as_string(), std::move(keys_and_values[i + 1]));
  }
  return Value::map(std::move(map));
}

Value get_temporal(BlockReader& in, ValueKind kind) {
  switch (kind) {
    case ValueKind::Date:
      return Date{in.get<int64_t>()};
    case ValueKind::LocalTime:
      return LocalTime{in.get<int64_t>()};
    case ValueKind::Time: {
      const auto nanos = in.get<int64_t>();
      return Time{LocalTime{nanos}, in.get<int32_t>()};
    }
    case ValueKind::LocalDateTime: {
      const auto seconds = in.get<int64_t>();
      return LocalDateTime{seconds, in.get<int32_t>()};
    }
    case ValueKind::DateTime: {
      DateTime time;
      time.local.seconds = in.get<int64_t>();
      time.local.nanos = in.get<int32_t>();
      time.offset = in.get<int32_t>();
      time.zone = std::string(in.text());
      return time;
    }
    default: {
      Duration duration;
      duration.months = in.get<int64_t>();
      duration.days = in.get<int64_t>();
      duration.seconds = in.get<int64_t>();
      duration.nanos = in.get<int32_t>();
      return duration;
    }
  }
}

Value get_value(BlockReader& in) {
  const auto kind = in.get<ValueKind>();
  switch (kind) {
    case ValueKind::Null:
      return {};
    case ValueKind::Boolean:
      return in.get<bool>();
    case ValueKind::Integer:
      return in.get<int64_t>();
    case ValueKind::Float:
      return in.get<double>();
    case ValueKind::String:
      return in.text();
    case ValueKind::List:
      return get_list(in);
    case ValueKind::Path:
      return Value::path(get_list(in));
    case ValueKind::Map:
      return get_map(in);
    case ValueKind::Node:
      return NodeId(in.get<uint32_t>());
    case ValueKind::Relationship:
      return RelId(in.get<uint32_t>());
    default:
      return get_temporal(in, kind);
  }
}

void put_column(std::string& out, const BatchColumn& column, size_t rows) {
  const Vector& data = *column.data;
  put(out, data.type());
  const bool nulls = !data.nulls.empty();
  put(out, nulls);
  put(out, data.has_nulls());
  for (size_t row = 0; row < rows && nulls; ++row) put(out, data.nulls[data.at(column.row(row))]);
  if (data.type() == VectorType::Value) {
    for (size_t row = 0; row < rows; ++row) put_value(out, data.values[data.at(column.row(row))]);
    return;
  }
  with_raw(data, [&](const auto& raw) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(raw)>, std::vector<Value>>) {
      for (size_t row = 0; row < rows; ++row) put(out, raw[data.at(column.row(row))]);
    }
  });
}

VectorPtr get_column(BlockReader& in, size_t rows) {
  auto data = std::make_shared<Vector>(in.get<VectorType>());
  const bool nulls = in.get<bool>();
  const bool has_nulls = in.get<bool>();
  if (nulls) {
    const std::string_view bytes = in.take(rows);
    data->nulls.assign(bytes.begin(), bytes.end());
  }
  with_raw(*data, [&](auto& raw) {
    using T = typename std::decay_t<decltype(raw)>::value_type;
    raw.resize(rows);
    if constexpr (std::is_same_v<T, Value>) {
      for (Value& value : raw) value = get_value(in);
    } else {
      std::memcpy(static_cast<void*>(raw.data()), in.take(rows * sizeof(T)).data(), rows * sizeof(T));
    }
  });
  data->set_size(rows, has_nulls);
  return data;
}

}  // namespace

SpillFile::SpillFile(const ExecContext& context) : folder_(context.temporary_folder) {
  if (folder_.empty()) folder_ = default_temporary_folder();
  file_ = open_temporary_file(folder_);
  if (file_ < 0) fail("creating");
}

SpillFile::~SpillFile() {
  if (file_ >= 0) ::close(file_);
}

void SpillFile::fail(const char* doing) const {
  throw Error::resource("SpillFailed", std::string("the statement needs more memory than its limit, and ") + doing +
                                           " a temporary file in " + folder_ + " failed: " + std::strerror(errno) +
                                           "; make room there, or raise the limit");
}

SpillFile::Block SpillFile::write(const Batch& rows) {
  buffer_.clear();
  put(buffer_, static_cast<uint64_t>(rows.columns.size()));
  put(buffer_, static_cast<uint64_t>(rows.columns.present()));
  put(buffer_, !rows.multiplicity.empty());
  for (const uint64_t times : rows.multiplicity) put(buffer_, times);
  for (const auto& [var, column] : rows.columns) {
    put(buffer_, var);
    put_column(buffer_, column, rows.rows);
  }
  const Block block{length_, buffer_.size(), static_cast<uint32_t>(rows.rows)};
  for (std::string_view left = buffer_; !left.empty();) {
    const ssize_t written = ::pwrite(file_, left.data(), left.size(), static_cast<off_t>(length_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("writing");
    left.remove_prefix(static_cast<size_t>(written));
    length_ += static_cast<uint64_t>(written);
  }
  return block;
}

Batch SpillFile::read(const Block& block) const {
  read_buffer_.resize(block.length);
  for (uint64_t done = 0; done < block.length;) {
    const ssize_t got =
        ::pread(file_, read_buffer_.data() + done, block.length - done, static_cast<off_t>(block.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("reading");
    if (got == 0) throw Error::resource("SpillFailed", "a temporary file was changed by somebody else");
    done += static_cast<uint64_t>(got);
  }
  BlockReader in(read_buffer_);
  Batch rows(in.get<uint64_t>());
  rows.rows = block.rows;
  const auto present = in.get<uint64_t>();
  if (in.get<bool>()) {
    rows.multiplicity.resize(block.rows);
    for (uint64_t& times : rows.multiplicity) times = in.get<uint64_t>();
  }
  for (uint64_t i = 0; i < present; ++i) {
    const auto var = in.get<VarId>();
    rows.set(var, get_column(in, block.rows));
  }
  return rows;
}

bool should_spill(const ExecContext& context, size_t held_bytes) {
  if (context.memory_limit == 0 || held_bytes < kMinHeld) return false;
  return held_bytes >= context.memory_limit / kShareOfLimit;
}

}  // namespace entente
