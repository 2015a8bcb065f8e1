#include "entente/storage/rocks_writer.h"

#include "entente/core/error.h"

namespace entente {

namespace {

constexpr size_t kMostLogged = size_t{16} << 20;    // that opening reads, also beside the writer
constexpr size_t kMostUnlogged = size_t{32} << 20;  // in memory
constexpr size_t kMostTimes = 4;                    // that, while tables are being written
constexpr const char* kNoRecord = "none";           // a key that no record has, in any family

}  // namespace

void check(const rocksdb::Status& status, const std::string& doing) {
  if (status.ok()) return;
  const char* detail = status.IsCorruption() ? "Corrupt" : status.IsNoSpace() ? "DiskFull" : "IO";
  throw Error::storage(detail, doing + " failed: " + status.ToString());
}

/// Remembers the last error that stopped RocksDB, and leaves it to the writer when it goes on after a full disk.
class RocksWriter::ErrorWatch : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override { remember(*error); }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* automatic) override {
    *automatic = false;
  }
  void remember(const rocksdb::Status& status) {
    const std::lock_guard lock(mutex_);
    last_ = status;
  }
  rocksdb::Status last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  rocksdb::Status last_;
};

RocksWriter::RocksWriter() : errors_(std::make_shared<ErrorWatch>()) {}
RocksWriter::~RocksWriter() { close(); }

std::shared_ptr<rocksdb::EventListener> RocksWriter::errors() const { return errors_; }

void RocksWriter::open(const std::string& path, rocksdb::DB& db, Handles families) {
  path_ = path;
  db_ = &db;
  families_ = families;
  check(write_nothing(families_.subspan(kLog, 1)), "opening the database files in " + path);
  room_maker_ = std::thread([this] { keep_making_room(); });
}

void RocksWriter::close() {
  {
    const std::lock_guard lock(room_mutex_);
    closes_ = true;
  }
  room_wanted_.notify_one();
  if (room_maker_.joinable()) room_maker_.join();
}

void RocksWriter::write(rocksdb::WriteBatch& batch, Logged logged, const std::string& doing) {
  settle();
  rocksdb::WriteOptions options;
  options.sync = logged == Logged::Synced;
  options.disableWAL = logged == Logged::No;
  rocksdb::Status status;
  {
    const std::shared_lock lock(settling_);
    status = db_->Write(options, &batch);
    if (!status.ok()) unsettled_ = true;
  }
  check(status, doing + " to the database " + path_);
  (logged == Logged::No ? unlogged_bytes_ : logged_bytes_) += batch.GetDataSize();
  if (holds(kMostTimes)) {  // faster than tables are written: wait for them
    (void)flush(families_);
  } else if (holds(1)) {
    make_room();
  }
}

void RocksWriter::move_to_tables(Handles which, const std::string& doing) {
  settle();
  check(flush(which), doing + " the database " + path_);
}

// ---- memory ----

/// Whether more was written since the last flush began than so many times what is worth one.
bool RocksWriter::holds(size_t times) const {
  return logged_bytes_ >= times * kMostLogged || unlogged_bytes_ >= times * kMostUnlogged;
}

/// Has all that is in memory moved to tables by another thread. Where that fails, the next write says so.
void RocksWriter::make_room() {
  {
    const std::lock_guard lock(room_mutex_);
    wants_room_ = true;
  }
  room_wanted_.notify_one();
}

void RocksWriter::keep_making_room() {
  std::unique_lock lock(room_mutex_);
  while (true) {
    room_wanted_.wait(lock, [this] { return wants_room_ || closes_; });
    if (closes_) return;
    wants_room_ = false;
    lock.unlock();
    if (holds(1)) (void)flush(families_);  // what stops RocksDB is in `errors_`
    lock.lock();
  }
}

