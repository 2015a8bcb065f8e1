// Work on several threads whose result does not depend on how many there are.
//
// Both functions run on the caller's thread and on up to `threads` - 1 others, which have ended when they return. What
// the functions given share is theirs to guard. Exceptions come out on the caller's thread: of several that
// are thrown, the one that a single thread would have met first.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace entente {

/// How many threads to use: as many as are wanted, where 0 stands for as many as the machine runs at once.
unsigned thread_count(unsigned wanted);

/// work(i) for each i below `count`, in any order.
void parallel_for(unsigned threads, size_t count, const std::function<void(size_t)>& work);

/// A piece of work on its way through in_order().
struct WorkItem {
  virtual ~WorkItem() = default;
};

/// A pipeline of three steps. `take` gives the next item, null at the end; `work` is done on items side by side;
/// `finish` is called for the items one after another, in the order in which they were taken. At most `threads` items
/// are under way. After an exception nothing more is taken or finished.
void in_order(unsigned threads, const std::function<std::unique_ptr<WorkItem>()>& take,
              const std::function<void(WorkItem&)>& work, const std::function<void(WorkItem&)>& finish);

}  // namespace entente
