#include "entente/query/open_beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace entente {

namespace {

constexpr int kReading = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

bool is_link(int folder, const std::string& name) {
  struct stat status = {};
  return fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/// A descriptor, or the negative number of the error.
int open_step(int folder, const std::string& name, int flags) {
  const int opened = openat(folder, name.c_str(), flags | O_NOFOLLOW);
  if (opened >= 0) return opened;
  const int error = errno;
  return error == ENOTDIR && is_link(folder, name) ? -ELOOP : -error;
}

}  // namespace

int open_beneath(int folder, const std::string& path) {
  open_how how = {};
  how.flags = kReading;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long opened = syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
  if (opened >= 0) return static_cast<int>(opened);
  return errno == ENOSYS ? open_beneath_by_steps(folder, path) : -errno;
}

int open_beneath_by_steps(int folder, const std::string& path) {
  if (path.starts_with('/')) return -EXDEV;
  std::vector<std::string> names;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    std::string name = path.substr(begin, end - begin);
    if (name == "..") return -EXDEV;
    if (!name.empty() && name != ".") names.push_back(std::move(name));
    begin = end + 1;
  }
  if (names.empty()) return -ENOENT;
  const bool as_folder = path.ends_with('/');
  int at = folder;
  for (size_t i = 0; i < names.size() && at >= 0; ++i) {
    const bool last = i + 1 == names.size();
    const int flags = last ? kReading | (as_folder ? O_DIRECTORY : 0) : O_PATH | O_DIRECTORY | O_CLOEXEC;
    const int next = open_step(at, names[i], flags);
    if (at != folder) close(at);
    at = next;
  }
  return at;
}

}  // namespace entente
