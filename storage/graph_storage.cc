#include "entente/storage/graph_storage.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "entente/core/error.h"
#include "entente/storage/checkpointer.h"
#include "entente/storage/commit_mark.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/lock_file.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/log_replay.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/rocks_store.h"
#include "entente/storage/salvage.h"
#include "entente/storage/stored_pages.h"

namespace entente {
namespace {

constexpr uint64_t kLogForFollowers = uint64_t{4} << 20;   // bytes of it that are kept though a checkpoint has them
constexpr uint64_t kFlushAfterBytes = uint64_t{16} << 20;  // of pages, so that the next opening has less to read
constexpr std::chrono::milliseconds kPublishingTime{5};    // a commit is visible soon after it is durable

}  // namespace

struct GraphStorage::State {
  State(const std::string& path, const OpenOptions& o) : files(path), options(o) {}

  const DatabaseFiles files;
  const OpenOptions options;
  std::unique_ptr<LockFile> lock;
  std::shared_ptr<PageStore> store;
  uint32_t format = kFormatVersion;
  uint64_t replayed = 0;
  uint64_t dropped = 0;

  std::mutex mark_mutex;
  std::unique_ptr<CommitMark> mark;  // guarded by mark_mutex

  std::mutex checkpoint_mutex;  // held while a checkpoint is written
  std::unique_ptr<Checkpointer> checkpointer;
  std::atomic<uint64_t> stored_version{0};
  std::atomic<uint64_t> checkpoints{0};
  std::atomic<uint64_t> kept_pages{0};

  std::mutex mutex;  // guards what follows
  std::condition_variable wake;
  bool due = false;
  bool stopping = false;
  struct LoggedBatch {
    uint64_t last;  // commit
    uint64_t commits;
    uint64_t bytes;
  };
  std::deque<LoggedBatch> logged;  // in the log since the last checkpoint
  uint64_t log_commits = 0;        // their sums
  uint64_t log_bytes = 0;
  std::deque<LoggedBatch> passed;  // kept in the log, but in a checkpoint
  uint64_t passed_bytes = 0;
  uint64_t drop_log_through = 0;    // those before are not in `passed`
  uint64_t failed_checkpoints = 0;  // in the background
  std::exception_ptr background_error;
  std::thread thread;

  std::atomic<bool> closed{false};

  // With the mutex held:
  bool over_limit() const {
    return (options.checkpoint_commits != 0 && log_commits >= options.checkpoint_commits) ||
           (options.checkpoint_log_bytes != 0 && log_bytes >= options.checkpoint_log_bytes);
  }
  void log_grew(const LoggedBatch& batch) {
    logged.push_back(batch);
    log_commits += batch.commits;
    log_bytes += batch.bytes;
    if (!over_limit()) return;
    due = true;
    wake.notify_one();
  }
  /// Up to which commit the log is to be dropped now.
  uint64_t log_to_drop() {
    for (; passed_bytes > kLogForFollowers; passed.pop_front()) {
      drop_log_through = passed.front().last;
      passed_bytes -= passed.front().bytes;
    }
    return drop_log_through;
  }
  /// There is a checkpoint of this version.
  void log_passed(uint64_t commit) {
    for (; !logged.empty() && logged.front().last <= commit; logged.pop_front()) {
      log_commits -= logged.front().commits;
      log_bytes -= logged.front().bytes;
      passed_bytes += logged.front().bytes;
      passed.push_back(logged.front());
    }
  }
};

// ---- opening ----

/// Opens a database step by step.
class GraphStorage::Opening {
 public:
  Opening(const std::string& path, const OpenOptions& options) : state_(std::make_unique<State>(path, options)) {}

  std::unique_ptr<GraphStorage> run() {
    bool create = find();
    if (!state_->options.read_only) {
      if (create) state_->files.create_folder();
      state_->lock = std::make_unique<LockFile>(state_->files.lock);
      if (create) create = find();  // another may have created it meanwhile
      if (create) state_->files.create_rocksdb_folder();
    }
    acknowledged_ = CommitMark(state_->files.mark, CommitMark::Mode::Read).value();
    if (!state_->options.read_only && !create) check_before_writing();
    open_store(create);
    Manifest manifest = read_manifest();
    build_missing(manifest.snapshot);
    std::unique_ptr<GraphStorage> storage(new GraphStorage(std::move(state_)));
    State& state = *storage->state_;
    storage->graph_ = std::make_unique<GraphStore>(std::move(manifest.snapshot), storage.get());
    replay(state, *storage->graph_);
    check_lost(state, storage->graph_->current()->version());
    if (!state.options.read_only) {
      raise_format(state);
      begin_writing(*storage);
    }
    return storage;
  }

