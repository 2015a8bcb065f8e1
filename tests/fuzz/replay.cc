// Runs a fuzz target on files, and on all files of folders, in the order of their names.
// usage: TARGET FILE-OR-FOLDER…
#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include <unistd.h>

#include "fuzz.h"

namespace {

namespace fs = std::filesystem;

std::string running;  // the file

/// Names the file, as far as a handler may.
extern "C" void name_the_file(int signal) {
  for (const std::string_view text :
       {std::string_view("fuzz: failed on "), std::string_view(running), std::string_view("\n")}) {
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) break;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<fs::path> files_of(int count, char** arguments) {
  std::vector<fs::path> files;
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      files.emplace_back(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGABRT, name_the_file);
  const std::vector<fs::path> files = files_of(count, arguments);
  if (files.empty()) {
    std::cerr << "usage: " << arguments[0] << " FILE-OR-FOLDER…\n";
    return 2;
  }
  for (const fs::path& file : files) {
    running = file.string();
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
      std::cerr << "cannot read " << running << '\n';
      return 1;
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  std::cout << files.size() << " inputs: ok\n";
  return 0;
}
