#include "fault_disk.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <filesystem>
#include <fstream>
#include <utility>

namespace entente {
namespace {

namespace fs = std::filesystem;
using Call = FaultDisk::Call;
using Fault = FaultDisk::Fault;
using Guard = std::lock_guard<std::mutex>;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr uint64_t kBlock = 4096;

FaultDisk* disk_of_process = nullptr;  // for the calls that storage makes by itself

IOStatus status_of(Fault fault, const std::string& path) {
  if (fault == Fault::None) return IOStatus::OK();
  if (fault != Fault::NoSpace) return IOStatus::IOError("the test lets this call fail", path);
  IOStatus status = IOStatus::NoSpace("the test says that the disk is full", path);
  status.SetRetryable(true);  // as the system's disk says it
  return status;
}

class FaultWritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultWritableFile(FaultDisk& disk, std::string path, std::unique_ptr<rocksdb::FSWritableFile>&& file)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kWrite, path_);
    const bool partly = fault == Fault::Torn || fault == Fault::NoSpace;
    const Slice fitting(data.data(), fault == Fault::None ? data.size() : partly ? disk_.part_of(data.size()) : 0);
    const IOStatus status = fitting.empty() ? IOStatus::OK() : target()->Append(fitting, options, context);
    if (status.ok()) disk_.file(path_).written += fitting.size();
    return status.ok() ? status_of(fault, path_) : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  // Space is not taken before it is needed: in memory that would cost time.
  void PrepareWrite(size_t, size_t, const IOOptions&, IODebugContext*) override {}
  IOStatus Allocate(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kChange, path_);
    if (fault != Fault::None) return status_of(fault, path_);
    FaultDisk::FileState& state = disk_.file(path_);
    state.written = std::min(state.written, size);
    state.synced = std::min(state.synced, size);
    return target()->Truncate(size, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return sync([&] { return target()->Sync(options, context); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return sync([&] { return target()->Fsync(options, context); });
  }
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {  // promises nothing
    const Guard guard(disk_.mutex());
    return status_of(disk_.strike(Call::kSync, path_), path_);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kChange, path_);
    const IOStatus status = target()->Close(options, context);
    return fault == Fault::None ? status : status_of(fault, path_);
  }

 private:
  template <class Fn>
  IOStatus sync(Fn fn) {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kSync, path_);
    FaultDisk::FileState& state = disk_.file(path_);
    if (fault != Fault::None) {
      state.doubtful = true;
      return status_of(fault, path_);
    }
    const IOStatus status = fn();
    if (status.ok() && !state.doubtful) state.synced = state.written;
    return status;
  }

  FaultDisk& disk_;
  const std::string path_;
};

class FaultSequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  FaultSequentialFile(FaultDisk& disk, std::string path, std::unique_ptr<rocksdb::FSSequentialFile>&& file)
      : FSSequentialFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}
  IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch, IODebugContext* context) override {
    {
      const Guard guard(disk_.mutex());
      const Fault fault = disk_.strike(Call::kRead, path_);
      if (fault != Fault::None) return status_of(fault, path_);
    }
    return target()->Read(n, options, result, scratch, context);
  }

 private:
  FaultDisk& disk_;
  const std::string path_;
};

class FaultRandomAccessFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultRandomAccessFile(FaultDisk& disk, std::string path, std::unique_ptr<rocksdb::FSRandomAccessFile>&& file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    const IOStatus status = may_read();
    return status.ok() ? target()->Read(offset, n, options, result, scratch, context) : status;
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    const IOStatus status = may_read();
    return status.ok() ? target()->MultiRead(requests, count, options, context) : status;
  }
  IOStatus Prefetch(uint64_t, size_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported("not on this disk");
  }

 private:
  IOStatus may_read() const {
    const Guard guard(disk_.mutex());
    return status_of(disk_.strike(Call::kRead, path_), path_);
  }
  FaultDisk& disk_;
  const std::string path_;
};

class FaultFolder : public rocksdb::FSDirectoryWrapper {
 public:
  FaultFolder(FaultDisk& disk, std::string path, std::unique_ptr<rocksdb::FSDirectory>&& folder)
      : FSDirectoryWrapper(std::move(folder)), disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*, const rocksdb::DirFsyncOptions&) override {
    return sync();
  }

 private:
  IOStatus sync() {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kSync, path_);
    if (fault == Fault::None) disk_.synced_folder(path_);
    return status_of(fault, path_);
  }
  FaultDisk& disk_;
  const std::string path_;
};

class SilentLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
  size_t GetLogFileSize() const override { return 0; }
};