 private:
  /// Whether the database is to be created.
  bool find() {
    const DatabaseFiles& files = state_->files;
    const DatabaseFiles::State found = files.state();
    const bool present =
        found == DatabaseFiles::State::Present || (found == DatabaseFiles::State::Unfinished && is_complete());
    if (present && !files.has_rocksdb())
      throw corrupt("the database " + files.path, "its files in " + files.rocksdb + " are missing");
    if (present) return false;
    if (state_->options.read_only || !state_->options.create_if_missing) {
      throw Error::storage("NotFound",
                           "there is no database at " + files.path + "; name the path of one, or let it be created");
    }
    return true;
  }

  /// Whether a database without a commit mark is one: it was not only begun.
  bool is_complete() const {
    if (!state_->files.has_rocksdb()) return false;
    try {
      return open_rocksdb(RocksStore::Mode::Read)->get_meta(kFormatRecord).has_value();
    } catch (const Error&) {
      return false;  // its column families are not there yet
    }
  }

  /// Opening for writing lets RocksDB throw away what it cannot read; so look before.
  void check_before_writing() {
    state_->store = open_rocksdb(RocksStore::Mode::Read);
    const Manifest manifest = read_manifest();
    uint64_t last = manifest.snapshot.version();
    check_pages(manifest.snapshot);
    state_->store->read_log(last + 1, [&](uint64_t commit, std::string_view) { return last = commit, true; });
    check_lost(*state_, last);
    state_->store->close();
    state_->store.reset();
    checkpointer_inputs_.reset();
  }

  /// RocksDB deletes table files that its manifest does not have, and a damaged one may not have them all. A crash too
  /// leaves such files behind, but then all pages are there without them.
  void check_pages(const Snapshot& snapshot) const {
    const auto& store = static_cast<const RocksStore&>(*state_->store);
    const std::vector<std::string> unknown = store.unknown_tables();
    if (unknown.empty()) return;
    for_each_stored_page(snapshot, [&](const PageKey& key, const PageHandle&) {
      if (store.get_page(key)) return;
      throw corrupt(describe(key), "it is missing, and RocksDB's manifest does not have " + unknown.front() +
                                       ", which may have it and would be deleted; nothing was changed");
    });
  }

  std::shared_ptr<RocksStore> open_rocksdb(RocksStore::Mode mode) const {
    return RocksStore::open(state_->files.rocksdb, mode, state_->options.environment);
  }

  void open_store(bool create) {
    using Mode = RocksStore::Mode;
    state_->store = open_rocksdb(state_->options.read_only ? Mode::Read : create ? Mode::Create : Mode::Write);
    if (!create || state_->store->get_meta(kFormatRecord)) return;
    PageStore::Batch batch;
    batch.put_meta.emplace_back(kFormatRecord, encode_format(kFormatVersion));
    batch.put_meta.emplace_back(kManifestRecord, encode_manifest({}, 0));
    state_->store->commit(batch);
  }

  Manifest read_manifest() {
    const std::string& path = state_->files.path;
    const std::optional<std::string> format = state_->store->get_meta(kFormatRecord);
    if (!format) throw corrupt("the database " + path, "it has no record of its format's version");
    state_->format = decode_format(*format);
    if (state_->format > kFormatVersion || state_->format == 0) {
      throw Error::storage("FormatVersion", "the database " + path + " has format version " +
                                                std::to_string(state_->format) +
                                                "; this program supports versions up to " +
                                                std::to_string(kFormatVersion) + "; open it with a newer Entente");
    }
    const std::optional<std::string> record = state_->store->get_meta(kManifestRecord);
    if (!record) throw corrupt("the database " + path, "it has no manifest");
    std::shared_ptr<PageMemory> memory;
    if (state_->options.page_memory > 0) {
      memory = PageMemory::create(state_->options.page_memory, state_->options.page_folder);
    }
    auto pages = std::make_shared<StoredPages>(state_->store, std::move(memory));
    Manifest manifest = decode_manifest(*record, pages);
    pages->raise_limits(limits_of(manifest.snapshot));
    pages->set_table(std::make_shared<const std::vector<uint64_t>>(table_epochs(manifest.snapshot, manifest.epoch)));
    state_->stored_version = manifest.snapshot.version();
    state_->drop_log_through = manifest.snapshot.version();
    checkpointer_inputs_ = CheckpointerInputs{pages, manifest.snapshot, manifest.epoch, manifest.obsolete};
    return manifest;
  }

  /// What is written from now on may be what only this version of the format has; older programs are to refuse it.
  static void raise_format(State& state) {
    if (state.format == kFormatVersion) return;
    PageStore::Batch batch;
    batch.put_meta.emplace_back(kFormatRecord, encode_format(kFormatVersion));
    state.store->commit(batch);
    state.format = kFormatVersion;
  }

