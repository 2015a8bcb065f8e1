#include "entente/storage/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <sstream>

#include "entente/core/error.h"
#include "entente/core/temporal.h"
#include "entente/storage/system_error.h"

namespace entente {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string program_name() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  return length > 0 ? std::string(path.data(), static_cast<size_t>(length)) : "unknown";
}

std::string holder_text() {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  std::ostringstream text;
  text << "pid " << getpid() << "\nhost " << host_name() << "\nprogram " << program_name() << "\nsince "
       << to_string(LocalDateTime{now.count(), 0}) << "Z\n";
  return text.str();
}

/// "pid 12, host a, program b, since c", as far as the file tells.
std::string read_holder(int file) {
  std::array<char, 8192> text{};
  const ssize_t length = read_some(file, text.data(), text.size(), 0);
  if (length < 0) return "by whom cannot be read: " + std::generic_category().message(errno);
  std::string holder(text.data(), length > 0 ? static_cast<size_t>(length) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  for (size_t at = holder.find('\n'); at != std::string::npos; at = holder.find('\n', at)) holder.replace(at, 1, ", ");
  return holder.empty() ? "a process that has not named itself yet" : holder;
}

/// Locks the file, and throws what keeps it from that.
void lock(int file, const std::string& path) {
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) throw system_error("locking " + path);
  throw Error("LockError", "Locked", Phase::Runtime,
              "the database is open for writing elsewhere (" + read_holder(file) + "; lock file " + path +
                  "); close it there, or open it here for reading only");
}

/// Closing alone would leave it locked as long as a process that was forked meanwhile has the file open too.
void unlock(int file) {
  flock(file, LOCK_UN);
  ::close(file);
}

}  // namespace

LockFile::LockFile(const std::string& path)
    : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)), process_(getpid()) {
  if (file_ < 0) throw system_error("opening the lock file " + path);
  try {
    lock(file_, path);
    const std::string text = holder_text();
    if (ftruncate(file_, 0) != 0 || !write_all(file_, text, 0)) throw system_error("writing the lock file " + path);
  } catch (const Error&) {
    unlock(file_);
    throw;
  }
}

void LockFile::require_free(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && (errno == ENOENT || errno == EACCES)) return;
  if (file < 0) throw system_error("opening the lock file " + path);
  try {
    lock(file, path);
  } catch (const Error& error) {
    ::close(file);
    if (error.kind() == "LockError") throw;
    return;
  }
  unlock(file);
}

LockFile::~LockFile() {
  if (process_ == getpid()) {
    unlock(file_);
  } else {
    ::close(file_);  // the lock is that of the process that this one was forked from
  }
}

}  // namespace entente
