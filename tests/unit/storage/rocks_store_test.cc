#include "entente/storage/rocks_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "storage_fixture.h"

namespace entente {
namespace {

using Mode = RocksStore::Mode;

PageKey page(uint32_t number, uint64_t epoch) { return {PageKind::Label, 2, number, epoch}; }

std::vector<uint64_t> commits(const PageStore& store, uint64_t from) {
  std::vector<uint64_t> found;
  store.read_log(from, [&](uint64_t commit, std::string_view bytes) {
    EXPECT_EQ(bytes, "record " + std::to_string(commit));
    found.push_back(commit);
    return true;
  });
  return found;
}

void append(PageStore& store, uint64_t from, uint64_t to) {
  std::vector<PageStore::LogRecord> records;
  for (uint64_t commit = from; commit <= to; ++commit) records.push_back({commit, "record " + std::to_string(commit)});
  store.append_log(records, true);
}

std::string text(const std::optional<AlignedBytes>& bytes) { return bytes ? std::string(bytes->view()) : "none"; }

TEST(RocksStore, WhatIsWrittenIsThereAfterReopening) {
  const TempFolder folder;
  auto store = RocksStore::open(folder / "db", Mode::Create);
  store->put_pages(std::vector<PageStore::PageRecord>{{page(0, 1), "zero"}, {page(300, 1), std::string("\0\xFF", 2)}},
                   {"list/1", "l"});
  append(*store, 1, 3);
  store->commit({.put_meta = {{"a", "1"}, {"list/2", "m"}}});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(text(store->get_page(page(0, 1))), "zero");
    EXPECT_EQ(text(store->get_page(page(300, 1))), std::string("\0\xFF", 2));
    EXPECT_EQ(text(store->get_page(page(0, 2))), "none");
    EXPECT_EQ(store->get_meta("a"), "1");
    EXPECT_EQ(store->get_meta("b"), std::nullopt);
    EXPECT_EQ(store->list_meta("list/"), (std::vector<PageStore::MetaRecord>{{"list/1", "l"}, {"list/2", "m"}}));
    EXPECT_EQ(commits(*store, 0), (std::vector<uint64_t>{1, 2, 3}));
    EXPECT_EQ(commits(*store, 3), (std::vector<uint64_t>{3}));
    store->close();
    store = RocksStore::open(folder / "db", Mode::Write);
  }
}

TEST(RocksStore, ABatchPutsAndDeletes) {
  const TempFolder folder;
  auto store = RocksStore::open(folder / "db", Mode::Create);
  store->put_pages(std::vector<PageStore::PageRecord>{{page(0, 1), "zero"}, {page(1, 1), "one"}}, {"list/1", "l"});
  append(*store, 250, 270);
  store->commit({.put_meta = {{"a", "1"}},
                 .delete_meta = {"list/1", "never there"},
                 .delete_pages = {page(0, 1), page(9, 9)},
                 .drop_log_through = 260,
                 .drop_log_from = 265});
  EXPECT_EQ(text(store->get_page(page(0, 1))), "none");
  EXPECT_EQ(text(store->get_page(page(1, 1))), "one");
  EXPECT_EQ(store->get_meta("list/1"), std::nullopt);
  EXPECT_EQ(commits(*store, 0), (std::vector<uint64_t>{261, 262, 263, 264}));
  append(*store, 265, 266);
  EXPECT_EQ(commits(*store, 263), (std::vector<uint64_t>{263, 264, 265, 266}));
}

TEST(RocksStore, ManyPagesAreThereAfterACommitThoughTheProcessEnds) {
  const TempFolder folder;
  auto store = RocksStore::open(folder / "db", Mode::Create);
  const std::string large(3 << 20, 'x');
  auto what_a_crash_leaves = [&, crash = 0]() mutable {
    const std::string copy = folder / ("copy" + std::to_string(++crash));
    std::filesystem::copy(folder / "db", copy, std::filesystem::copy_options::recursive);
    return RocksStore::open(copy, Mode::Write);
  };
  store->put_pages(std::vector<PageStore::PageRecord>{{page(0, 1), large}, {page(1, 1), "small"}}, {"list/1", "l"});
  EXPECT_EQ(what_a_crash_leaves()->get_meta("list/1"), "l");
  append(*store, 1, 2);
  store->commit({.put_meta = {{"a", "1"}}, .delete_meta = {"list/1"}});
  const auto left = what_a_crash_leaves();
  EXPECT_EQ(text(left->get_page(page(0, 1))), large);
  EXPECT_EQ(text(left->get_page(page(1, 1))), "small");
  EXPECT_EQ(left->get_meta("a"), "1");
  EXPECT_EQ(left->get_meta("list/1"), std::nullopt);
  EXPECT_EQ(commits(*left, 0), (std::vector<uint64_t>{1, 2}));
}

TEST(RocksStore, ReadingTheLogStopsWhereTheReaderWants) {
  const TempFolder folder;
  auto store = RocksStore::open(folder / "db", Mode::Create);
  append(*store, 1, 10);
  uint64_t last = 0;
  store->read_log(2, [&](uint64_t commit, std::string_view) { return (last = commit) < 4; });
  EXPECT_EQ(last, 4u);
}

TEST(RocksStore, AReaderBesideTheWriterSeesWhatWasThereAndWritesNothing) {
  const TempFolder folder;
  auto writer = RocksStore::open(folder / "db", Mode::Create);
  append(*writer, 1, 3);
  writer->put_pages(std::vector<PageStore::PageRecord>{{page(0, 1), "zero"}}, {"list/1", "l"});
  writer->flush();
  append(*writer, 4, 5);
  const auto reader = RocksStore::open(folder / "db", Mode::Read);
  append(*writer, 6, 7);
  writer->commit({.delete_pages = {page(0, 1)}, .drop_log_through = 6});
  writer->flush();
  EXPECT_EQ(commits(*reader, 0), (std::vector<uint64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(text(reader->get_page(page(0, 1))), "zero");
  EXPECT_EQ(error_of([&] { append(*reader, 8, 8); }), "StorageError.ReadOnly");
  EXPECT_EQ(error_of([&] { reader->commit({}); }), "StorageError.ReadOnly");
}

/// The writer moves records out of its write-ahead logs and deletes these while readers open.
TEST(RocksStore, AReaderMissesNothingWhileTheWriterFlushes) {
  const TempFolder folder;
  const auto writer = RocksStore::open(folder / "db", Mode::Create);
  std::atomic<uint64_t> written{0};
  std::atomic<bool> stop{false};
  std::thread thread([&] {
    for (uint64_t commit = 1; !stop; ++commit) {
      append(*writer, commit, commit);
      written = commit;
      if (commit % 3 == 0) writer->flush();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  for (int round = 0; round < 10; ++round) {
    const uint64_t before = written;
    const std::vector<uint64_t> found = commits(*RocksStore::open(folder / "db", Mode::Read), 1);
    EXPECT_GE(found.size(), before);
    EXPECT_EQ(found.empty() ? 0 : found.back(), found.size());
  }
  stop = true;
  thread.join();
}

TEST(RocksStore, AfterClosingEverythingIsRefused) {
  const TempFolder folder;
  auto store = RocksStore::open(folder / "db", Mode::Create);
  store->close();
  store->close();
  EXPECT_EQ(error_of([&] { append(*store, 1, 1); }), "StorageError.Closed");
  EXPECT_EQ(error_of([&] { store->get_meta("a"); }), "StorageError.Closed");
  EXPECT_EQ(error_of([&] { store->get_page(page(0, 1)); }), "StorageError.Closed");
}

TEST(RocksStore, OpeningWhatIsNotThereIsAnErrorAndMakesNothing) {
  const TempFolder folder;
  EXPECT_EQ(error_of([&] { RocksStore::open(folder / "db", Mode::Write); }), "StorageError.IO");
  EXPECT_EQ(error_of([&] { RocksStore::open(folder / "db", Mode::Read); }), "StorageError.IO");
}

}  // namespace
}  // namespace entente