  void check_lost(const State& state, uint64_t last) const {
    if (last >= acknowledged_ || state.options.accept_lost_commits) return;
    throw Error::storage(
        "LostCommits",
        "the database " + state.files.path + " holds commits up to " + std::to_string(last) + ", but commits up to " +
            std::to_string(acknowledged_) +
            " were acknowledged: the end of its log was lost or damaged; restore it from a backup, or open "
            "it accepting the loss");
  }

  // ---- the log ----

  void replay(State& state, GraphStore& graph) {
    uint64_t next = graph.current()->version() + 1;
    for (std::vector<LoggedCommit> records; !(records = read_some_log(*state.store, next)).empty();) {
      const std::span<const LoggedCommit> intact(records.data(), count_intact(records, next));
      apply_logged(graph, intact);
      next += intact.size();
      state.replayed += intact.size();
      {
        const std::lock_guard lock(state.mutex);
        for (const LoggedCommit& record : intact) state.log_grew({record.commit, 1, record.bytes.size()});
      }
      if (intact.size() < records.size()) return end_log(state, next);
    }
  }

  /// The record of this commit is missing or damaged, and there are records from it on.
  void end_log(State& state, uint64_t commit) {
    const std::string name = describe_commit(commit);
    if (acknowledged_ >= commit && !state.options.accept_lost_commits) {
      throw corrupt(name, "it is missing or its checksum does not match, though the commit was acknowledged");
    }
    uint64_t records = 0;
    bool more = false;
    state.store->read_log(commit, [&](uint64_t number, std::string_view bytes) {
      ++records;
      more = more || (number > commit && is_intact_commit(number, bytes));
      return true;
    });
    if (more && !state.options.accept_lost_commits) {
      throw corrupt(name, "it is missing or its checksum does not match, and intact records follow it");
    }
    state.dropped = records;
    if (state.options.read_only) return;
    PageStore::Batch batch;
    batch.drop_log_from = commit;
    state.store->commit(batch);
  }

  void begin_writing(GraphStorage& storage) {
    State& state = *storage.state_;
    const uint64_t version = storage.graph_->current()->version();
    state.mark = std::make_unique<CommitMark>(state.files.mark, CommitMark::Mode::Write);
    if (state.mark->value() > version) {
      state.mark->reset(version);
    } else {
      state.mark->advance(version);
    }
    CheckpointerInputs& inputs = *checkpointer_inputs_;
    auto checkpointer = std::make_unique<Checkpointer>(
        *state.store, inputs.pages, inputs.stored, inputs.epoch, [&storage] { storage.check_space(); },
        inputs.obsolete);
    checkpointer->clean_up();
    state.checkpointer = std::move(checkpointer);
    state.thread = std::thread([&storage] { storage.run_checkpoints(); });
  }

  struct CheckpointerInputs {
    std::shared_ptr<StoredPages> pages;
    Snapshot stored;
    uint64_t epoch;
    std::vector<PageKey> obsolete;
  };

