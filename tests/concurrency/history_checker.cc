#include "history_checker.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace entente::history {
namespace {

constexpr size_t kNone = ~size_t{0};

enum Edge : unsigned { kWriteWrite = 1, kWriteRead = 2, kReadWrite = 4, kRealTime = 8 };

const char* edge_name(unsigned kind) {
  return kind == kWriteWrite ? "ww" : kind == kWriteRead ? "wr" : kind == kReadWrite ? "rw" : "rt";
}

std::string number(size_t transaction) { return "T" + std::to_string(transaction); }

std::string text_of(const std::vector<int64_t>& list) {
  std::string text = "[";
  for (const int64_t value : list) text += (text.size() > 1 ? " " : "") + std::to_string(value);
  return text + "]";
}

bool begins_with(const std::vector<int64_t>& list, const std::vector<int64_t>& beginning) {
  return beginning.size() <= list.size() && std::equal(beginning.begin(), beginning.end(), list.begin());
}

/// What depends on what, each with its kind and what it came from.
class Graph {
 public:
  struct Arc {
    size_t to;
    unsigned kind;
    int64_t key;
  };

  explicit Graph(size_t nodes) : arcs_(nodes) {}

  void add(size_t from, size_t to, unsigned kind, int64_t key = 0) {
    if (from != to) arcs_[from].push_back({to, kind, key});
  }

  size_t size() const { return arcs_.size(); }
  const std::vector<Arc>& from(size_t node) const { return arcs_[node]; }

  /// The sets of more than one node in which each reaches each by arcs of the kinds (R. Tarjan 1972, without
  /// recursion).
  std::vector<std::vector<size_t>> components(unsigned kinds) const;

  /// The shortest way by arcs of the kinds, as the nodes and the arcs behind each; empty if there is none.
  std::vector<std::pair<size_t, Arc>> way(size_t from, size_t to, unsigned kinds) const;

 private:
  std::vector<std::vector<Arc>> arcs_;
};

std::vector<std::vector<size_t>> Graph::components(unsigned kinds) const {
  std::vector<std::vector<size_t>> found;
  std::vector<size_t> index(size(), kNone), low(size()), stack;
  std::vector<bool> stacked(size());
  struct Frame {
    size_t node, next_arc;
  };
  std::vector<Frame> frames;
  size_t visited = 0;
  const auto enter = [&](size_t node) {
    index[node] = low[node] = visited++;
    stack.push_back(node);
    stacked[node] = true;
    frames.push_back({node, 0});
  };
  const auto leave = [&](size_t node) {
    frames.pop_back();
    if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[node]);
    if (low[node] != index[node]) return;
    std::vector<size_t> component;
    do {
      component.push_back(stack.back());
      stacked[stack.back()] = false;
      stack.pop_back();
    } while (component.back() != node);
    if (component.size() > 1) found.push_back(std::move(component));
  };
  for (size_t root = 0; root < size(); ++root) {
    if (index[root] == kNone) enter(root);
    while (!frames.empty()) {
      const size_t node = frames.back().node;
      if (frames.back().next_arc == arcs_[node].size()) {
        leave(node);
        continue;
      }
      const Arc& arc = arcs_[node][frames.back().next_arc++];
      if ((arc.kind & kinds) == 0) continue;
      if (index[arc.to] == kNone) {
        enter(arc.to);
      } else if (stacked[arc.to]) {
        low[node] = std::min(low[node], index[arc.to]);
      }
    }
  }
  return found;
}

