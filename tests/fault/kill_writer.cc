// The program that kill_test kills: it opens a database and commits without end, on several threads, with frequent
// checkpoints in the background, and prints the number of each commit once it was acknowledged.
//
// Commit n makes two nodes (:Step {n}), a relationship (:Step)-[:PAIR {n}]->(:Step), one [:AFTER] to a node of an
// earlier step, and sets the property `last` of node 0 to n; every 16th is a bulk load instead, which is stored whole.
// The texts are as long as it takes for a checkpoint to be written in several parts.
//
// With COMMITS there is no bulk load, a checkpoint each so many commits, and one thread. With RATE it commits so many
// times a second (0: as often as it can), and with NODES the database has so many nodes besides, from the second commit
// on.
//
// usage: kill_writer PATH SEED [COMMITS [RATE [NODES]]]
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "entente/core/error.h"
#include "entente/storage/graph_storage.h"

namespace entente {
namespace {

constexpr uint64_t kMostWriters = 4;

struct Names {
  explicit Names(Transaction& t)
      : step(t.label("Step")),
        pair(t.type("PAIR")),
        after(t.type("AFTER")),
        n(t.key("n")),
        last(t.key("last")),
        text(t.key("text")) {}
  LabelId step;
  TypeId pair;
  TypeId after;
  KeyId n;
  KeyId last;
  KeyId text;
};

NodeId make_pair(Transaction& t, const Names& names, int64_t n) {
  const NodeId a = t.create_node(std::span(&names.step, 1));
  const NodeId b = t.create_node(std::span(&names.step, 1));
  t.set_property(a, names.n, Value(n));
  t.set_property(b, names.n, Value(n));
  t.set_property(t.create_relationship(names.pair, a, b), names.n, Value(n));
  return a;
}

NodeId make_pair_in_bulk(Transaction& t, const Names& names, int64_t n) {
  const NodeId a = t.bulk_nodes(std::span(&names.step, 1), 2);
  const std::pair<NodeId, NodeId> ends{a, NodeId(a.value + 1)};
  t.bulk_property(a, names.n, std::vector<Value>{Value(n), Value(n)});
  t.bulk_property(t.bulk_relationships(names.pair, std::span(&ends, 1)), names.n, std::vector<Value>{Value(n)});
  return a;
}

void write(GraphStorage& storage, std::mt19937_64& random, bool bulk) {
  auto transaction = storage.graph().begin();
  Transaction& t = *transaction;
  const Names names(t);
  const auto n = static_cast<int64_t>(t.view().version()) + 1;
  if (n == 1) {
    t.create_node({});
    t.create_index("steps", names.step, names.n, false);
  }
  const NodeId a = bulk && n % 16 == 0 ? make_pair_in_bulk(t, names, n) : make_pair(t, names, n);
  t.set_property(a, names.text, Value(std::string(random() % 6'000, static_cast<char>('a' + n % 26))));
  t.create_relationship(names.after, a, NodeId(static_cast<uint32_t>(random() % a.value)));
  t.set_property(NodeId(0), names.last, Value(n));
  storage.graph().commit(std::move(transaction));
  const std::string line = std::to_string(n) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(1);
}

/// Nodes that are only there, in bulk.
void add_nodes(GraphStorage& storage, uint32_t count) {
  auto transaction = storage.graph().begin();
  const LabelId label = transaction->label("Other");
  const NodeId first = transaction->bulk_nodes(std::span(&label, 1), count);
  std::vector<Value> numbers;
  for (uint32_t i = 0; i < count; ++i) numbers.emplace_back(i);
  transaction->bulk_property(first, transaction->key("number"), numbers);
  storage.graph().commit(std::move(transaction));
}

struct Manner {
  uint64_t commits = 0;  // a checkpoint
  uint64_t rate = 0;     // a second; 0: without pause
  uint32_t nodes = 0;    // besides
};

[[noreturn]] void write_in_manner(GraphStorage& storage, std::mt19937_64& random, const Manner& manner) {
  write(storage, random, false);
  if (manner.nodes > 0) add_nodes(storage, manner.nodes);
  for (auto next = std::chrono::steady_clock::now();;) {
    write(storage, random, false);
    if (manner.rate == 0) continue;
    next += std::chrono::nanoseconds(1'000'000'000 / manner.rate);
    std::this_thread::sleep_until(next);
  }
}

[[noreturn]] void write_for_ever(const std::string& path, uint64_t seed, const Manner& manner) {
  const uint64_t commits = manner.commits;
  std::mt19937_64 random(seed);
  OpenOptions options;
  options.checkpoint_commits = commits != 0 ? commits : 5 + random() % 20;
  options.durability = random() % 4 == 0 ? Durability::Buffered : Durability::Sync;
  const auto storage = GraphStorage::open(path, options);
  const auto write_on = [&](uint64_t thread_seed) {
    try {
      std::mt19937_64 own(thread_seed);
      for (;;) write(*storage, own, commits == 0);
    } catch (const std::exception& error) {
      std::cerr << "kill_writer: " << error.what() << '\n';
      std::_Exit(1);  // the others still write
    }
  };
  if (manner.rate != 0 || manner.nodes != 0) write_in_manner(*storage, random, manner);
  std::vector<std::thread> others;
  for (uint64_t i = commits == 0 ? random() % kMostWriters : 0; i > 0; --i) others.emplace_back(write_on, random());
  for (;;) write_on(random());
}

}  // namespace
}  // namespace entente

int main(int argc, char** argv) {
  if (argc < 3 || argc > 6) {
    std::cerr << "usage: kill_writer PATH SEED [COMMITS [RATE [NODES]]]\n";
    return 2;
  }
  try {
    const auto number = [&](int at) { return at < argc ? std::stoull(argv[at]) : 0; };
    entente::write_for_ever(argv[1], number(2), {number(3), number(4), static_cast<uint32_t>(number(5))});
  } catch (const std::exception& error) {
    std::cerr << "kill_writer: " << error.what() << '\n';
    return 1;
  }
}