class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFileSystem(FaultDisk& disk) : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
  static const char* kClassName() { return "FaultFileSystem"; }
  const char* Name() const override { return kClassName(); }

  IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result, IODebugContext* context) override {
    IOStatus status = may(Call::kRead, name);
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    if (status.ok()) status = target()->NewSequentialFile(name, options, &file, context);
    if (status.ok()) *result = std::make_unique<FaultSequentialFile>(disk_, name, std::move(file));
    return status;
  }
  IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result, IODebugContext* context) override {
    IOStatus status = may(Call::kRead, name);
    std::unique_ptr<rocksdb::FSRandomAccessFile> file;
    if (status.ok()) status = target()->NewRandomAccessFile(name, options, &file, context);
    if (status.ok()) *result = std::make_unique<FaultRandomAccessFile>(disk_, name, std::move(file));
    return status;
  }
  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kChange, name);
    if (fault != Fault::None) return status_of(fault, name);
    disk_.remove(name);
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const IOStatus status = target()->NewWritableFile(name, options, &file, context);
    if (!status.ok()) return status;
    disk_.made(name);
    *result = std::make_unique<FaultWritableFile>(disk_, name, std::move(file));
    return status;
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext* context) override {
    IOStatus status = may(Call::kRead, name);
    std::unique_ptr<rocksdb::FSDirectory> folder;
    if (status.ok()) status = target()->NewDirectory(name, options, &folder, context);
    if (status.ok()) *result = std::make_unique<FaultFolder>(disk_, name, std::move(folder));
    return status;
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kChange, name);
    if (fault != Fault::None) return status_of(fault, name);
    if (!fs::exists(name)) return target()->DeleteFile(name, options, context);  // knows the words for it
    disk_.remove(name);
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
    const Guard guard(disk_.mutex());
    const Fault fault = disk_.strike(Call::kChange, from);
    if (fault != Fault::None) return status_of(fault, from);
    if (!fs::exists(from)) return target()->RenameFile(from, to, options, context);
    disk_.rename(from, to);
    return IOStatus::OK();
  }
  IOStatus GetChildren(const std::string& folder, const IOOptions& options, std::vector<std::string>* result,
                       IODebugContext* context) override {
    const IOStatus status = may(Call::kRead, folder);
    return status.ok() ? target()->GetChildren(folder, options, result, context) : status;
  }
  IOStatus GetFileSize(const std::string& name, const IOOptions& options, uint64_t* size,
                       IODebugContext* context) override {
    const IOStatus status = may(Call::kRead, name);
    return status.ok() ? target()->GetFileSize(name, options, size, context) : status;
  }
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result,
                     IODebugContext*) override {
    *result = std::make_shared<SilentLogger>();
    return IOStatus::OK();
  }
  // What would go past this disk.
  IOStatus ReopenWritableFile(const std::string&, const rocksdb::FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("not on this disk");
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const rocksdb::FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("not on this disk");
  }
  IOStatus NewRandomRWFile(const std::string&, const rocksdb::FileOptions&, std::unique_ptr<rocksdb::FSRandomRWFile>*,
                           IODebugContext*) override {
    return IOStatus::NotSupported("not on this disk");
  }
  IOStatus LinkFile(const std::string&, const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported("not on this disk");
  }

 private:
  IOStatus may(Call call, const std::string& name) const {
    const Guard guard(disk_.mutex());
    return status_of(disk_.strike(call, name), name);
  }
  FaultDisk& disk_;
};

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path.data(), path.size());
  return {path.data(), length > 0 ? static_cast<size_t>(length) : 0};
}

/// What the system's call gives where the disk lets it fail.
int refused(Fault fault) {
  errno = fault == Fault::NoSpace ? ENOSPC : EIO;
  return -1;
}

/// Writes as much as gets into the file; `write` is the system's call, for so many bytes.
template <class Write>
ssize_t write_through(int file, size_t count, Write write) {
  FaultDisk* disk = disk_of_process;
  const std::string path = disk != nullptr ? path_of(file) : std::string();
  if (!path.starts_with('/')) return write(count);  // not a file
  const Guard guard(disk->mutex());
  const Fault fault = disk->strike(Call::kWrite, path);
  if (fault == Fault::Error || fault == Fault::PowerLoss) return refused(fault);
  const size_t fitting = fault == Fault::None ? count : disk->part_of(count);
  const ssize_t written = fitting == 0 ? 0 : write(fitting);
  if (written > 0) disk->file(path).written += static_cast<uint64_t>(written);
  return fault == Fault::None ? written : fitting > 0 ? written : refused(fault);
}

}  // namespace

FaultDisk::FaultDisk(std::string graveyard, uint64_t seed)
    : graveyard_(std::move(graveyard)),
      files_system_(std::make_shared<FaultFileSystem>(*this)),
      environment_(rocksdb::NewCompositeEnv(files_system_)),
      random_(seed) {
  fs::create_directories(graveyard_);
  disk_of_process = this;
}

