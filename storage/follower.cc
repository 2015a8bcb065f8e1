#include "entente/storage/follower.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "entente/core/error.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/log_replay.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/page_tables.h"
#include "entente/storage/record.h"
#include "entente/storage/rocks_store.h"

namespace entente {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kSharingOwner = 1;  // the tag of what share_pages writes; transactions have others
constexpr int kMostStale = 3;          // times that a version read anew may be older than the one at hand
// So long may the log lack a record between two others, as it can while the writer moves its files.
constexpr std::chrono::milliseconds kMostGap{1'000};

using Handles = std::map<PageKey, std::shared_ptr<PageHandle>>;

template <class Table>
void replace_handles(Table& table, PageKind kind, uint32_t id, const Handles& loaded) {
  std::vector<std::pair<uint32_t, std::shared_ptr<PageHandle>>> known;
  table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
    if (handle->loaded() || handle->epoch() == 0) return;
    const auto found = loaded.find({kind, id, number, handle->epoch()});
    if (found != loaded.end()) known.emplace_back(number, found->second);
  });
  for (auto& [number, handle] : known) table.set_handle(number, std::move(handle), kSharingOwner);
}

/// Takes the pages that both versions have from the one that has them in memory.
void share_pages(Snapshot& fresh, const Snapshot& old) {
  Handles loaded;
  Snapshot copy = old;
  for_each_table(SnapshotParts(copy), [&](PageKind kind, uint32_t id, const auto& table) {
    table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      if (handle->epoch() != 0 && handle->loaded()) loaded.emplace(PageKey{kind, id, number, handle->epoch()}, handle);
    });
  });
  const SnapshotParts parts(fresh);
  const auto each = [&](PageKind kind, auto& tables) {
    auto& items = tables.mutate(kSharingOwner);
    for (uint32_t id = 0; id < items.size(); ++id) replace_handles(items[id], kind, id, loaded);
  };
  replace_handles(parts.nodes, PageKind::Nodes, 0, loaded);
  replace_handles(parts.relationships, PageKind::Relationships, 0, loaded);
  each(PageKind::Adjacency, parts.adjacency);
  each(PageKind::NodeColumn, parts.node_columns);
  each(PageKind::RelationshipColumn, parts.relationship_columns);
  each(PageKind::Label, parts.labels);
  for (Index& index : parts.indexes.mutate(kSharingOwner)) {
    replace_handles(index.leaves, PageKind::OrderedIndex, index.definition.id, loaded);
  }
}

/// The graph cannot be changed here.
class NoLog final : public CommitLog {
 public:
  explicit NoLog(std::string path) : path_(std::move(path)) {}
  void append(std::span<const Record>) override { refuse(); }
  void store_whole(const Snapshot&) override { refuse(); }

 private:
  [[noreturn]] void refuse() const {
    throw Error::storage("ReadOnly", "the database " + path_ +
                                         " is followed, not written; write where it is open for "
                                         "writing");
  }
  std::string path_;
};

struct Replaced {
  std::string why;
};

/// The version read anew, by a thread of its own, which also applies to it what is applied to the graph meanwhile: at
/// full speed a writer drops records from its log sooner than a version is read.
class Rereading {
 public:
  Rereading(std::string path, std::function<void()> before, const GraphStore& graph, NoLog& no_log)
      : path_(std::move(path)),
        before_(std::move(before)),
        graph_(graph),
        no_log_(no_log),
        least_(graph.current()->version()) {
    thread_ = std::thread([this] { run(); });
  }
  ~Rereading() {
    if (thread_.joinable()) thread_.join();
  }
  Rereading(const Rereading&) = delete;
  Rereading& operator=(const Rereading&) = delete;

  /// The version that was current when this began.
  uint64_t least() const { return least_; }
  /// To be told of each record that is applied to the graph since.
  void applied(std::span<const LoggedCommit> records) {
    const std::lock_guard lock(mutex_);
    meanwhile_.insert(meanwhile_.end(), records.begin(), records.end());
  }
  bool done() const { return done_; }

  struct Outcome {
    SnapshotPtr version;    // with all that was applied
    uint64_t read = 0;      // the version as it was read; if it is older than least(), then `version` is that
    uint64_t stored = 0;    // of the checkpoint
    uint64_t replayed = 0;  // bytes that were applied
  };
  /// Once; waits.
  Outcome take() {
    thread_.join();
    if (error_) std::rethrow_exception(error_);
    if (scratch_) {
      while (replay_some(0)) continue;
      outcome_.version = scratch_->current();
    }
    return std::move(outcome_);
  }

