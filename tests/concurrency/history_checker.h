// Checks a recorded history of transactions over lists that are only read and appended to, for anomalies.
//
// Each value is appended once, so a read of a list tells which transactions it saw, and in which order they wrote: the
// longest read of a key is the order of its versions, of which every other read must be a beginning. From it follow the
// dependencies between transactions (A. Adya, Weak Consistency, 1999; K. Kingsbury, P. Alvaro, Elle, VLDB 2020):
//
//   ww  one appended right behind the other        wr  one read what the other appended last
//   rw  one read, and the other appended next      rt  one had ended when the other began
//
// A history is strictly serialisable only if these have no cycle. Which edges a cycle needs says what anomaly it is.
// Transactions that were rolled back count for nothing but that nobody may have seen them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace entente::history {

struct Operation {
  int64_t key = 0;
  bool append = false;
  int64_t value = 0;          // of an append
  std::vector<int64_t> list;  // of a read
};

struct Transaction {
  bool committed = true;
  int64_t began = 0;  // times of one clock, taken before the transaction begins and after it has ended
  int64_t ended = 0;
  std::vector<Operation> operations = {};
};

enum class Anomaly : uint8_t {
  Garbage,            // a value was read that nobody appended
  Duplicate,          // a value stands in a list twice
  Internal,           // a transaction does not see its own appends, or reads a list differently than before
  AbortedRead,        // G1a: what was rolled back was read
  IntermediateRead,   // G1b: a list was read between two appends of one other transaction
  IncompatibleOrder,  // of two reads of a key neither is a beginning of the other
  LostUpdate,         // two read one version and both append to it, or what was committed is missing later
  WriteCycle,         // G0: ww edges alone
  Circular,           // G1c: ww and wr edges
  SingleAnti,         // G-single: one rw edge besides
  Anti,               // G2: several rw edges
};

struct Finding {
  Anomaly anomaly;
  bool real_time = false;  // of a cycle: it needs rt edges, so that the history is serialisable, but not strictly
  std::string what;        // names transactions by their place in the history
};

/// G0, G1a, G-single, …; with "-realtime" where it needs real time.
std::string name_of(const Finding& finding);

/// All that is wrong; of cycles one for each set of transactions that are entangled.
std::vector<Finding> check(std::span<const Transaction> history);

}  // namespace entente::history
