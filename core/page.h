// Pages: the immutable pieces that a graph version is made of, and the handles by which versions share them.
//
// A page covers a fixed run of consecutive ids. A version refers to pages through `PageHandle`s, which are shared by
// all versions that contain the same page. A handle's page is in memory, or on disk until it is first touched; touching
// is thread-safe and needs no lock once the page is there. Pages never change after the version that made them is
// published; until then only the one transaction whose tag is on the handle may write to it in place.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace entente {

enum class PageKind : uint8_t {  // do not change these values: they are stored
  Nodes = 1,                     // id 0
  Relationships = 2,             // id 0
  Adjacency = 3,                 // id = 2 * type + direction
  NodeColumn = 4,                // id = property key
  RelationshipColumn = 5,        // id = property key
  Label = 6,                     // id = label
  HashIndex = 7,                 // of format versions below 3
  OrderedIndex = 8,              // id = index
};

/// Where a page is on disk. Epoch 0 stands for a page that is only in memory.
struct PageKey {
  PageKind kind = PageKind::Nodes;
  uint32_t id = 0;
  uint32_t number = 0;
  uint64_t epoch = 0;
  friend auto operator<=>(const PageKey&, const PageKey&) = default;
};

/// Base of all page types. `bytes()` is the memory that the page holds, for statistics and budgets.
struct Page {
  virtual ~Page() = default;
  virtual size_t bytes() const = 0;
};

/// Reads pages that a handle knows only by their key. Thread-safe. Throws Error StorageError if the page is missing
/// or damaged. Outlives all handles that refer to it.
class PageLoader {
 public:
  virtual ~PageLoader() = default;
  virtual std::unique_ptr<const Page> load(const PageKey& key) const = 0;
};

/// Shared by the versions that contain the page.
class PageHandle {
 public:
  /// A page in memory, written by the transaction with this tag.
  PageHandle(std::unique_ptr<const Page> page, uint64_t owner) : page_(page.release()), owner_(owner) {}
  /// A page on disk.
  PageHandle(const PageKey& key, std::shared_ptr<const PageLoader> loader)
      : key_(key), epoch_(key.epoch), loader_(std::move(loader)) {}
  ~PageHandle() { delete page_.load(std::memory_order_acquire); }
  PageHandle(const PageHandle&) = delete;
  PageHandle& operator=(const PageHandle&) = delete;

  const Page& get() const {
    const Page* page = page_.load(std::memory_order_acquire);
    return page != nullptr ? *page : load();
  }
  bool loaded() const { return page_.load(std::memory_order_acquire) != nullptr; }
  uint64_t owner() const { return owner_; }

  /// The epoch under which the page was written, 0 if it was not.
  uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  /// Called by the checkpoint, once the page is on disk under `key`.
  void set_persisted(const PageKey& key, std::shared_ptr<const PageLoader> loader);

 private:
  const Page& load() const;

  mutable std::atomic<const Page*> page_{nullptr};  // owned
  mutable std::mutex loading_;
  uint64_t owner_ = 0;
  PageKey key_;
  std::atomic<uint64_t> epoch_{0};
  std::shared_ptr<const PageLoader> loader_;
};

/// A persistent vector of handles to pages of type P, indexed by page number; copying costs a pointer.
/// Two levels, so that a change copies one leaf and the root. Not thread-safe while it is changed; copies are
/// independent.
template <class P>
class PageTable {
 public:
  static constexpr uint32_t kLeafBits = 6;
  static constexpr uint32_t kLeafSize = 1u << kLeafBits;

  /// One past the highest page number that may be present.
  uint32_t size() const { return root_ ? static_cast<uint32_t>(root_->leaves.size()) << kLeafBits : 0; }

  const P* find(uint32_t number) const {
    const PageHandle* handle = this->handle(number).get();
    return handle != nullptr ? static_cast<const P*>(&handle->get()) : nullptr;
  }

  const std::shared_ptr<PageHandle>& handle(uint32_t number) const {
    static const std::shared_ptr<PageHandle> kNone;
    const uint32_t leaf = number >> kLeafBits;
    if (!root_ || leaf >= root_->leaves.size() || !root_->leaves[leaf]) return kNone;
    return root_->leaves[leaf]->slots[number & (kLeafSize - 1)];
  }

  /// The page for writing by the transaction `owner`: itself if that transaction made it, else a copy in its place, or
  /// a new default page if there was none.
  P& mutate(uint32_t number, uint64_t owner) {
    std::shared_ptr<PageHandle>& slot = mutable_slot(number, owner);
    if (!slot || slot->owner() != owner) {
      auto copy = slot ? std::make_unique<P>(static_cast<const P&>(slot->get())) : std::make_unique<P>();
      slot = std::make_shared<PageHandle>(std::move(copy), owner);
    }
    return const_cast<P&>(static_cast<const P&>(slot->get()));  // unpublished: only this transaction sees it
  }

  void set(uint32_t number, std::unique_ptr<P> page, uint64_t owner) {
    mutable_slot(number, owner) = std::make_shared<PageHandle>(std::move(page), owner);
  }
  void set_handle(uint32_t number, std::shared_ptr<PageHandle> handle, uint64_t owner) {
    mutable_slot(number, owner) = std::move(handle);
  }
  void erase(uint32_t number, uint64_t owner) {
    if (handle(number)) mutable_slot(number, owner).reset();
  }

  /// fn(number, const std::shared_ptr<PageHandle>&) for each page there is, in order.
  template <class Fn>
  void for_each(Fn fn) const {
    if (!root_) return;
    for (size_t l = 0; l < root_->leaves.size(); ++l) {
      if (!root_->leaves[l]) continue;
      for (uint32_t s = 0; s < kLeafSize; ++s) {
        const auto& slot = root_->leaves[l]->slots[s];
        if (slot) fn(static_cast<uint32_t>(l << kLeafBits | s), slot);
      }
    }
  }

  bool same_as(const PageTable& other) const { return root_ == other.root_; }

 private:
  struct Leaf {
    uint64_t owner = 0;
    std::shared_ptr<PageHandle> slots[kLeafSize];
  };
  struct Root {
    uint64_t owner = 0;
    std::vector<std::shared_ptr<Leaf>> leaves;
  };

  std::shared_ptr<PageHandle>& mutable_slot(uint32_t number, uint64_t owner) {
    if (!root_ || root_->owner != owner) {
      root_ = root_ ? std::make_shared<Root>(*root_) : std::make_shared<Root>();
      root_->owner = owner;
    }
    const uint32_t index = number >> kLeafBits;
    if (index >= root_->leaves.size()) root_->leaves.resize(index + 1);
    std::shared_ptr<Leaf>& leaf = root_->leaves[index];
    if (!leaf || leaf->owner != owner) {
      leaf = leaf ? std::make_shared<Leaf>(*leaf) : std::make_shared<Leaf>();
      leaf->owner = owner;
    }
    return leaf->slots[number & (kLeafSize - 1)];
  }

  std::shared_ptr<Root> root_;
};

}  // namespace entente
