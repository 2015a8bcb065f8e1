#include "entente/storage/log_replay.h"

#include "entente/core/error.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"

namespace entente {
namespace {

constexpr size_t kReplayBytes = size_t{8} << 20;  // of the log, read at a time

}  // namespace

std::vector<LoggedCommit> read_some_log(const PageStore& store, uint64_t from) {
  std::vector<LoggedCommit> records;
  size_t bytes = 0;
  store.read_log(from, [&](uint64_t commit, std::string_view record) {
    records.push_back({commit, std::string(record)});
    bytes += record.size();
    return bytes < kReplayBytes;
  });
  return records;
}

size_t count_intact(std::span<const LoggedCommit> records, uint64_t commit) {
  size_t count = 0;
  while (count < records.size() && records[count].commit == commit + count &&
         is_intact_commit(commit + count, records[count].bytes)) {
    ++count;
  }
  return count;
}

void apply_logged(GraphStore& graph, std::span<const LoggedCommit> records) {
  if (records.empty()) return;
  std::unique_ptr<Transaction> transaction = graph.begin();
  for (const LoggedCommit& record : records) {
    const ChangeSet changes = decode_commit(record.commit, record.bytes);
    try {
      transaction->apply(changes, Transaction::Misfit::Breaks);
    } catch (const Error& error) {
      throw Error::storage(error.kind() == "StorageError" ? error.detail() : "Corrupt",
                           describe_commit(record.commit) + " cannot be applied: " + error.what());
    }
  }
  graph.publish_replayed(std::move(transaction), records.size());
}

}  // namespace entente
