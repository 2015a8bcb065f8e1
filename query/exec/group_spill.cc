#include "entente/query/exec/group_spill.h"

#include <utility>

#include "entente/core/error.h"

namespace entente {

uint64_t GroupSpill::combine(uint64_t hash, const Value& value) {
  uint64_t x = hash * 31 + value.hash();
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93;
  x ^= x >> 32;
  return x != 0 ? x : 1;
}

Selection GroupSpill::known_rows(const Batch& in, std::span<const BatchColumn> keys, bool with_keys) {
  std::vector<uint64_t> hashes(in.rows, 0);
  for (const BatchColumn& key : keys) {
    for (size_t row = 0; row < in.rows; ++row) {
      const Value value = key.data->get(key.row(row));
      context_.work(1 + steps_of(value));
      hashes[row] = combine(hashes[row], value);
    }
  }
  Selection known;
  std::array<Selection, kParts> unknown;
  for (size_t row = 0; row < in.rows; ++row) {
    const size_t part = hashes[row] >> (64 - kPartBits * (part_.depth + 1)) & (kParts - 1);
    (known_[slot_of(hashes[row])] == hashes[row] ? known : unknown[part]).push_back(static_cast<uint32_t>(row));
  }
  if (known.size() == in.rows) return known;
  columns_ = in.columns.size();
  Batch all = in;
  for (const BatchColumn& key : keys) {
    if (with_keys) all.columns.push_back(key);
  }
  for (size_t part = 0; part < kParts; ++part) {
    if (unknown[part].empty()) continue;
    add(part, all.select(std::make_shared<const Selection>(std::move(unknown[part]))));
  }
  return known;
}

void GroupSpill::add(size_t part, const Batch& rows) {
  if (!pending_[part]) pending_[part].emplace(rows.columns.size(), present_columns(rows));
  pending_[part]->append(rows);
  if (pending_[part]->rows() >= kBatchSize / 2) write(part);
}

void GroupSpill::write(size_t part) {
  if (!pending_[part]) return;
  if (!file_) file_ = std::make_shared<SpillFile>(context_);
  written_[part].push_back(file_->write(pending_[part]->finish()));
  pending_[part].reset();
}

/// What was written since the table was full becomes parts of their own.
void GroupSpill::finish_parts() {
  for (size_t part = 0; part < kParts; ++part) {
    write(part);
    if (written_[part].empty()) continue;
    if (part_.depth == kMostDepth) {
      throw Error::resource(
          "MemoryLimit", "the groups of a statement do not fit into its memory limit, nor do parts of them; raise it");
    }
    parts_.push_front({file_, std::exchange(written_[part], {}), part_.depth + 1});
  }
  file_.reset();
}

bool GroupSpill::next_part() {
  finish_parts();
  full_ = false;
  known_ = {};
  hold_.release();
  if (parts_.empty()) {
    part_ = {};
    return false;
  }
  part_ = std::move(parts_.front());
  parts_.pop_front();
  next_block_ = 0;
  return true;
}

bool GroupSpill::next(Batch& in, std::vector<BatchColumn>& keys) {
  if (next_block_ == part_.blocks.size()) return false;
  const Batch rows = part_.file->read(part_.blocks[next_block_++]);
  in = Batch(columns_);
  in.rows = rows.rows;
  in.multiplicity = rows.multiplicity;
  keys.clear();
  for (const auto& [var, column] : rows.columns) {
    if (var < columns_) {
      in.columns.set(var, column);
    } else {
      keys.push_back(column);
    }
  }
  return true;
}

}  // namespace entente
