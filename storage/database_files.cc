#include "entente/storage/database_files.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "entente/core/error.h"
#include "entente/storage/system_error.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& path) {
  std::error_code error;
  if (!fs::create_directory(path, error) && error) throw system_error("creating the folder " + path.string(), error);
  const fs::path absolute = fs::absolute(path, error);
  const fs::path above = absolute.has_filename() ? absolute.parent_path() : absolute.parent_path().parent_path();
  sync_folder(above.string());
}

}  // namespace

void sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 && errno == EACCES) return;  // a folder that may not be read can hold a database all the same
  if (folder < 0) throw system_error("opening the folder " + path);
  const bool failed = ::fsync(folder) != 0 && errno != EINVAL;  // which says that this disk does not sync folders
  const Error error = system_error("syncing the folder " + path);
  ::close(folder);
  if (failed) throw error;
}

DatabaseFiles::DatabaseFiles(const std::string& p)
    : path(p),
      lock(p + "/LOCK.entente"),
      mark(p + "/COMMITTED.entente"),
      restoring(p + "/RESTORING.entente"),
      rocksdb(p + "/rocksdb") {}

DatabaseFiles::State DatabaseFiles::state() const {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return State::Missing;
  if (error) throw system_error("looking at " + path, error);
  if (!fs::is_directory(status)) {
    throw Error::storage("NotADatabase", path + " is a file, but an Entente database is a folder; name another path");
  }
  bool empty = true;
  bool foreign = false;
  bool locked = false;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    empty = false;
    const fs::path name = it->path().filename();
    locked = locked || name == fs::path(lock).filename();
    foreign = foreign || (name != fs::path(lock).filename() && name != fs::path(mark).filename() &&
                          name != fs::path(rocksdb).filename());
  }
  if (error) throw system_error("reading the folder " + path, error);
  if (empty) return State::Missing;
  if (fs::exists(restoring, error)) {
    throw Error::storage("NotADatabase", "restoring a backup to " + path + " was not finished; restore it again");
  }
  if (fs::exists(mark, error)) return State::Present;
  if (!foreign && (locked || fs::is_empty(rocksdb, error))) return State::Unfinished;
  throw Error::storage("NotADatabase",
                       path + " holds other files and no Entente database; name an empty or a new folder");
}

bool DatabaseFiles::has_rocksdb() const {
  std::error_code error;
  return fs::exists(rocksdb + "/CURRENT", error);
}

void DatabaseFiles::create_folder() const { make_folder(path); }
void DatabaseFiles::create_rocksdb_folder() const { make_folder(rocksdb); }

uint64_t DatabaseFiles::free_bytes() const {
  struct statvfs space = {};
  return ::statvfs(path.c_str(), &space) != 0 ? ~uint64_t{0} : uint64_t{space.f_bavail} * space.f_frsize;
}

}  // namespace entente
