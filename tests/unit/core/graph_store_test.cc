#include "entente/core/graph_store.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "entente/core/error.h"

namespace entente {
namespace {

/// Keeps what was written; can be held up in a write, and can fail.
class FakeLog : public CommitLog {
 public:
  void append(std::span<const Record> records) override {
    std::unique_lock<std::mutex> lock(mutex_);
    ++appends;
    entered_.notify_all();
    gate_.wait(lock, [&] { return open_; });
    if (fail && fail(appends)) throw std::runtime_error("no space left");
    batches.push_back(records.size());
    for (const Record& r : records) {
      EXPECT_EQ(r.number, numbers.empty() ? 1 : numbers.back() + 1);
      numbers.push_back(r.number);
      written.push_back(*r.changes);
    }
  }
  void store_whole(const Snapshot& snapshot) override {
    if (fail_whole) throw Error::storage("DiskFull", "no space left");
    whole.push_back(snapshot.version());
    numbers.push_back(snapshot.version());
  }

  void hold() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = false;
  }
  void let_go() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    gate_.notify_all();
  }
  void wait_for_append(int count) {
    std::unique_lock<std::mutex> lock(mutex_);
    entered_.wait(lock, [&] { return appends >= count; });
  }

  std::function<bool(int)> fail;  // by the number of the write
  bool fail_whole = false;
  int appends = 0;
  std::vector<size_t> batches;
  std::vector<uint64_t> numbers;
  std::vector<ChangeSet> written;
  std::vector<uint64_t> whole;

 private:
  std::mutex mutex_;
  std::condition_variable gate_, entered_;
  bool open_ = true;
};

template <class Fn>
std::string code_of(Fn fn) {
  try {
    fn();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

uint64_t add_node(GraphStore& store) {
  auto tx = store.begin();
  tx->create_node({});
  return store.commit(std::move(tx));
}

/// A commit in a thread of its own, and how it ended.
class Commit {
 public:
  Commit(GraphStore& store, std::unique_ptr<Transaction> transaction)
      : thread_([this, &store, tx = std::move(transaction)]() mutable {
          code_ = code_of([&] { number_ = store.commit(std::move(tx)); });
        }) {}
  std::string code() {
    if (thread_.joinable()) thread_.join();
    return code_;
  }
  uint64_t number() {
    code();
    return number_;
  }
  ~Commit() { code(); }

 private:
  std::string code_;
  uint64_t number_ = 0;
  std::thread thread_;
};

std::unique_ptr<Transaction> begin_with_node(GraphStore& store) {
  auto tx = store.begin();
  tx->create_node({});
  return tx;
}

TEST(GraphStore, NumbersVersionsInOrder) {
  FakeLog log;
  GraphStore store({}, &log);
  EXPECT_EQ(store.current()->version(), 0u);
  EXPECT_EQ(add_node(store), 1u);
  EXPECT_EQ(add_node(store), 2u);
  EXPECT_EQ(store.current()->version(), 2u);
  EXPECT_EQ(store.current()->node_count(), 2u);
  EXPECT_EQ(log.numbers, (std::vector<uint64_t>{1, 2}));
}

TEST(GraphStore, AnEmptyTransactionLeavesNoRecord) {
  FakeLog log;
  GraphStore store({}, &log);
  add_node(store);
  EXPECT_EQ(store.commit(store.begin()), 1u);
  EXPECT_EQ(store.current()->version(), 1u);
  EXPECT_EQ(log.appends, 1);
  EXPECT_EQ(add_node(store), 2u);
}

TEST(GraphStore, WorksWithoutALog) {
  GraphStore store;
  EXPECT_EQ(add_node(store), 1u);
  EXPECT_EQ(store.commit(store.begin()), 1u);
  auto tx = store.begin();
  tx->bulk_nodes({}, 10);
  EXPECT_EQ(store.commit(std::move(tx)), 2u);
  EXPECT_EQ(store.current()->node_count(), 11u);
}

TEST(GraphStore, OneWritesAtATimeInOrderOfArrival) {
  GraphStore store;
  auto first = store.begin();
  EXPECT_EQ(store.begin_within(std::chrono::milliseconds(1)), nullptr);
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      auto tx = store.begin();
      order.push_back(i);  // guarded by its turn
    });
    while (store.waiting() != static_cast<size_t>(i) + 1) std::this_thread::yield();
  }
  first.reset();
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_NE(store.begin_within(std::chrono::milliseconds(0)), nullptr);
}

