// dot: the nodes, relationships and paths of a result as one graph.
#include <ostream>
#include <utility>

#include "entente/tools/dot.h"
#include "entente/tools/format.h"

namespace entente {
namespace {

class DotWriter final : public ResultWriter {
 public:
  DotWriter(std::ostream& out, std::function<SnapshotPtr()> snapshot) : out_(out), snapshot_(std::move(snapshot)) {}

  void begin(const std::vector<std::string>&) override {}
  void row(const Row& row) override {
    for (const Value& value : row.values()) part_.add(value);
  }
  void end(const ResultSummary&) override {
    const SnapshotPtr snapshot = snapshot_ ? snapshot_() : nullptr;
    part_.complete(snapshot.get());
    DotOptions options;
    if (snapshot) options.labels = label_order(*snapshot);
    write_dot(out_, part_, options);
  }

 private:
  std::ostream& out_;
  std::function<SnapshotPtr()> snapshot_;
  PartSource part_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_dot_writer(std::ostream& out, std::function<SnapshotPtr()> snapshot) {
  return std::make_unique<DotWriter>(out, std::move(snapshot));
}

}  // namespace entente
