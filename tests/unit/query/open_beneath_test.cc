#include "entente/query/open_beneath.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace entente {
namespace {

namespace fs = std::filesystem;

class OpenBeneath : public testing::TestWithParam<int (*)(int, const std::string&)> {
 protected:
  OpenBeneath() : folder_(fs::temp_directory_path() / ("entente_beneath_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "root" / "sub" / "deep");
    std::ofstream(folder_ / "secret") << "x";
    std::ofstream(folder_ / "root" / "a") << "x";
    std::ofstream(folder_ / "root" / "sub" / "deep" / "b") << "x";
    fs::create_symlink("../secret", folder_ / "root" / "out");
    fs::create_symlink("a", folder_ / "root" / "in");
    fs::create_directory_symlink("sub", folder_ / "root" / "folder");
    fs::create_directory_symlink("..", folder_ / "root" / "sub" / "up");
    mkfifo((folder_ / "root" / "pipe").c_str(), 0600);
    root_ = open((folder_ / "root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  ~OpenBeneath() override {
    close(root_);
    fs::remove_all(folder_);
  }

  /// 0 or the error.
  int opened(const std::string& path) const {
    const int descriptor = GetParam()(root_, path);
    if (descriptor < 0) return -descriptor;
    close(descriptor);
    return 0;
  }

  fs::path folder_;
  int root_ = -1;
};

TEST_P(OpenBeneath, OpensWhatIsThere) {
  for (const char* path : {"a", "sub/deep/b", "./sub//deep/./b", "pipe"}) EXPECT_EQ(opened(path), 0) << path;
  EXPECT_EQ(opened("none"), ENOENT);
  EXPECT_EQ(opened("none/a"), ENOENT);
  EXPECT_EQ(opened("a/b"), ENOTDIR);
  EXPECT_EQ(opened(""), ENOENT);
  EXPECT_EQ(opened("a/"), ENOTDIR);
  EXPECT_NE(opened(std::string(5'000, 'x')), 0);
}

TEST_P(OpenBeneath, LeadsNowhereElse) {
  for (const char* path : {"..", "../secret", "sub/../../secret", "/etc/passwd", "sub/deep/../../../secret"}) {
    EXPECT_EQ(opened(path), EXDEV) << path;
  }
  for (const char* path : {"out", "in", "folder/deep/b", "sub/up/a", "folder/"}) EXPECT_EQ(opened(path), ELOOP) << path;
}

TEST_P(OpenBeneath, LeavesNoDescriptorOpen) {
  const auto count = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); };
  const auto before = count();
  for (const char* path : {"a", "sub/deep/b", "sub/deep/none", "folder/deep/b", "../secret"}) opened(path);
  EXPECT_EQ(count(), before);
}

INSTANTIATE_TEST_SUITE_P(Ways, OpenBeneath, testing::Values(&open_beneath, &open_beneath_by_steps));

}  // namespace
}  // namespace entente