std::vector<std::pair<size_t, Graph::Arc>> Graph::way(size_t from, size_t to, unsigned kinds) const {
  std::unordered_map<size_t, std::pair<size_t, Arc>> came_by;  // the node before, and its arc
  std::deque<size_t> queue{from};
  while (!queue.empty() && (from == to || !came_by.contains(to))) {
    const size_t node = queue.front();
    queue.pop_front();
    for (const Arc& arc : arcs_[node]) {
      if ((arc.kind & kinds) == 0 || arc.to == from) continue;
      if (came_by.try_emplace(arc.to, node, arc).second) queue.push_back(arc.to);
    }
  }
  std::vector<std::pair<size_t, Arc>> steps;
  for (size_t node = to; node != from;) {
    const auto step = came_by.find(node);
    if (step == came_by.end()) return {};
    steps.push_back(step->second);
    node = step->second.first;
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

class Checker {
 public:
  explicit Checker(std::span<const Transaction> history) : history_(history), graph_(history.size()) {}

  std::vector<Finding> run() {
    note_appends();
    for (size_t t = 0; t < history_.size(); ++t) {
      if (history_[t].committed) note_reads(t);
    }
    for (const Read& read : reads_) look_into(read);
    find_lost_updates();
    add_dependencies();
    add_real_time();
    find_cycles();
    return std::move(findings_);
  }

 private:
  struct Write {
    size_t transaction;
    int64_t key;
    bool last;  // of its transaction to the key
  };
  /// What a committed transaction saw of others.
  struct Read {
    size_t transaction;
    int64_t key;
    std::vector<int64_t> list;
  };
  /// The versions of a key, as the longest read has them.
  struct Order {
    std::vector<int64_t> list;
    size_t transaction = kNone;
  };

  void found(Anomaly anomaly, std::string what, bool real_time = false) {
    findings_.push_back({anomaly, real_time, std::move(what)});
  }

  void note_appends() {
    for (size_t t = 0; t < history_.size(); ++t) {
      std::map<int64_t, int64_t> last;  // by key
      for (const Operation& operation : history_[t].operations) {
        if (!operation.append) continue;
        writes_[operation.value] = {t, operation.key, true};
        const auto before = last.find(operation.key);
        if (before != last.end()) writes_[before->second].last = false;
        last[operation.key] = operation.value;
      }
    }
  }

  /// Checks each read against what the transaction did before, and notes what it saw of others.
  void note_reads(size_t t) {
    std::map<int64_t, std::vector<int64_t>> own;
    std::map<int64_t, size_t> seen;  // by key, its place in reads_
    for (const Operation& operation : history_[t].operations) {
      if (operation.append) {
        own[operation.key].push_back(operation.value);
        continue;
      }
      const std::vector<int64_t>& mine = own[operation.key];
      std::vector<int64_t> list = operation.list;
      const std::string where = number(t) + " reads of key " + std::to_string(operation.key) + " " + text_of(list);
      if (list.size() < mine.size() || !std::equal(mine.rbegin(), mine.rend(), list.rbegin())) {
        found(Anomaly::Internal, where + ", after it appended " + text_of(mine));
        continue;
      }
      Order& order = orders_[operation.key];
      if (list.size() > order.list.size() || order.transaction == kNone) order = {list, t};
      list.resize(list.size() - mine.size());
      const auto [before, first] = seen.try_emplace(operation.key, reads_.size());
      if (first) {
        reads_.push_back({t, operation.key, std::move(list)});
      } else if (reads_[before->second].list != list) {
        found(Anomaly::Internal, where + ", and before " + text_of(reads_[before->second].list));
      }
    }
  }

  void look_into(const Read& read) {
    const std::string where =
        number(read.transaction) + " reads of key " + std::to_string(read.key) + " " + text_of(read.list);
    const Order& order = orders_.at(read.key);
    if (!begins_with(order.list, read.list))
      found(Anomaly::IncompatibleOrder, where + ", but " + number(order.transaction) + " " + text_of(order.list));
    std::set<int64_t> values;
    for (const int64_t value : read.list) {
      if (!values.insert(value).second) found(Anomaly::Duplicate, where + ", twice " + std::to_string(value));
      const auto write = writes_.find(value);
      if (write == writes_.end() || write->second.key != read.key) {
        found(Anomaly::Garbage, where + ", but nobody appended " + std::to_string(value));
      } else if (!history_[write->second.transaction].committed) {
        found(Anomaly::AbortedRead, where + ", but " + number(write->second.transaction) + ", which appended " +
                                        std::to_string(value) + ", was rolled back");
      }
    }
    if (read.list.empty()) return;
    const auto write = writes_.find(read.list.back());
    if (write != writes_.end() && !write->second.last)
      found(Anomaly::IntermediateRead, where + ", and " + number(write->second.transaction) + " then appended more");
  }

  void find_lost_updates() {
    std::map<std::pair<int64_t, size_t>, size_t> updated;  // by key and length: who read that and appended
    for (const Read& read : reads_) {
      const auto& operations = history_[read.transaction].operations;
      const bool appends = std::any_of(operations.begin(), operations.end(),
                                       [&](const Operation& o) { return o.append && o.key == read.key; });
      if (!appends) continue;
      const auto [other, first] = updated.try_emplace({read.key, read.list.size()}, read.transaction);
      if (first) continue;
      found(Anomaly::LostUpdate, number(other->second) + " and " + number(read.transaction) + " both read of key " +
                                     std::to_string(read.key) + " " + text_of(read.list) + " and append to it");
    }
    std::set<std::pair<int64_t, int64_t>> present;
    for (const auto& [key, order] : orders_) {
      for (const int64_t value : order.list) present.emplace(key, value);
    }
    for (const auto& [value, write] : writes_) {
      const Transaction& writer = history_[write.transaction];
      if (!writer.committed || !orders_.contains(write.key) || present.contains({write.key, value})) continue;
      const Order& order = orders_.at(write.key);
      if (history_[order.transaction].began < writer.ended) continue;
      found(Anomaly::LostUpdate, number(write.transaction) + " appended " + std::to_string(value) + " to key " +
                                     std::to_string(write.key) + " and had ended, but " + number(order.transaction) +
                                     " reads " + text_of(order.list));
    }
  }

  /// Who committed an append of the value; kNone: nobody.
  size_t writer_of(int64_t value) const {
    const auto write = writes_.find(value);
    return write != writes_.end() && history_[write->second.transaction].committed ? write->second.transaction : kNone;
  }

  void add_dependencies() {
    for (const auto& [key, order] : orders_) {
      for (size_t i = 1; i < order.list.size(); ++i) {
        const size_t before = writer_of(order.list[i - 1]), after = writer_of(order.list[i]);
        if (before != kNone && after != kNone) graph_.add(before, after, kWriteWrite, key);
      }
    }
    for (const Read& read : reads_) {
      const std::vector<int64_t>& order = orders_.at(read.key).list;
      if (!read.list.empty()) {
        const size_t writer = writer_of(read.list.back());
        if (writer != kNone) graph_.add(writer, read.transaction, kWriteRead, read.key);
      }
      if (read.list.size() == order.size() || !begins_with(order, read.list)) continue;
      const size_t next = writer_of(order[read.list.size()]);
      if (next != kNone) graph_.add(read.transaction, next, kReadWrite, read.key);
    }
  }

  /// An arc from each that had ended to each that began then, but for those that follow from others.
  void add_real_time() {
    std::vector<std::pair<int64_t, size_t>> events;  // time; transaction, twice, and 1 for the end
    for (size_t t = 0; t < history_.size(); ++t) {
      if (!history_[t].committed) continue;
      events.emplace_back(history_[t].began, 2 * t);
      events.emplace_back(history_[t].ended, 2 * t + 1);
    }
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second % 2 < b.second % 2;
    });
    std::set<size_t> ended;  // none of which ended before another of them began
    std::vector<std::vector<size_t>> before(history_.size());
    for (const auto& [time, event] : events) {
      const size_t t = event / 2;
      if (event % 2 == 0) {
        before[t].assign(ended.begin(), ended.end());
        for (const size_t other : ended) graph_.add(other, t, kRealTime);
      } else {
        for (const size_t other : before[t]) ended.erase(other);
        ended.insert(t);
      }
    }
  }

  /// Each kind is looked for among the transactions that no stronger one entangles.
  void find_cycles() {
    struct Search {
      Anomaly anomaly;
      unsigned kinds, needed;
    };
    constexpr std::array<Search, 3> kSearches{{{Anomaly::WriteCycle, kWriteWrite, kWriteWrite},
                                               {Anomaly::Circular, kWriteWrite | kWriteRead, kWriteRead},
                                               {Anomaly::Anti, kWriteWrite | kWriteRead | kReadWrite, kReadWrite}}};
    std::set<size_t> entangled;
    for (const unsigned time : {0u, unsigned{kRealTime}}) {
      for (const Search& search : kSearches) {
        for (const std::vector<size_t>& component : graph_.components(search.kinds | time)) {
          const bool known =
              std::any_of(component.begin(), component.end(), [&](size_t t) { return entangled.contains(t); });
          entangled.insert(component.begin(), component.end());
          if (!known) describe(component, search.anomaly, search.kinds | time, search.needed, time != 0);
        }
      }
    }
  }

  void describe(const std::vector<size_t>& component, Anomaly anomaly, unsigned kinds, unsigned needed,
                bool real_time) {
    if (needed == kReadWrite) {  // the least number of rw edges: one, if the way back needs none
      if (describe_through(component, Anomaly::SingleAnti, needed, kinds & ~needed, real_time)) return;
    }
    describe_through(component, anomaly, needed, kinds, real_time);
  }

  /// A cycle of an arc of the kinds `first` and the way back by `others`.
  bool describe_through(const std::vector<size_t>& component, Anomaly anomaly, unsigned first, unsigned others,
                        bool real_time) {
    const std::set<size_t> inside(component.begin(), component.end());
    for (const size_t from : component) {
      for (const Graph::Arc& arc : graph_.from(from)) {
        if ((arc.kind & first) == 0 || !inside.contains(arc.to)) continue;
        const auto back = graph_.way(arc.to, from, others);
        if (back.empty()) continue;
        std::string what = number(from) + step_text(arc);
        for (const auto& [node, step] : back) what += step_text(step);
        found(anomaly, std::move(what), real_time);
        return true;
      }
    }
    return false;
  }

  static std::string step_text(const Graph::Arc& arc) {
    const std::string key = arc.kind == kRealTime ? "" : " " + std::to_string(arc.key);
    return std::string(" -") + edge_name(arc.kind) + key + "-> " + number(arc.to);
  }

  std::span<const Transaction> history_;
  std::unordered_map<int64_t, Write> writes_;  // by value
  std::vector<Read> reads_;
  std::map<int64_t, Order> orders_;  // by key
  Graph graph_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string name_of(const Finding& finding) {
  const auto name = [&] {
    switch (finding.anomaly) {
      case Anomaly::Garbage:
        return "garbage";
      case Anomaly::Duplicate:
        return "duplicate";
      case Anomaly::Internal:
        return "internal";
      case Anomaly::AbortedRead:
        return "G1a";
      case Anomaly::IntermediateRead:
        return "G1b";
      case Anomaly::IncompatibleOrder:
        return "incompatible-order";
      case Anomaly::LostUpdate:
        return "lost-update";
      case Anomaly::WriteCycle:
        return "G0";
      case Anomaly::Circular:
        return "G1c";
      case Anomaly::SingleAnti:
        return "G-single";
      case Anomaly::Anti:
        return "G2";
    }
    return "";
  };
  return std::string(name()) + (finding.real_time ? "-realtime" : "");
}

std::vector<Finding> check(std::span<const Transaction> history) { return Checker(history).run(); }

}  // namespace entente::history
