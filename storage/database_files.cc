#include "entente/storage/database_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "entente/core/error.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

Error file_error(const std::string& doing, const std::string& path, const std::string& why) {
  return Error::storage("IO", doing + " " + path + " failed: " + why);
}

void sync_folder(const fs::path& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // a folder that may not be read can hold a database all the same
  ::fsync(folder);
  ::close(folder);
}

void make_folder(const fs::path& path) {
  std::error_code error;
  if (!fs::create_directory(path, error) && error)
    throw file_error("creating the folder", path.string(), error.message());
  const fs::path absolute = fs::absolute(path, error);
  sync_folder(absolute.has_filename() ? absolute.parent_path() : absolute.parent_path().parent_path());
}

}  // namespace

DatabaseFiles::DatabaseFiles(const std::string& p)
    : path(p), lock(p + "/LOCK.entente"), mark(p + "/COMMITTED.entente"), rocksdb(p + "/rocksdb") {}

DatabaseFiles::State DatabaseFiles::state() const {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return State::Missing;
  if (error) throw file_error("looking at", path, error.message());
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
  if (error) throw file_error("reading the folder", path, error.message());
  if (empty) return State::Missing;
  if (fs::exists(mark, error)) return State::Present;
  if (locked && !foreign) return State::Unfinished;
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
  std::error_code error;
  const fs::space_info space = fs::space(path, error);
  return error ? ~uint64_t{0} : space.available;
}

}  // namespace entente
