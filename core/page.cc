#include "entente/core/page.h"

#include "entente/core/error.h"
#include "entente/core/page_reads.h"

namespace entente {

namespace {

thread_local uint64_t pages_read_here = 0;

}  // namespace

uint64_t pages_read() { return pages_read_here; }

const Page& PageHandle::load() const {
  std::lock_guard<std::mutex> lock(loading_);
  const Page* page = page_.load(std::memory_order_acquire);
  if (page == nullptr) {
    std::unique_ptr<const Page> loaded = loader_->load(key_);
    if (!loaded) {
      throw Error::storage("Corrupt", "page " + std::to_string(key_.number) + " of kind " +
                                          std::to_string(static_cast<int>(key_.kind)) + ", id " +
                                          std::to_string(key_.id) + ", epoch " + std::to_string(key_.epoch) +
                                          " could not be loaded; check the database's files");
    }
    page = loaded.release();
    ++pages_read_here;
    page_.store(page, std::memory_order_release);
  }
  return *page;
}

void PageHandle::set_persisted(const PageKey& key, std::shared_ptr<const PageLoader> loader) {
  std::lock_guard<std::mutex> lock(loading_);
  key_ = key;
  loader_ = std::move(loader);
  epoch_.store(key.epoch, std::memory_order_release);
}

}  // namespace entente