/// Moves what the families have in memory to tables, one after the other: of several at a time the log stays behind.
rocksdb::Status RocksWriter::flush(Handles which) {
  const std::lock_guard one_at_a_time(flushing_);
  if (which.size() == families_.size()) logged_bytes_ = 0;
  unlogged_bytes_ = 0;
  rocksdb::Status status;
  for (auto family = which.begin(); status.ok() && family != which.end(); ++family) {
    {
      const std::unique_lock lock(settling_);
      if (settled()) {
        status = begin_flush(*family);
      } else {  // a write has failed meanwhile: to flush now would stop RocksDB for good
        status = errors_->last().ok() ? rocksdb::Status::IOError("a write has failed") : errors_->last();
      }
    }
    if (status.ok()) status = end_flush(*family);
  }
  return status;
}

/// Has RocksDB move to a table what the family has in memory, and returns when it is at it. Nothing may be written
/// meanwhile: were a write to fail between that a flush is asked for and that it begins, RocksDB would never do it, and
/// would wait for it without end when it is resumed. (DBImpl::BackgroundFlush leaves the request in the queue, and
/// MaybeScheduleFlushOrCompaction does not count it any more.)
rocksdb::Status RocksWriter::begin_flush(rocksdb::ColumnFamilyHandle* family) {
  rocksdb::FlushOptions options;
  options.wait = false;
  options.allow_write_stall = true;
  rocksdb::Status status = db_->Flush(options, family);
  if (status.ok() && family == families_[kLog]) status = write_nothing({&family, 1});
  constexpr std::chrono::microseconds kSoon{50};
  return status.ok() ? wait_while(rocksdb::DB::Properties::kMemTableFlushPending, family, kSoon) : status;
}

/// Returns when what it had in memory is in a table. RocksDB by itself does not wait for that once it has been resumed
/// after an error.
rocksdb::Status RocksWriter::end_flush(rocksdb::ColumnFamilyHandle* family) {
  return wait_while(rocksdb::DB::Properties::kNumImmutableMemTable, family, std::chrono::milliseconds(1));
}

/// Until the property is 0, or RocksDB has an error. Looks every now and then.
rocksdb::Status RocksWriter::wait_while(const std::string& property, rocksdb::ColumnFamilyHandle* family,
                                        std::chrono::microseconds every) {
  for (uint64_t value = 1; db_->GetIntProperty(family, property, &value) && value > 0;) {
    if (const rocksdb::Status status = errors_->last(); !status.ok()) return status;
    std::this_thread::sleep_for(every);
  }
  return {};
}

// ---- errors ----

/// Goes on after a write that failed, if one has. That may be in the write-ahead log, and would come back at the next
/// opening, even among later ones. So nothing is written until that log is out of use: each family is moved to tables,
/// and for that has something to move. Called when there is space again, as far as one can know: RocksDB, when it is
/// resumed and finds none, may stop for good. After an error other than that of a full disk it has stopped for good.
void RocksWriter::settle() {
  if (settled()) return;
  check(try_settling(),
        "writing to the database " + path_ + " after an error (if it stays, close the database and open it again)");
}

bool RocksWriter::settled() const { return !unsettled_ && errors_->last().ok(); }

rocksdb::Status RocksWriter::try_settling() {
  const std::unique_lock lock(settling_);
  if (settled()) return {};
  unsettled_ = true;
  errors_->remember({});
  rocksdb::Status status = db_->Resume();
  if (!status.ok()) {
    errors_->remember(status);
    return status;
  }
  status = write_nothing(families_);
  for (auto family = families_.begin(); status.ok() && family != families_.end(); ++family) {
    status = begin_flush(*family);
    if (status.ok()) status = end_flush(*family);
  }
  if (status.ok()) unsettled_ = false;
  return status;
}

/// Gives the families something to be moved to tables, in memory alone. `log` always has some: RocksDB, when it is
/// resumed and has nothing to move, goes on with a write-ahead log to which it cannot write any more.
rocksdb::Status RocksWriter::write_nothing(Handles where) {
  rocksdb::WriteBatch nothing;
  for (rocksdb::ColumnFamilyHandle* family : where) nothing.Delete(family, kNoRecord);
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return db_->Write(options, &nothing);
}

}  // namespace entente