  std::unique_ptr<State> state_;
  uint64_t acknowledged_ = 0;
  std::optional<CheckpointerInputs> checkpointer_inputs_;
};

std::unique_ptr<GraphStorage> GraphStorage::open(const std::string& path, const OpenOptions& options) {
  if (path.empty()) throw Error::storage("NotFound", "the path of a database is empty; name a folder");
  return Opening(path, options).run();
}

GraphStorage::StoredVersion GraphStorage::read_version(const std::string& path) {
  OpenOptions options;
  options.read_only = true;
  const std::unique_ptr<GraphStorage> storage = open(path, options);
  StoredVersion version{storage->graph_->current(), storage->info()};
  storage->state_->closed = true;
  storage->state_->store.reset();
  return version;
}

GraphStorage::GraphStorage(std::unique_ptr<State> state) : state_(std::move(state)) {}

GraphStorage::~GraphStorage() {
  try {
    close();
  } catch (const std::exception&) {  // whoever needs to know has called close()
  }
}

const std::string& GraphStorage::path() const { return state_->files.path; }
bool GraphStorage::read_only() const { return state_->options.read_only; }

// ---- writing ----

void GraphStorage::check_writable() const {
  if (state_->options.read_only) {
    throw Error::storage("ReadOnly",
                         "the database " + path() + " was opened for reading only; open it for writing to change it");
  }
  if (state_->closed) throw Error::storage("Closed", "the database " + path() + " was closed; open it again");
}

void GraphStorage::check_space() const {
  const uint64_t left = state_->files.free_bytes();
  if (left >= state_->options.min_free_bytes) return;
  throw Error::storage("DiskFull", "the disk of the database " + path() + " has " + std::to_string(left) +
                                       " bytes left, fewer than the " + std::to_string(state_->options.min_free_bytes) +
                                       " that are kept free; make room and try again");
}

void GraphStorage::throw_background_error() {
  std::exception_ptr error;
  {
    const std::lock_guard lock(state_->mutex);
    error = std::exchange(state_->background_error, nullptr);
  }
  if (error) std::rethrow_exception(error);
}

void GraphStorage::append(std::span<const Record> records) {
  if (records.empty()) return;
  check_writable();
  throw_background_error();
  check_space();
  std::vector<PageStore::LogRecord> encoded;
  encoded.reserve(records.size());
  uint64_t bytes = 0;
  for (const Record& record : records) {
    encoded.push_back({record.number, encode_commit(record.number, *record.changes)});
    bytes += encoded.back().bytes.size();
  }
  const bool sync = state_->options.durability == Durability::Sync;
  state_->store->append_log(encoded, sync);
  if (sync) after_durable([&] { advance_mark(records.back().number); });
  const std::lock_guard lock(state_->mutex);
  state_->log_grew({records.back().number, records.size(), bytes});
}

void GraphStorage::store_whole(const Snapshot& snapshot) {
  check_writable();
  throw_background_error();
  write_checkpoint(&snapshot);
}

void GraphStorage::checkpoint() {
  check_writable();
  write_checkpoint(nullptr);
}

/// Of a version that is yet to be published, or of the current one.
void GraphStorage::write_checkpoint(const Snapshot* whole) {
  State& state = *state_;
  const std::lock_guard checkpoint_lock(state.checkpoint_mutex);
  SnapshotPtr current;
  if (whole == nullptr) current = graph_->current();
  const Snapshot& snapshot = whole != nullptr ? *whole : *current;
  if (snapshot.version() <= state.checkpointer->stored_version()) return;
  uint64_t drop_log_through = 0;
  {
    const std::lock_guard lock(state.mutex);
    drop_log_through = state.log_to_drop();
  }
  const Checkpointer::Result result =
      state.checkpointer->write(snapshot, whole != nullptr ? state.options.threads : 1, drop_log_through);
  state.stored_version = snapshot.version();
  ++state.checkpoints;
  state.kept_pages = result.pages_kept;
  {
    const std::lock_guard lock(state.mutex);
    state.log_passed(snapshot.version());
  }
  after_durable([&] { advance_mark(snapshot.version()); });
  if (result.bytes_written >= kFlushAfterBytes) after_durable([&] { state.store->flush(); });
}

void GraphStorage::advance_mark(uint64_t commit) {
  const std::lock_guard lock(state_->mark_mutex);
  state_->mark->advance(commit);
}

/// Does what belongs to a commit or checkpoint that is durable already, and so succeeds: an error is kept.
void GraphStorage::after_durable(const std::function<void()>& step) {
  try {
    step();
  } catch (const Error&) {
    const std::lock_guard lock(state_->mutex);
    state_->background_error = std::current_exception();
  }
}

void GraphStorage::run_checkpoints() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.wake.wait(lock, [&] { return state.stopping || state.due; });
    if (state.stopping) return;
    state.due = false;
    lock.unlock();
    std::exception_ptr error;
    try {
      write_checkpoint(nullptr);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error) {
      state.background_error = error;
      ++state.failed_checkpoints;
    } else if (state.over_limit()) {  // the commit that made it so is durable, but was not visible yet
      state.wake.wait_for(lock, kPublishingTime, [&] { return state.stopping; });
      state.due = true;
    }
  }
}

void GraphStorage::close() {
  State& state = *state_;
  if (state.closed.exchange(true)) return;
  {
    const std::lock_guard lock(state.mutex);
    state.stopping = true;
    state.wake.notify_one();
  }
  if (state.thread.joinable()) state.thread.join();
  std::exception_ptr error;
  {
    const std::lock_guard lock(state.mutex);
    error = std::exchange(state.background_error, nullptr);
  }
  const auto attempt = [&](auto step) {
    try {
      step();
    } catch (...) {
      if (!error) error = std::current_exception();
    }
  };
  if (state.checkpointer) {
    if (state.options.checkpoint_on_close) attempt([&] { write_checkpoint(nullptr); });
    attempt([&] { state.store->flush(); });
  }
  if (state.store) attempt([&] { state.store->close(); });
  state.lock.reset();
  if (error) std::rethrow_exception(error);
}

GraphStorage::Info GraphStorage::info() const {
  State& state = *state_;
  Info info;
  info.format = state.format;
  info.stored_version = state.stored_version;
  info.replayed = state.replayed;
  info.dropped = state.dropped;
  info.checkpoints = state.checkpoints;
  info.kept_pages = state.kept_pages;
  info.disk_bytes = state.store->disk_bytes();
  const std::lock_guard lock(state.mutex);
  info.log_commits = state.log_commits;
  info.log_bytes = state.log_bytes;
  info.failed_checkpoints = state.failed_checkpoints;
  return info;
}

}  // namespace entente
