// Lines typed at a terminal, with editing and a history kept in a file. Used by one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace entente {

class LineEditor {
 public:
  /// Reads the history from this file, if it is there, and adds to it. Going without a history is no error.
  explicit LineEditor(const std::filesystem::path& history_file);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class Status { Line, Interrupted, End };
  /// The next line, without its end. Interrupted: Ctrl-C, the line is dropped. End: Ctrl-D.
  Status read(const std::string& prompt, std::string& line);
  void remember(const std::string& line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// ${XDG_STATE_HOME:-~/.local/state}/entente/history; empty if there is no home.
std::filesystem::path history_file();

}  // namespace entente