FaultDisk::~FaultDisk() { disk_of_process = nullptr; }

void FaultDisk::plan(const Plan& plan) {
  const Guard guard(mutex_);
  plan_ = plan;
  calls_ = 0;
  struck_ = false;
}

void FaultDisk::lift() {
  const Guard guard(mutex_);
  plan_ = {};
}

uint64_t FaultDisk::calls() const {
  const Guard guard(mutex_);
  return calls_;
}

bool FaultDisk::struck() const {
  const Guard guard(mutex_);
  return struck_;
}

std::string FaultDisk::where() const {
  const Guard guard(mutex_);
  return where_;
}

bool FaultDisk::full() const {
  const Guard guard(mutex_);
  return struck_ && plan_.fault == Fault::NoSpace && plan_.lasting;
}

bool FaultDisk::powerless() const {
  const Guard guard(mutex_);
  return powerless_;
}

Fault FaultDisk::strike(Call call, const std::string& path) {
  if (powerless_) return call == kRead ? Fault::None : Fault::PowerLoss;
  if ((plan_.calls & call) == 0 || !path.ends_with(plan_.file)) return Fault::None;
  ++calls_;
  if (plan_.fault == Fault::None || calls_ < plan_.at || (calls_ > plan_.at && !plan_.lasting)) return Fault::None;
  if (!std::exchange(struck_, true)) {
    where_ = (call == kWrite ? "write " : call == kSync ? "sync " : call == kChange ? "change " : "read ") + path;
  }
  powerless_ = plan_.fault == Fault::PowerLoss;
  return plan_.fault;
}

std::string FaultDisk::folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

void FaultDisk::made(const std::string& path) {
  files_[path] = {};
  changes_[folder_of(path)].push_back({Change::Made, path, {}, {}, {}});
}

std::string FaultDisk::bury(const std::string& path, FileState& state) {
  if (!fs::exists(path)) return {};
  std::string grave = graveyard_ + "/" + std::to_string(++buried_);
  fs::rename(path, grave);
  if (const auto file = files_.extract(path); !file.empty()) state = file.mapped();
  return grave;
}

void FaultDisk::bring_back(const std::string& grave, const std::string& path, const FileState& state) {
  fs::rename(grave, path);
  if (state.written > 0) files_[path] = state;
}

void FaultDisk::remove(const std::string& path) {
  FileState state;
  std::string grave = bury(path, state);
  if (!grave.empty()) changes_[folder_of(path)].push_back({Change::Removed, path, std::move(grave), {}, state});
}

/// What is at the new path is replaced in the same moment.
void FaultDisk::rename(const std::string& from, const std::string& to) {
  FileState state;
  std::string replaced = bury(to, state);
  fs::rename(from, to);
  if (auto file = files_.extract(from); !file.empty()) {
    file.key() = to;
    files_.insert(std::move(file));
  }
  changes_[folder_of(to)].push_back({Change::Renamed, to, from, std::move(replaced), state});
}

void FaultDisk::synced_folder(const std::string& path) {
  std::vector<Change>& changes = changes_[path];
  for (const Change& change : changes) {
    const std::string& grave = change.kind == Change::Removed ? change.other : change.replaced;
    if (!grave.empty()) fs::remove(grave);
  }
  changes.clear();
}

void FaultDisk::take_back(const Change& change) {
  switch (change.kind) {
    case Change::Made:
      fs::remove(change.path);
      files_.erase(change.path);
      return;
    case Change::Removed:
      bring_back(change.other, change.path, change.state);
      return;
    case Change::Renamed:
      fs::rename(change.path, change.other);
      if (auto state = files_.extract(change.path); !state.empty()) {
        state.key() = change.other;
        files_.insert(std::move(state));
      }
      if (!change.replaced.empty()) bring_back(change.replaced, change.path, change.state);
      return;
  }
}

void FaultDisk::lose_power(Rest rest) {
  const Guard guard(mutex_);
  for (auto& [folder, changes] : changes_) {  // as a journal keeps them: a beginning of the changes is there
    const size_t kept = rest == Rest::Dropped ? 0 : random_() % (changes.size() + 1);
    for (; changes.size() > kept; changes.pop_back()) take_back(changes.back());
    changes.clear();
  }
  for (const auto& [path, state] : files_) {
    std::error_code missing;
    const uint64_t size = fs::file_size(path, missing);
    if (missing || state.synced >= size) continue;
    const uint64_t extra = size - state.synced;
    const uint64_t kept = state.synced + (rest == Rest::Dropped ? 0 : random_() % (extra + 1));
    fs::resize_file(path, kept);
    if (rest == Rest::Dropped || random_() % 3 != 0 || path.find("/MANIFEST") != std::string::npos) continue;
    const uint64_t block = (kept + kBlock - 1) / kBlock * kBlock;  // and blocks behind it that were never written
    if (block >= size) continue;
    fs::resize_file(path, block);
    fs::resize_file(path, size);
  }
  files_.clear();
  powerless_ = false;
  plan_ = {};
}

}  // namespace entente

