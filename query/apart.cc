#include "entente/query/apart.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "entente/core/discard.h"

namespace entente {
namespace {

constexpr std::chrono::milliseconds kBetweenChecks{2};
constexpr size_t kStackBytes = size_t{16} << 20;  // trees are walked by recursion, up to a depth of kMaxDepth

class Apart {
 public:
  explicit Apart(std::function<void(const std::atomic<bool>&)> work) : work_(std::move(work)) {}
  ~Apart() {
    if (started_) pthread_join(thread_, nullptr);
  }
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;

  void start() {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    const auto run_it = [](void* self) -> void* {
      static_cast<Apart*>(self)->run();
      return nullptr;
    };
    started_ = pthread_create(&thread_, &attributes, run_it, this) == 0;
    pthread_attr_destroy(&attributes);
    if (!started_) run();
  }
  void stop() { stopped_ = true; }
  /// Whether it was done before so long a time was over.
  bool await(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, time, [this] { return done_; });
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void run() {
    std::exception_ptr error;
    try {
      work_(stopped_);
    } catch (...) {
      error = std::current_exception();
    }
    work_ = nullptr;
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    done_ = true;
    ended_.notify_one();
  }

  std::function<void(const std::atomic<bool>&)> work_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::exception_ptr error_;
  pthread_t thread_{};
  bool started_ = false;  // the thread was
};

/// What is left waits for its thread when it is destroyed.
void leave(std::shared_ptr<Apart> apart) noexcept {
  Discards* discards = Discards::current();
  if (discards == nullptr) return;
  try {
    discards->take(std::move(apart));
  } catch (const std::exception&) {  // no memory, no thread: then here
  }
}

}  // namespace

void run_apart(const StatementLimits& limits, std::function<void(const std::atomic<bool>& stopped)> work) {
  auto apart = std::make_shared<Apart>(std::move(work));
  apart->start();
  while (!apart->await(kBetweenChecks)) {
    try {
      limits.check();
    } catch (...) {
      apart->stop();
      leave(std::move(apart));
      throw;
    }
  }
  apart->rethrow();
}

}  // namespace entente
