#include "entente/query/exec/profile.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "entente/core/page_reads.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

std::string milliseconds_text(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1e6);
  return text;
}

std::string kilobytes_text(size_t bytes) { return std::to_string((bytes + 1023) / 1024); }

}  // namespace

class ProfiledOperator final : public Operator {
 public:
  ProfiledOperator(Profile& profile, OperatorProfile& mine, OperatorPtr op)
      : profile_(profile), mine_(mine), op_(std::move(op)) {}
  /// What the operator holds is given back on its own account.
  ~ProfiledOperator() override {
    OperatorProfile* const caller = std::exchange(profile_.running_, &mine_);
    op_.reset();
    profile_.running_ = caller;
  }
  ProfiledOperator(const ProfiledOperator&) = delete;
  ProfiledOperator& operator=(const ProfiledOperator&) = delete;

  bool next(Batch& out) override {
    const Call call(profile_, mine_);
    const bool more = op_->next(out);
    if (more) {
      mine_.rows += out.rows;
      mine_.multiplied += expanded_rows(out);
    }
    return more;
  }

 private:
  /// One call, timed also when it throws.
  class Call {
   public:
    Call(Profile& profile, OperatorProfile& mine)
        : profile_(profile),
          mine_(mine),
          caller_(std::exchange(profile.running_, &mine)),
          pages_(pages_read()),
          begin_(std::chrono::steady_clock::now()) {}
    ~Call() {
      const auto time = std::chrono::steady_clock::now() - begin_;
      const uint64_t pages = pages_read() - pages_;
      mine_.time += time;
      mine_.pages += pages;
      if (caller_ != nullptr) {
        caller_->below += time;
        caller_->pages_below += pages;
      }
      profile_.running_ = caller_;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Profile& profile_;
    OperatorProfile& mine_;
    OperatorProfile* caller_;
    uint64_t pages_;
    std::chrono::steady_clock::time_point begin_;
  };

  Profile& profile_;
  OperatorProfile& mine_;
  OperatorPtr op_;
};

std::unique_ptr<Operator> Profile::measure(const Plan& plan, std::unique_ptr<Operator> op) {
  return std::make_unique<ProfiledOperator>(*this, profiles_[&plan], std::move(op));
}

void Profile::account(ptrdiff_t bytes) {
  if (running_ == nullptr) return;
  if (bytes < 0) {
    running_->held_bytes -= std::min(running_->held_bytes, static_cast<size_t>(-bytes));
    return;
  }
  running_->held_bytes += static_cast<size_t>(bytes);
  running_->peak_bytes = std::max(running_->peak_bytes, running_->held_bytes);
}

std::string Profile::table(const Plan& plan, const std::vector<std::string>& variable_names) const {
  const PlanColumns columns{{"Estimated", "Rows", "Multiplied", "Time ms", "Memory KiB", "Pages"},
                            [&](const Plan& at) -> std::vector<std::string> {
                              const auto found = profiles_.find(&at);
                              if (found == profiles_.end()) return {"0", "0", "0.000", "0", "0"};
                              const OperatorProfile& profile = found->second;
                              return {std::to_string(profile.rows), std::to_string(profile.multiplied),
                                      milliseconds_text(profile.time - profile.below),
                                      kilobytes_text(profile.peak_bytes),
                                      std::to_string(profile.pages - profile.pages_below)};
                            }};
  return to_string(plan, variable_names, columns);
}

}  // namespace entente
