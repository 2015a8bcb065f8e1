#include "entente/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace entente {
namespace {

/// Runs `loop` on the caller's thread and on `others` more. `loop` does not throw.
void run_on(unsigned others, const std::function<void()>& loop) {
  std::vector<std::thread> threads;
  try {
    for (unsigned i = 0; i < others; ++i) threads.emplace_back(loop);
  } catch (const std::exception&) {  // fewer threads do as well
  }
  loop();
  for (std::thread& thread : threads) thread.join();
}

/// What the threads of one in_order() share.
class Pipeline {
 public:
  Pipeline(const std::function<std::unique_ptr<WorkItem>()>& take, const std::function<void(WorkItem&)>& work,
           const std::function<void(WorkItem&)>& finish)
      : take_(take), work_(work), finish_(finish) {}

  void loop() {
    for (;;) {
      std::unique_ptr<WorkItem> item;
      std::exception_ptr error;
      size_t place = 0;
      {
        const std::lock_guard lock(taking_);
        if (ended_ || stopped_) return;
        place = taken_++;
        try {
          item = take_();
        } catch (...) {
          error = std::current_exception();
        }
        ended_ = item == nullptr;
      }
      if (!item && !error) return;
      attempt(error, [&] { work_(*item); });
      std::unique_lock lock(finishing_);
      next_.wait(lock, [&] { return finished_ == place || stopped_; });
      if (stopped_) return;
      attempt(error, [&] { finish_(*item); });
      if (error) {
        error_ = error;
        stopped_ = true;
      }
      ++finished_;
      next_.notify_all();
    }
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  template <class Step>
  static void attempt(std::exception_ptr& error, Step step) {
    if (error) return;
    try {
      step();
    } catch (...) {
      error = std::current_exception();
    }
  }

  const std::function<std::unique_ptr<WorkItem>()>& take_;
  const std::function<void(WorkItem&)>& work_;
  const std::function<void(WorkItem&)>& finish_;

  std::mutex taking_;  // guards the next two, and is held by `take`
  size_t taken_ = 0;
  bool ended_ = false;

  std::mutex finishing_;  // guards what follows, and is held by `finish`
  std::condition_variable next_;
  size_t finished_ = 0;
  std::exception_ptr error_;
  std::atomic<bool> stopped_{false};  // written with the mutex held
};

}  // namespace

unsigned thread_count(unsigned wanted) {
  return wanted != 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

void parallel_for(unsigned threads, size_t count, const std::function<void(size_t)>& work) {
  if (threads <= 1 || count <= 1) {
    for (size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;  // guards what follows
  std::exception_ptr error;
  size_t failed = count;
  run_on(static_cast<unsigned>(std::min<size_t>(threads, count)) - 1, [&] {
    while (!stopped) {
      const size_t i = next++;
      if (i >= count) return;
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        stopped = true;
        if (i < failed) {
          failed = i;
          error = std::current_exception();
        }
      }
    }
  });
  if (error) std::rethrow_exception(error);
}

void in_order(unsigned threads, const std::function<std::unique_ptr<WorkItem>()>& take,
              const std::function<void(WorkItem&)>& work, const std::function<void(WorkItem&)>& finish) {
  Pipeline pipeline(take, work, finish);
  run_on(threads > 1 ? threads - 1 : 0, [&] { pipeline.loop(); });
  pipeline.rethrow();
}

}  // namespace entente