 private:
  void run() {
    try {
      if (before_) before_();
      const GraphStorage::StoredVersion fresh = GraphStorage::read_version(path_);
      outcome_.version = fresh.snapshot;
      outcome_.read = fresh.snapshot->version();
      outcome_.stored = fresh.info.stored_version;
      if (outcome_.read >= least_) {
        auto version = std::make_shared<Snapshot>(*fresh.snapshot);
        share_pages(*version, *graph_.current());
        scratch_ = std::make_unique<GraphStore>(*version, &no_log_);
        while (replay_some(kFewRecords)) continue;
      }
    } catch (...) {
      error_ = std::current_exception();
    }
    done_ = true;
  }

  /// False if no more than so many records are left.
  bool replay_some(size_t few) {
    std::vector<LoggedCommit> records;
    {
      const std::lock_guard lock(mutex_);
      records.swap(meanwhile_);
    }
    const uint64_t version = scratch_->current()->version();
    std::erase_if(records, [&](const LoggedCommit& record) { return record.commit <= version; });
    apply_logged(*scratch_, records);
    for (const LoggedCommit& record : records) outcome_.replayed += record.bytes.size();
    return records.size() > few;
  }

  static constexpr size_t kFewRecords = 64;

  const std::string path_;
  const std::function<void()> before_;
  const GraphStore& graph_;
  NoLog& no_log_;
  const uint64_t least_;
  Outcome outcome_;
  std::unique_ptr<GraphStore> scratch_;
  std::exception_ptr error_;
  std::atomic<bool> done_{false};
  std::mutex mutex_;  // guards what follows
  std::vector<LoggedCommit> meanwhile_;
  std::thread thread_;
};

}  // namespace

struct Follower::State {
  State(const std::string& path, const FollowOptions& o) : files(path), options(o), no_log(path) {}

  const DatabaseFiles files;
  const FollowOptions options;
  NoLog no_log;
  std::unique_ptr<GraphStore> graph;

  // Of the thread that follows, and of opening before that.
  std::string identity;
  std::shared_ptr<RocksStore> log;
  std::string seen;            // the files' state at the last look that was not in vain
  uint64_t checkpoint = 0;     // the version of the last one that was seen
  uint64_t stored = 0;         // the version of the checkpoint that the graph was read from
  std::string last_checksum;   // of the record of the current version; empty if it was not seen
  uint64_t applied_bytes = 0;  // since the version was read
  Clock::time_point read_at;
  std::optional<Clock::time_point> gap_since;
  int stale = 0;
  std::unique_ptr<Rereading> rereading;  // null: none is under way

  mutable std::mutex mutex;  // guards what follows
  std::condition_variable wake;
  bool stopping = false;
  Info info;
  std::string ended;  // why following has ended; empty: it has not
  std::thread thread;

  void read_first_version() {
    const GraphStorage::StoredVersion fresh = GraphStorage::read_version(files.path);
    check_identity();
    graph = std::make_unique<GraphStore>(*fresh.snapshot, &no_log);
    was_read(fresh.info.stored_version, 0);
  }

  void begin_rereading() {
    if (!rereading) rereading = std::make_unique<Rereading>(files.path, options.on_rereading, *graph, no_log);
  }

  /// Waits for it.
  void finish_rereading() {
    const std::unique_ptr<Rereading> ending = std::move(rereading);
    Rereading::Outcome fresh = ending->take();
    check_identity();
    if (fresh.read < ending->least()) {
      if (++stale < kMostStale) return;
      throw Replaced{"it holds commits up to " + std::to_string(fresh.read) + ", but commits up to " +
                     std::to_string(ending->least()) + " were seen"};
    }
    if (fresh.version->version() > graph->current()->version()) last_checksum.clear();
    graph->publish_stored(std::move(fresh.version));
    stale = 0;
    was_read(fresh.stored, fresh.replayed);
    const std::lock_guard lock(mutex);
    ++info.reread;
  }

  void was_read(uint64_t checkpoint_version, uint64_t replayed_bytes) {
    stored = checkpoint_version;
    applied_bytes = replayed_bytes;
    read_at = Clock::now();
    gap_since.reset();
    const std::lock_guard lock(mutex);
    info.stored_version = stored;
  }

  void check_identity() {
    const std::string now = RocksStore::identity(files.rocksdb);
    if (identity.empty()) identity = now;
    if (!now.empty() && now != identity) throw Replaced{"another database is in its place"};
  }

