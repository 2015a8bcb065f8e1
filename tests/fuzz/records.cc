// The records of the store but for its pages: the manifest, the format's version, lists of pages, and change sets of
// the log, which are also applied to a graph.
//
// The input stands behind a checksum that holds, as a rule. What can be read can be written, and then reads as the
// same. A change set fits a version or it does not; if not the version stays as it was; if so, what the transaction
// noted down makes the same version from the one before.
#include <entente/core/graph_store.h>
#include <entente/core/transaction.h>
#include <entente/storage/key_codec.h>
#include <entente/storage/log_codec.h>
#include <entente/storage/manifest_codec.h>
#include <entente/storage/record.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

/// `round` reads a record and writes it anew.
template <class Round>
void check_stable(const std::string& record, const Round& round) {
  std::string once;
  try {
    once = round(record);
  } catch (const Error& error) {
    check(error.code() == "StorageError.Corrupt", "an unreadable record is reported as " + error.code());
    return;
  }
  check(round(once) == once, "a record that was read and written reads as another");
}

Snapshot base_graph() {
  GraphStore store;
  auto tx = store.begin();
  const LabelId a = tx->label("A");
  const TypeId r = tx->type("R");
  const KeyId k = tx->key("k");
  const LabelId labels[] = {a};
  const NodeId first = tx->create_node(labels);
  const NodeId second = tx->create_node({});
  const RelId rel = tx->create_relationship(r, first, second);
  tx->create_relationship(r, second, second);
  tx->set_property(first, k, Value(1));
  tx->set_property(rel, k, Value("x"));
  tx->create_index("ak", a, k, false);
  store.commit(std::move(tx));
  return *store.current();
}

std::string described(const Snapshot& graph) {
  std::string text = std::to_string(graph.node_count()) + " " + std::to_string(graph.relationship_count()) + "\n";
  for (uint32_t i = 0; i < graph.node_limit(); ++i) {
    if (graph.has_node(NodeId(i))) text += Value::node(graph.node_data(NodeId(i))).to_literal() + "\n";
  }
  for (uint32_t i = 0; i < graph.relationship_limit(); ++i) {
    if (graph.has_relationship(RelId(i)))
      text += Value::relationship(graph.relationship_data(RelId(i))).to_literal() + "\n";
  }
  return text + encode_manifest(graph, 1);
}

void apply(const std::string& record) {
  static const Snapshot base = base_graph();
  static const std::string before = described(base);
  ChangeSet changes;
  try {
    changes = decode_commit(1, record);
  } catch (const Error& error) {
    check(error.code() == "StorageError.Corrupt", "an unreadable commit is reported as " + error.code());
    return;
  }
  check_stable(record, [](const std::string& bytes) { return encode_commit(1, decode_commit(1, bytes)); });
  GraphStore store(base);
  auto tx = store.begin();
  try {
    tx->apply(changes);
  } catch (const Error& error) {
    check(error.code() == "StorageError.Corrupt", "a commit that does not fit is reported as " + error.code());
    check(described(tx->view()) == before, "a commit that does not fit has changed the graph");
    return;
  }
  const std::string after = described(tx->view());
  GraphStore again(base);
  auto second = again.begin();
  second->apply(decode_commit(1, encode_commit(1, tx->changes())));
  check(described(second->view()) == after, "what a transaction notes down makes another graph");
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  Input input(data, size);
  const size_t kind = input.below(5);
  const std::string_view payload = input.rest();
  switch (kind) {
    case 0:
      apply(seal(encode_log_key(1), payload));
      break;
    case 1:
      check_stable(seal(kManifestRecord, payload), [](const std::string& record) {
        const Manifest manifest = decode_manifest(record, nullptr);
        limits_of(manifest.snapshot);
        return encode_manifest(manifest.snapshot, manifest.epoch);
      });
      break;
    case 2:
      check_stable(seal(kFormatRecord, payload),
                   [](const std::string& record) { return encode_format(decode_format(record)); });
      break;
    case 3:
      check_stable(seal(kGarbageRecord, payload), [](const std::string& record) {
        return encode_page_list(kGarbageRecord, decode_page_list(kGarbageRecord, record));
      });
      break;
    default:  // without a checksum that holds, unless the fuzzer has guessed it
      apply(std::string(payload));
      break;
  }
  return 0;
}