TEST(GraphStore, WritersThatCommitMeanwhileShareOneWrite) {
  FakeLog log;
  GraphStore store({}, &log);
  log.hold();
  Commit a(store, begin_with_node(store));
  log.wait_for_append(1);
  Commit b(store, begin_with_node(store));
  Commit c(store, begin_with_node(store));
  auto d = store.begin();  // b and c have queued
  EXPECT_EQ(d->view().node_count(), 3u);
  EXPECT_EQ(store.current()->node_count(), 0u);  // nothing is durable yet
  log.let_go();
  EXPECT_EQ(a.number() + b.number() + c.number(), 6u);
  EXPECT_EQ(store.current()->version(), 3u);
  EXPECT_EQ(store.commit(std::move(d)), 3u);
  EXPECT_EQ(log.batches, (std::vector<size_t>{1, 2}));
}

TEST(GraphStore, AWriteAwaitsThoseThatTheLastOneServed) {
  int shared = 0;
  for (int round = 0; round < 20; ++round) {
    FakeLog log;
    GraphStore store({}, &log);
    log.hold();
    Commit a(store, begin_with_node(store));
    log.wait_for_append(1);
    Commit b(store, begin_with_node(store));
    store.begin();  // b has queued
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    log.let_go();
    a.number();
    add_node(store);  // comes again a little later than b could go on
    b.number();
    shared += log.batches.at(1) == 2;
  }
  EXPECT_GE(shared, 4);  // not each time: the system may let the thread wait for longer
}

TEST(GraphStore, AFailedWriteDropsEverythingBuiltOnIt) {
  FakeLog log;
  GraphStore store({}, &log);
  add_node(store);
  log.fail = [](int append) { return append == 2; };
  log.hold();
  Commit a(store, begin_with_node(store));
  log.wait_for_append(2);
  Commit b(store, begin_with_node(store));
  auto c = begin_with_node(store);  // still being made
  EXPECT_EQ(c->view().node_count(), 4u);
  log.let_go();
  EXPECT_EQ(a.code(), "StorageError.CommitFailed");
  EXPECT_EQ(b.code(), "StorageError.CommitFailed");
  EXPECT_EQ(store.current()->version(), 1u);
  EXPECT_EQ(code_of([&] { store.commit(std::move(c)); }), "StorageError.CommitFailed");
  EXPECT_EQ(store.begin()->view().node_count(), 1u);
  EXPECT_EQ(add_node(store), 2u);
  EXPECT_EQ(log.numbers, (std::vector<uint64_t>{1, 2}));
}

TEST(GraphStore, WhoOnlyReadADroppedVersionIsToldToo) {
  FakeLog log;
  GraphStore store({}, &log);
  log.fail = [](int) { return true; };
  log.hold();
  Commit a(store, begin_with_node(store));
  log.wait_for_append(1);
  Commit reader(store, store.begin());
  auto late = store.begin();
  log.let_go();
  EXPECT_EQ(a.code(), "StorageError.CommitFailed");
  EXPECT_EQ(reader.code(), "StorageError.CommitFailed");
  EXPECT_EQ(code_of([&] { store.commit(std::move(late)); }), "StorageError.CommitFailed");
  EXPECT_EQ(code_of([&] { store.commit(store.begin()); }), "none");
}

TEST(GraphStore, TellsTheErrorOfTheLog) {
  class FullLog : public CommitLog {
    void append(std::span<const Record>) override { throw Error::storage("DiskFull", "8 bytes left"); }
    void store_whole(const Snapshot&) override {}
  } log;
  GraphStore store({}, &log);
  EXPECT_EQ(code_of([&] { add_node(store); }), "StorageError.DiskFull");
  EXPECT_EQ(store.current()->node_count(), 0u);
}

