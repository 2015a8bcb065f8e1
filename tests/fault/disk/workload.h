// A scripted life of a database on a disk that fails, and whether what was acknowledged is there afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "entente/core/error.h"
#include "entente/storage/graph_storage.h"
#include "fault_disk.h"
#include "script.h"

namespace entente {

struct PowerLost {};

/// Commits of every kind, some by several writers at once, checkpoints, and the database closed and opened again. What
/// fails is tried again, after a while without the fault if that lasts; then it must succeed, after an I/O error
/// perhaps only once the database was opened again.
///
/// The script has parts, between which the database is closed. It may begin with a later part, on a database that the
/// parts before have made without a fault.
class Workload {
 public:
  static constexpr unsigned kParts = 3;

  Workload(FaultDisk& disk, std::string path, Durability durability, const FaultDisk::Plan& plan, unsigned part = 0)
      : disk_(disk),
        path_(std::move(path)),
        durability_(durability),
        plan_(plan),
        first_part_(part),
        record_(kCommitsBefore[part]) {}

  /// Calls `ended` after each part. Throws PowerLost; the database is not open then.
  void run(const std::function<void(unsigned part)>& ended = [](unsigned) {});
  /// Opens what is left, by the system's own files, and expects it to be whole and writable, and its check clean.
  void expect_all_there();

  const Record& record() const { return record_; }
  uint64_t errors() const { return errors_; }

 private:
  static constexpr std::array<uint64_t, kParts> kCommitsBefore{0, 11, 16};

  void run_part(unsigned part);
  void open(uint64_t checkpoint_commits, bool checkpoint_on_close);
  void reopen();
  void close();
  void write_to(uint64_t version);
  void write_together(uint64_t version, int writers);
  bool write_once();
  void checkpoint();
  void failed(const Error& error, const std::string& doing);
  bool may_say(const Error& error, const std::string& doing) const;
  void expect_reads();
  uint64_t version() const { return storage_->graph().current()->version(); }
  bool may_fail_reading() const { return (plan_.calls & FaultDisk::kRead) != 0; }
  void expect_version(const OpenOptions& options, bool write);

  FaultDisk& disk_;
  const std::string path_;
  const Durability durability_;
  const FaultDisk::Plan plan_;
  const unsigned first_part_;
  OpenOptions options_;
  std::unique_ptr<GraphStorage> storage_;
  Record record_;
  uint64_t errors_ = 0;
  int row_ = 0;  // of failures without a success between
};

}  // namespace entente
