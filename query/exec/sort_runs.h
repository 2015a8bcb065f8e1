// Sorted runs of rows on disk, and their merge: what a sort does that holds more than its memory budget leaves it.
//
// Each run is sorted and written in blocks; at the end the first block of each run is read, and the least row of all is
// given again and again (D. Knuth, The Art of Computer Programming 3, 5.4.1). Of rows with equal keys those of an
// earlier run come first, so that the sort is stable. Blocks are so small that the first ones of all runs fit into a
// share of the memory limit; when there are too many runs for that, they are merged into one.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "entente/query/exec/operators.h"
#include "entente/query/exec/spill_file.h"

namespace entente {

class SortRuns {
 public:
  /// For each key whether it descends.
  SortRuns(ExecContext& context, std::vector<bool> descending);

  /// Writes the rows of the selection, in its order, as a run. Each key has a value for each of the rows.
  void add(const Batch& rows, std::vector<BatchColumn> keys, const Selection& order);

  /// The next rows of the merge; false at the end.
  bool next(Batch& out);

  bool empty() const { return runs_.empty(); }

 private:
  struct Run {
    std::vector<SpillFile::Block> blocks;
    size_t next_block = 0;
    Batch rows;
    size_t row = 0;
  };

  bool load(Run& run);
  bool before(const Run& a, const Run& b) const;
  void begin();
  /// Appends the least rows that are left, up to so many.
  void take(BatchBuilder& rows, size_t most);
  void merge_into_one();

  ExecContext& context_;
  const std::vector<bool> descending_;
  std::unique_ptr<SpillFile> file_;
  std::vector<Run> runs_;
  std::vector<size_t> heap_;  // of the runs that have rows left, the least on top
  bool merging_ = false;
  size_t block_rows_ = kBatchSize;
  size_t columns_ = 0;  // before the keys, which stand in hidden columns behind
  std::vector<VarId> vars_;
  std::vector<VarId> vars_and_keys_;
  MemoryHold hold_;
};

}  // namespace entente