// ---- the calls that storage makes by itself ----

using entente::Call;
using entente::Fault;
using entente::Guard;

extern "C" {

// NOLINTBEGIN: the names that the linker looks for
int __real_open(const char* path, int flags, ...);
ssize_t __real_pread(int file, void* bytes, size_t count, off_t offset);
ssize_t __real_write(int file, const void* bytes, size_t count);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
ssize_t __real_pwrite(int file, const void* bytes, size_t count, off_t offset);
int __real_ftruncate(int file, off_t length);
int __real_fsync(int file);
int __real_statvfs(const char* path, struct statvfs* space);

int __wrap_open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  entente::FaultDisk* disk = entente::disk_of_process;
  if (disk == nullptr) return __real_open(path, flags, mode);
  const Guard guard(disk->mutex());
  const bool makes = (flags & O_CREAT) != 0 && ((flags & O_TRUNC) != 0 || access(path, F_OK) != 0);
  const Fault fault = disk->strike(makes ? Call::kChange : Call::kRead, path);
  if (fault != Fault::None) return entente::refused(fault);
  if (makes) disk->remove(path);
  const int file = __real_open(path, flags, mode);
  if (file >= 0 && makes) disk->made(path);
  return file;
}

ssize_t __wrap_pread(int file, void* bytes, size_t count, off_t offset) {
  if (entente::FaultDisk* disk = entente::disk_of_process; disk != nullptr) {
    const Guard guard(disk->mutex());
    const Fault fault = disk->strike(Call::kRead, entente::path_of(file));
    if (fault != Fault::None) return entente::refused(fault);
  }
  return __real_pread(file, bytes, count, offset);
}

ssize_t __wrap_pwrite(int file, const void* bytes, size_t count, off_t offset) {
  return entente::write_through(file, count,
                                [&](size_t fitting) { return __real_pwrite(file, bytes, fitting, offset); });
}

ssize_t __wrap_write(int file, const void* bytes, size_t count) {
  return entente::write_through(file, count, [&](size_t fitting) { return __real_write(file, bytes, fitting); });
}

int __wrap_rename(const char* from, const char* to) {
  entente::FaultDisk* disk = entente::disk_of_process;
  if (disk == nullptr) return __real_rename(from, to);
  const Guard guard(disk->mutex());
  const Fault fault = disk->strike(Call::kChange, from);
  if (fault != Fault::None) return entente::refused(fault);
  disk->rename(from, to);
  return 0;
}

int __wrap_unlink(const char* path) {
  entente::FaultDisk* disk = entente::disk_of_process;
  if (disk == nullptr || access(path, F_OK) != 0) return __real_unlink(path);
  const Guard guard(disk->mutex());
  const Fault fault = disk->strike(Call::kChange, path);
  if (fault != Fault::None && fault != Fault::NoSpace) return entente::refused(fault);  // deleting needs no space
  disk->remove(path);
  return 0;
}

int __wrap_ftruncate(int file, off_t length) {
  entente::FaultDisk* disk = entente::disk_of_process;
  if (disk == nullptr) return __real_ftruncate(file, length);
  const Guard guard(disk->mutex());
  const Fault fault = disk->strike(Call::kChange, entente::path_of(file));
  if (fault != Fault::None) return entente::refused(fault);
  disk->file(entente::path_of(file)).synced = 0;
  return __real_ftruncate(file, length);
}

int __wrap_fsync(int file) {
  entente::FaultDisk* disk = entente::disk_of_process;
  if (disk == nullptr) return __real_fsync(file);
  const Guard guard(disk->mutex());
  const std::string path = entente::path_of(file);
  const Fault fault = disk->strike(Call::kSync, path);
  if (fault != Fault::None) return entente::refused(fault);
  if (std::filesystem::is_directory(path)) {
    disk->synced_folder(path);
  } else if (entente::FaultDisk::FileState& state = disk->file(path); !state.doubtful) {
    state.synced = state.written;
  }
  return __real_fsync(file);
}

int __wrap_statvfs(const char* path, struct statvfs* space) {
  const int result = __real_statvfs(path, space);
  if (entente::disk_of_process != nullptr && entente::disk_of_process->full()) space->f_bavail = 0;
  return result;
}
// NOLINTEND
}
