// Internal to query/exec: where two steps from a node lead, remembered by node, as long as that is one node at most:
// as it is where a thing has one owner or one place, which has one in turn.
//
// Used by one thread.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "entente/core/slabs.h"
#include "entente/query/exec/expansion_lists.h"

namespace entente {

class TwoSteps {
 public:
  /// The node, and in how many ways they lead there; 0 and no node if they lead nowhere.
  struct End {
    uint32_t node;
    uint32_t times;
  };

  /// `second` goes on from where `first` leads.
  TwoSteps(const ExpandOp& first, ExpandOp second) : first_(first), second_(std::move(second)) {}

  /// To be called at the begin of each batch.
  void open(const ExecContext& context) {
    first_lists_.open(first_, context);
    second_lists_.open(second_, context);
    pages_.resize(context.graph->node_limit() / kPage + 1);
    if (context.transaction == nullptr) return;
    for (size_t i = 0; i < made_.size(); ++i) made_[i].fill(kUnknown);  // lists may have changed
  }

  /// Null if they lead to several nodes, or that would be too long a search, or is so for most nodes.
  const End* from(uint32_t node, MemoryHold& hold) {
    if (given_up_) return nullptr;
    Page* page = pages_[node / kPage];
    if (page == nullptr) page = add_page(node / kPage, hold);
    End& end = (*page)[node % kPage];
    if (is(end, kUnknown)) {
      end = search(node);
      ++searched_;
      several_ += is(end, kSeveral) ? 1 : 0;
      given_up_ = searched_ >= kFewestSearches && several_ * 2 > searched_;
    }
    return is(end, kSeveral) ? nullptr : &end;
  }

 private:
  static constexpr uint32_t kPage = 1024;
  static constexpr uint32_t kLongSearch = 4096;    // relationships
  static constexpr uint64_t kFewestSearches = 64;  // that tell what most nodes are like
  static constexpr End kNowhere{NodeId::kNone, 0};
  static constexpr End kUnknown{NodeId::kNone, 1};
  static constexpr End kSeveral{NodeId::kNone, 2};
  using Page = std::array<End, kPage>;

  static bool is(const End& a, const End& b) { return a.node == b.node && a.times == b.times; }

  [[gnu::noinline]] Page* add_page(uint32_t number, MemoryHold& hold) {
    hold.add(sizeof(Page));
    Page& page = made_.add();
    page.fill(kUnknown);
    return pages_[number] = &page;
  }

  [[gnu::noinline]] End search(uint32_t node) {
    End end = kNowhere;
    uint32_t seen = 0;
    for_each(first_, first_lists_, first_cursor_, node, [&](uint32_t middle) {
      if (++seen > kLongSearch) end = kSeveral;
      if (is(end, kSeveral)) return false;
      for_each(second_, second_lists_, second_cursor_, middle, [&](uint32_t last) {
        if (++seen > kLongSearch || (end.times > 0 && end.node != last)) {
          end = kSeveral;
          return false;
        }
        end = {last, end.times + 1};
        return true;
      });
      return true;
    });
    return end;
  }

  /// Calls `see(end)` for each relationship, until it returns false.
  template <class See>
  static void for_each(const ExpandOp& op, ExpansionLists& expansion, AdjacencyCursor& cursor, uint32_t node, See see) {
    for (const auto& [kind, lists] : expansion) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skip_loops = op.direction == Direction::Both && kind.direction == Direction::In;
      cursor.open(lists.adjacency(), NodeId(node));
      AdjacencySegment list;
      while (cursor.next(list)) {
        for (uint32_t i = 0; i < list.size; ++i) {
          if (!(skip_loops && list.neighbours[i] == node) && !see(list.neighbours[i])) return;
        }
      }
    }
  }

  const ExpandOp& first_;
  const ExpandOp second_;
  ExpansionLists first_lists_;
  ExpansionLists second_lists_;
  AdjacencyCursor first_cursor_;
  AdjacencyCursor second_cursor_;
  std::vector<Page*> pages_;
  Slabs<Page> made_;
  uint64_t searched_ = 0;  // nodes, …
  uint64_t several_ = 0;   // … and those from which they lead to several
  bool given_up_ = false;
};

}  // namespace entente
