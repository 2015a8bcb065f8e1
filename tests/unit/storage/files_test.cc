// The small files beside the database: the lock and the commit mark; and what counts as a database.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "entente/storage/commit_mark.h"
#include "entente/storage/database_files.h"
#include "entente/storage/lock_file.h"
#include "storage_fixture.h"

namespace entente {
namespace {

TEST(LockFile, TheSecondIsToldWhoTheFirstIs) {
  const TempFolder folder;
  auto first = std::make_unique<LockFile>(folder / "lock");
  std::string message;
  EXPECT_EQ(error_of([&] { LockFile second(folder / "lock"); }, &message), "LockError.Locked");
  EXPECT_NE(message.find("pid " + std::to_string(getpid())), std::string::npos) << message;
  EXPECT_NE(message.find("host "), std::string::npos) << message;
  EXPECT_NE(message.find("since 2"), std::string::npos) << message;
  first.reset();
  LockFile again(folder / "lock");
}

TEST(LockFile, AForkedProcessNeitherKeepsTheLockNorGivesItUp) {
  const TempFolder folder;
  auto first = std::make_unique<LockFile>(folder / "lock");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    first.reset();
    LockFile* kept = nullptr;
    try {
      kept = new LockFile(folder / "lock");
    } catch (const Error&) {
    }
    _exit(kept != nullptr ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the child has taken the lock";
  const pid_t holder = fork();  // has the file open until the pipe is closed
  if (holder == 0) {
    close(ends[1]);
    char byte = 0;
    _exit(static_cast<int>(read(ends[0], &byte, 1)));
  }
  first.reset();
  EXPECT_EQ(error_of([&] { LockFile second(folder / "lock"); }), "none");
  close(ends[1]);
  waitpid(holder, &status, 0);
  close(ends[0]);
}

TEST(LockFile, AFileLeftBehindLocksNobodyOut) {
  const TempFolder folder;
  std::ofstream(folder / "lock") << "pid 1\nhost elsewhere\n" << std::string(500, 'x');
  LockFile lock(folder / "lock");
  std::ifstream in(folder / "lock");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text.find("elsewhere"), std::string::npos);
}

TEST(LockFile, AFolderThatIsNotThereIsAnError) {
  const TempFolder folder;
  EXPECT_EQ(error_of([&] { LockFile lock(folder / "no/lock"); }), "StorageError.IO");
}

TEST(CommitMark, ItIsKeptAndMovesForwardOnly) {
  const TempFolder folder;
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 0u);
  EXPECT_FALSE(std::filesystem::exists(folder / "mark"));
  {
    CommitMark mark(folder / "mark", CommitMark::Mode::Write);
    for (uint64_t commit = 1; commit <= 7; ++commit) mark.advance(commit);
    mark.advance(3);
  }
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 7u);
  CommitMark mark(folder / "mark", CommitMark::Mode::Write);
  mark.advance(8);
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 8u);
  mark.reset(2);
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 2u);
}

TEST(CommitMark, OfTwoSlotsADamagedOneDoesNotCount) {
  const TempFolder folder;
  {
    CommitMark mark(folder / "mark", CommitMark::Mode::Write);
    mark.advance(10);
    mark.advance(11);
  }
  std::fstream file(folder / "mark", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(24 + 8);
  file.put('\x7F');
  file.close();
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 10u);
  std::filesystem::resize_file(folder / "mark", 5);
  EXPECT_EQ(CommitMark(folder / "mark", CommitMark::Mode::Read).value(), 0u);
}

TEST(DatabaseFiles, WhatIsNoDatabaseIsToldApart) {
  const TempFolder folder;
  using State = DatabaseFiles::State;
  EXPECT_EQ(DatabaseFiles(folder / "none").state(), State::Missing);
  std::filesystem::create_directory(folder / "empty");
  EXPECT_EQ(DatabaseFiles(folder / "empty").state(), State::Missing);
  EXPECT_EQ(DatabaseFiles(folder / "empty/").state(), State::Missing);
  std::ofstream(folder / "file") << "text";
  EXPECT_EQ(error_of([&] { DatabaseFiles(folder / "file").state(); }), "StorageError.NotADatabase");
  std::filesystem::create_directory(folder / "other");
  std::ofstream(folder / "other/letter.txt") << "text";
  EXPECT_EQ(error_of([&] { DatabaseFiles(folder / "other").state(); }), "StorageError.NotADatabase");
  DatabaseFiles begun(folder / "begun");
  begun.create_folder();
  std::ofstream(begun.lock) << "pid 1\n";
  EXPECT_EQ(begun.state(), State::Unfinished);
  begun.create_rocksdb_folder();
  EXPECT_EQ(DatabaseFiles(folder / "begun/").state(), State::Unfinished);
  std::ofstream(begun.mark) << "";
  EXPECT_EQ(begun.state(), State::Present);
}

}  // namespace
}  // namespace entente
