#include "entente/storage/repair_log.h"

#include <memory>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"

namespace entente {
namespace {

constexpr uint64_t kMostFilled = 100'000'000;  // ids that one change may say are lost

/// What the new database says of its disk; all else tells that a change does not fit.
void rethrow_of_disk(const Error& error) {
  if (error.kind() == "StorageError" && error.detail() != "Corrupt") throw error;
}

void require_few(uint64_t ids) {
  if (ids > kMostFilled) throw Error::storage("Corrupt", std::to_string(ids) + " ids before it are lost");
}

/// Makes names up to the number: those that are missing were defined by commits that are lost. `names` gives the table
/// as it is: making one may put another table in its place.
template <class Names, class Create>
void fill_names(Names names, const char* what, uint64_t limit, Create create) {
  const uint64_t known = names().size();
  if (limit <= known) return;
  require_few(limit - known);
  for (uint64_t number = known; number < limit; ++number) {
    std::string name = std::string("lost ") + what + " " + std::to_string(number);
    while (names().find(name) != LabelId::kNone) name += '\'';
    create(name);
  }
}

void fill_labels(Transaction& t, uint64_t limit) {
  const auto names = [&]() -> const NameTable& { return t.view().names().labels; };
  fill_names(names, "label", limit, [&](const std::string& name) { t.label(name); });
}
void fill_types(Transaction& t, uint64_t limit) {
  const auto names = [&]() -> const NameTable& { return t.view().names().types; };
  fill_names(names, "type", limit, [&](const std::string& name) { t.type(name); });
}
void fill_keys(Transaction& t, uint64_t limit) {
  const auto names = [&]() -> const NameTable& { return t.view().names().keys; };
  fill_names(names, "key", limit, [&](const std::string& name) { t.key(name); });
}

}  // namespace

void LogRepair::missing(uint64_t from, uint64_t to) {
  lost_(from == to
            ? describe_commit(from) + " is missing"
            : "the log records of commits " + std::to_string(from) + " to " + std::to_string(to) + " are missing");
}

void LogRepair::apply(uint64_t commit, std::string_view record) {
  if (commit != next_) missing(next_, commit - 1);
  next_ = commit + 1;
  ChangeSet changes;
  try {
    changes = decode_commit(commit, record);
  } catch (const Error& error) {
    lost_(describe_commit(commit) + " is left out: " + error.what());
    return;
  }
  if (!apply_whole(changes)) apply_parts(commit, changes);
}

bool LogRepair::apply_whole(ChangeSet changes) {
  const uint32_t before = ids_.next;
  try {
    bool known = true;
    for (Change& change : changes.changes) known = known && renumber(change);
    if (known) {
      auto transaction = graph_.begin();
      transaction->apply(changes);
      graph_.commit(std::move(transaction));
      for (const Change& change : changes.changes) touch(change);
      return true;
    }
  } catch (const Error& error) {
    rethrow_of_disk(error);
  }
  ids_.next = before;
  return false;
}

void LogRepair::apply_parts(uint64_t commit, const ChangeSet& changes) {
  auto transaction = graph_.begin();
  uint64_t left_out = 0;
  std::string why;
  const auto failed = [&](const Error& error) {
    rethrow_of_disk(error);
    if (why.empty()) why = error.what();
  };
  for (const Change& change : changes.changes) {
    try {
      fill_gaps(*transaction, change);
      apply_one(*transaction, change);
      touch(change);
    } catch (const Error& error) {
      failed(error);
      ++left_out;
    }
  }
  try {
    graph_.commit(std::move(transaction));
  } catch (const Error& error) {
    failed(error);
    left_out = changes.changes.size();
  }
  if (left_out > 0) {
    lost_("of commit " + std::to_string(commit) + ", " + std::to_string(left_out) + " of " +
          std::to_string(changes.changes.size()) + " changes are left out, as what they change is lost: " + why);
  }
}

void LogRepair::apply_one(Transaction& transaction, Change change) {
  const uint32_t before = ids_.next;
  try {
    if (!renumber(change)) throw Error::storage("Corrupt", "it drops an index or constraint that is lost");
    ChangeSet one;
    one.changes.push_back(std::move(change));
    transaction.apply(one);
  } catch (const Error&) {
    ids_.next = before;
    throw;
  }
}

/// False if an index or constraint is dropped that the graph does not have.
bool LogRepair::renumber(Change& change) {
  using Kind = Change::Kind;
  if (change.kind == Kind::CreateIndex || change.kind == Kind::CreateConstraint) {
    const uint32_t old = std::exchange(change.id, ids_.next);
    ids_.known[old] = ids_.next++;
  } else if (change.kind == Kind::DropIndex || change.kind == Kind::DropConstraint) {
    const auto found = ids_.known.find(change.id);
    if (found == ids_.known.end()) return false;
    change.id = found->second;
  }
  return true;
}

void LogRepair::fill_gaps(Transaction& t, const Change& change) {
  const uint64_t id = change.id;
  const uint64_t number = change.number;
  switch (change.kind) {
    case Change::Kind::DefineLabel:
      return fill_labels(t, number);
    case Change::Kind::DefineType:
      return fill_types(t, number);
    case Change::Kind::DefineKey:
      return fill_keys(t, number);
    case Change::Kind::CreateNode:
      for (const uint64_t label : change.numbers) fill_labels(t, label + 1);
      return fill_nodes(t, id);
    case Change::Kind::AddLabel:
      fill_labels(t, number + 1);
      return fill_nodes(t, id + 1);
    case Change::Kind::SetNodeProperty:
      fill_keys(t, number + 1);
      return fill_nodes(t, id + 1);
    case Change::Kind::CreateRelationship:
      fill_types(t, number + 1);
      return fill_relationships(t, change);
    case Change::Kind::SetRelationshipProperty:
      return fill_keys(t, number + 1);
    case Change::Kind::RemoveLabel:
      fill_labels(t, number + 1);
      return fill_nodes(t, id + 1);
    case Change::Kind::DeleteNode:
      return fill_nodes(t, id + 1);
    case Change::Kind::DeleteRelationship:
    case Change::Kind::CreateIndex:
    case Change::Kind::DropIndex:
    case Change::Kind::CreateConstraint:
    case Change::Kind::DropConstraint:
      return;
  }
}

void LogRepair::fill_nodes(Transaction& t, uint64_t limit) {
  const uint64_t present = t.view().node_limit();
  if (limit <= present) return;
  require_few(limit - present);
  for (uint64_t id = present; id < limit; ++id) lost_nodes_.insert(t.create_node({}).value);
}

/// What a lost commit has made is unknown, so that its relationships are there in their ids alone.
void LogRepair::fill_relationships(Transaction& t, const Change& change) {
  fill_nodes(t, uint64_t{std::max(change.source, change.target)} + 1);
  const uint64_t present = t.view().relationship_limit();
  if (change.id <= present) return;
  require_few(change.id - present);
  for (uint64_t id = present; id < change.id; ++id) {
    t.delete_relationship(t.create_relationship(TypeId(change.number), NodeId(change.source), NodeId(change.target)));
  }
}

void LogRepair::touch(const Change& change) {
  switch (change.kind) {
    case Change::Kind::AddLabel:
    case Change::Kind::RemoveLabel:
    case Change::Kind::SetNodeProperty:
    case Change::Kind::DeleteNode:
      lost_nodes_.erase(change.id);
      return;
    case Change::Kind::CreateRelationship:
      lost_nodes_.erase(change.source);
      lost_nodes_.erase(change.target);
      return;
    default:
      return;
  }
}

void LogRepair::finish(uint64_t acknowledged) {
  if (acknowledged >= next_) missing(next_, acknowledged);
  auto transaction = graph_.begin();
  for (const uint32_t id : lost_nodes_) {
    if (transaction->view().has_node(NodeId(id))) transaction->delete_node(NodeId(id));
  }
  graph_.commit(std::move(transaction));
}

}  // namespace entente