TEST(GraphStore, ABulkLoadIsStoredWhole) {
  FakeLog log;
  GraphStore store({}, &log);
  log.hold();
  Commit a(store, begin_with_node(store));
  log.wait_for_append(1);
  auto tx = store.begin();
  tx->bulk_nodes({}, 100);
  Commit bulk(store, std::move(tx));
  log.let_go();
  EXPECT_EQ(bulk.number(), 2u);
  EXPECT_EQ(log.whole, (std::vector<uint64_t>{2}));
  EXPECT_EQ(store.current()->node_count(), 101u);
  EXPECT_EQ(log.appends, 1);

  log.fail_whole = true;
  tx = store.begin();
  tx->bulk_nodes({}, 100);
  EXPECT_EQ(code_of([&] { store.commit(std::move(tx)); }), "StorageError.DiskFull");
  EXPECT_EQ(store.current()->node_count(), 101u);
  EXPECT_EQ(add_node(store), 3u);
}

TEST(GraphStore, ReplayedVersionsAreNotLoggedAgain) {
  FakeLog log;
  GraphStore first({}, &log);
  add_node(first);
  add_node(first);
  FakeLog other;
  GraphStore second({}, &other);
  for (const ChangeSet& changes : log.written) {
    auto tx = second.begin();
    tx->apply(changes);
    second.publish_replayed(std::move(tx));
  }
  EXPECT_EQ(second.current()->version(), 2u);
  EXPECT_EQ(second.current()->node_count(), 2u);
  EXPECT_EQ(other.appends, 0);
}

TEST(GraphStore, ReadersSeeWholeVersionsWhileOthersWrite) {
  FakeLog log;
  GraphStore store({}, &log);
  {
    auto tx = store.begin();
    tx->label("N");
    tx->type("NEXT");
    tx->key("v");
    store.commit(std::move(tx));
  }
  constexpr int kCommits = 300;
  std::atomic<bool> done{false};
  std::atomic<int> bad{0};
  // Each commit adds a node, links it to node 0, and writes the version's number to node 0.
  const auto check = [&](const Snapshot& s) {
    const uint64_t commits = s.version() - 1;
    bool good = s.node_count() == commits && s.label_count(LabelId(0)) == commits;
    if (commits > 0) {
      good = good && s.property(NodeId(0), KeyId(0)).as_integer() == static_cast<int64_t>(s.version());
      good = good && degree(s.adjacency(TypeId(0), Direction::In), NodeId(0)) == commits;
      std::vector<uint32_t> nodes;
      s.scan_label(LabelId(0), 0, 10'000, nodes);
      good = good && nodes.size() == commits;
    }
    if (!good) ++bad;
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint64_t last = 0;
      SnapshotPtr kept;
      while (!done) {
        const SnapshotPtr s = store.current();
        if (s->version() < last) ++bad;
        last = s->version();
        check(*s);
        if (!kept || last % 50 == 0) kept = s;
        check(*kept);
      }
    });
  }
  for (int i = 0; i < kCommits; ++i) {
    auto tx = store.begin();
    const NodeId n = tx->create_node(std::vector<LabelId>{LabelId(0)});
    tx->create_relationship(TypeId(0), n, NodeId(0));
    tx->set_property(NodeId(0), KeyId(0), static_cast<int64_t>(tx->view().version() + 1));
    store.commit(std::move(tx));
  }
  done = true;
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(store.current()->node_count(), static_cast<uint64_t>(kCommits));
}

TEST(GraphStore, ManyWritersOverALogThatFailsNowAndThen) {
  FakeLog log;
  log.fail = [](int append) { return append % 5 == 0; };
  GraphStore store({}, &log);
  std::atomic<uint64_t> succeeded{0}, failed{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 60; ++i) {
        const std::string code = code_of([&] { add_node(store); });
        if (code == "none")
          ++succeeded;
        else if (code == "StorageError.CommitFailed")
          ++failed;
        if (i % 10 == 0) store.begin();  // rolled back
      }
    });
  }
  for (std::thread& t : writers) t.join();
  EXPECT_EQ(succeeded + failed, 240u);
  EXPECT_GT(failed, 0u);
  EXPECT_EQ(store.current()->node_count(), succeeded);
  EXPECT_EQ(store.current()->version(), succeeded);
  EXPECT_EQ(log.numbers.size(), succeeded);
  GraphStore second;
  for (const ChangeSet& changes : log.written) {
    auto tx = second.begin();
    tx->apply(changes);
    second.publish_replayed(std::move(tx));
  }
  EXPECT_EQ(second.current()->node_count(), succeeded);
}

}  // namespace
}  // namespace entente
