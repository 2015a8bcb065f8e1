#include "entente/storage/check.h"

#include "entente/core/error.h"
#include "entente/storage/commit_mark.h"
#include "entente/storage/database_files.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/page_tables.h"
#include "entente/storage/rocks_store.h"
#include "entente/storage/salvage.h"

namespace entente {
namespace {

class DatabaseCheck {
 public:
  explicit DatabaseCheck(const std::string& path) : files_(path) {}

  CheckReport run() {
    const uint64_t acknowledged = CommitMark(files_.mark, CommitMark::Mode::Read).value();
    try {
      store_ = RocksStore::open(files_.rocksdb, RocksStore::Mode::Read);
      for (std::string& wrong : store_->verify()) add(std::move(wrong));
      for (const std::string& name : store_->unknown_tables()) {
        report_.notes.push_back("file " + name +
                                " is not referred to: a crash left it over, or it is foreign; opening " +
                                "for writing deletes it");
      }
      SalvageSource source(store_, files_.path);
      report_.format = source.format;
      pages(source);
      log(source.manifest.snapshot.version());
    } catch (const Error& error) {
      add(error.what());
      return std::move(report_);
    }
    if (report_.commits < acknowledged) {
      add("the database holds commits up to " + std::to_string(report_.commits) + ", but commits up to " +
          std::to_string(acknowledged) + " were acknowledged: the end of its log was lost or damaged");
    }
    store_->close();
    if (report_.findings.count == 0) graph();
    return std::move(report_);
  }

 private:
  void add(std::string finding) { report_.findings.add(std::move(finding)); }

  void pages(const SalvageSource& source) {
    for_each_stored_page(source.manifest.snapshot, [&](const PageKey& key, const PageHandle& handle) {
      ++report_.pages;
      try {
        handle.get();
      } catch (const Error& error) {
        add(std::string(error.what()) + "; affected: " + affected(key, source.manifest.snapshot));
      }
    });
  }

  void log(uint64_t stored) {
    report_.commits = stored;
    bool ended = false;
    store_->read_log(stored + 1, [&](uint64_t commit, std::string_view record) {
      ++report_.log_records;
      if (commit != report_.commits + 1 && !ended) {
        add(describe_commit(report_.commits + 1) + " is missing, and records follow it");
        ended = true;
      }
      try {
        decode_commit(commit, record);
        if (!ended) report_.commits = commit;
      } catch (const Error& error) {
        add(error.what());
        ended = true;
      }
      return true;
    });
  }

  void graph() {
    try {
      OpenOptions options;
      options.read_only = true;
      const auto storage = GraphStorage::open(files_.path, options);
      const SnapshotPtr current = storage->graph().current();
      report_.commits = current->version();
      report_.nodes = current->node_count();
      report_.relationships = current->relationship_count();
      check_graph(*current, report_.findings);
    } catch (const Error& error) {
      add(error.what());
    }
  }

  DatabaseFiles files_;
  std::shared_ptr<RocksStore> store_;
  CheckReport report_;
};

}  // namespace

CheckReport check_database(const std::string& path) {
  require_database(path);
  return DatabaseCheck(path).run();
}

}  // namespace entente