  /// Whether all that is there to be seen was seen.
  bool look() {
    if (rereading && rereading->done()) finish_rereading();
    std::string state = RocksStore::state_of_files(files.rocksdb);
    if (state == seen) {
      if (reread_is_due()) begin_rereading();
      return true;
    }
    if (log) {
      log->catch_up();
    } else {
      log = RocksStore::open(files.rocksdb, RocksStore::Mode::Follow);
    }
    check_identity();  // of what was opened or read just now
    if (!apply_log()) return false;
    seen = std::move(state);
    return true;
  }

  bool apply_log() {
    for (;;) {
      const uint64_t version = graph->current()->version();
      const std::vector<LoggedCommit> records = read_some_log(*log, version);
      size_t next = 0;
      if (!records.empty() && records[0].commit == version) check_same(records[next++]);
      const std::span<const LoggedCommit> rest = std::span(records).subspan(next);
      if (rest.empty()) return reread_if_due(version, false);
      const size_t intact = count_intact(rest, version + 1);
      if (intact == 0) return reread_if_due(version, true);
      apply(rest.first(intact));
    }
  }

  /// The record of the current version is the one that was applied.
  void check_same(const LoggedCommit& record) {
    std::string checksum = record.bytes.substr(0, kChecksumBytes);
    if (last_checksum.empty()) last_checksum = checksum;
    if (last_checksum != checksum) {
      throw Replaced{"its " + describe_commit(record.commit) + " is another than the one that was seen"};
    }
  }

  void apply(std::span<const LoggedCommit> records) {
    apply_logged(*graph, records);
    if (rereading) rereading->applied(records);
    last_checksum = records.back().bytes.substr(0, kChecksumBytes);
    for (const LoggedCommit& record : records) applied_bytes += record.bytes.size();
    gap_since.reset();
    const std::lock_guard lock(mutex);
    info.applied += records.size();
  }

  /// Nothing more of the log can be applied to the version; `gap`: though there is more. Whether all was seen.
  bool reread_if_due(uint64_t version, bool gap) {
    const std::optional<std::string> manifest = log->get_meta(kManifestRecord);
    if (!manifest) throw corrupt("the database " + files.path, "it has no manifest");
    checkpoint = manifest_version(*manifest);
    if (checkpoint > version) {
      begin_rereading();
      finish_rereading();
      return false;  // the log goes on from there
    }
    if (gap) {
      const Clock::time_point now = Clock::now();
      if (!gap_since) gap_since = now;
      if (now - *gap_since > kMostGap) {
        gap_since.reset();
        throw corrupt(describe_commit(version + 1), "it is missing or its checksum does not match");
      }
      return false;
    }
    gap_since.reset();
    if (reread_is_due()) begin_rereading();
    return true;
  }

  bool reread_is_due() const {
    return checkpoint > stored && (applied_bytes >= options.applied_bytes || Clock::now() - read_at >= options.age);
  }

  /// One look, and what is to be done about its errors.
  void look_once() {
    std::string trouble;
    try {
      look();
    } catch (const Replaced& replaced) {
      const std::lock_guard lock(mutex);
      ended = "the database " + files.path + " can be followed no longer: " + replaced.why + "; open it again";
      stopping = true;
      return;
    } catch (const std::exception& error) {
      trouble = error.what();
      log.reset();
    }
    const std::lock_guard lock(mutex);
    if (!trouble.empty()) ++info.reopened;
    info.trouble = std::move(trouble);
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      look_once();
      lock.lock();
      wake.wait_for(lock, info.trouble.empty() ? options.interval : 10 * options.interval, [&] { return stopping; });
    }
  }
};

std::unique_ptr<Follower> Follower::open(const std::string& path, const FollowOptions& options) {
  auto state = std::make_unique<State>(path, options);
  try {
    state->read_first_version();
  } catch (const Replaced& replaced) {
    throw Error::storage("Replaced", "the database " + path + " was replaced while it was opened; open it again");
  }
  std::unique_ptr<Follower> follower(new Follower(std::move(state)));
  State& running = *follower->state_;
  running.thread = std::thread([&running] { running.run(); });
  return follower;
}

Follower::Follower(std::unique_ptr<State> state) : state_(std::move(state)) {}

Follower::~Follower() { close(); }

GraphStore& Follower::graph() {
  const std::lock_guard lock(state_->mutex);
  if (!state_->ended.empty()) throw Error::storage("Replaced", state_->ended);
  return *state_->graph;
}

void Follower::close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->wake.notify_one();
  }
  if (state_->thread.joinable()) state_->thread.join();
  state_->rereading.reset();
  state_->log.reset();
}

Follower::Info Follower::info() const {
  const std::lock_guard lock(state_->mutex);
  Info info = state_->info;
  info.version = state_->graph->current()->version();
  return info;
}

}  // namespace entente
