// Follower: a graph that lasts, read beside the process that writes it.
//
// It gives the graph as the live writer commits it: whole commits, in order, each within milliseconds. The writer does
// not know of it, and may checkpoint, compact, close, crash and be started again meanwhile; while there is none the
// graph stays as it is. It takes no lock and writes nothing into the database's folder.
//
// How. The version to begin with is read from a store opened for reading, which sees the database as it was then for
// as long as some snapshot may read pages from it. A second store follows the writer's log; a thread looks for new
// records and applies each to the version before it. When the writer has dropped records from the log that were not
// seen yet (after a checkpoint, or a bulk load, which has no record), the version is read anew, with the pages that are
// in memory already. That is done now and then in any case, so that neither the files of old checkpoints nor the pages
// made by applying records add up; the records of meanwhile are then applied to both versions, until the new one takes
// the place of the other.
//
// What cannot be followed (the database was replaced by another, or commits that were seen are gone from it) ends the
// following: graph() throws StorageError.Replaced from then on. Other errors (of the system, or damage) may be those of
// a moment and are tried again; Info tells the last.
//
// Thread safety: all functions may be called from any thread, but not at the same time as the destructor. Snapshots may
// outlive the follower.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "entente/core/graph_store.h"

namespace entente {

struct FollowOptions {
  std::chrono::milliseconds interval{5};  // between two looks
  /// The version is read anew once so much of the log was applied to it, or after so long, if the writer has written a
  /// checkpoint since.
  uint64_t applied_bytes = uint64_t{32} << 20;
  std::chrono::milliseconds age{30'000};
  std::function<void()> on_rereading;  // for tests: called by the thread that reads the version anew, before it does
};

class Follower final {
 public:
  /// Throws StorageError as opening for reading does.
  static std::unique_ptr<Follower> open(const std::string& path, const FollowOptions& options = {});
  ~Follower();

  /// Throws StorageError.Replaced.
  GraphStore& graph();
  /// Follows no more; the graph stays.
  void close();

  struct Info {
    uint64_t version = 0;
    uint64_t stored_version = 0;  // of the checkpoint that it was read from
    uint64_t applied = 0;         // commits, from the log
    uint64_t reread = 0;          // how often the version was read anew
    uint64_t reopened = 0;        // how often the log was opened anew after an error
    std::string trouble;          // why following does not get on at present; empty: it does
  };
  Info info() const;

 private:
  struct State;
  explicit Follower(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace entente
