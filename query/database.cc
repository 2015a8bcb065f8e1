// The façade's Database, and the one place of `query` that knows of storage.
#include <algorithm>
#include <unordered_set>

#include "entente/core/temporary_file.h"
#include "entente/query/database_state.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/maintenance.h"
#include "entente/query/plan/cardinality.h"
#include "entente/query/semantic/binder.h"
#include "entente/query/syntax/parser.h"
#include "entente/query/syntax/preparation.h"
#include "entente/storage/backup.h"
#include "entente/storage/check.h"
#include "entente/storage/follower.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/page_tables.h"

namespace entente {

namespace {

class MemoryPersistence : public Persistence {
 public:
  GraphStore& graph() override { return graph_; }
  void checkpoint() override {}
  void describe(DatabaseStatus& status) const override { status.stored_version = 0; }

 private:
  GraphStore graph_;
};

class DiskPersistence : public Persistence {
 public:
  explicit DiskPersistence(std::unique_ptr<GraphStorage> storage) : storage_(std::move(storage)) {}
  ~DiskPersistence() override {
    try {
      storage_->close();
    } catch (const Error&) {
      // What was committed is in the log and is replayed at the next opening; a destructor has nobody to tell.
    }
  }
  GraphStore& graph() override { return storage_->graph(); }
  void checkpoint() override { storage_->checkpoint(); }
  void describe(DatabaseStatus& status) const override {
    const GraphStorage::Info info = storage_->info();
    status.stored_version = info.stored_version;
    status.log_commits = info.log_commits;
    status.log_bytes = info.log_bytes;
    status.checkpoints = info.checkpoints;
    status.kept_pages = info.kept_pages;
  }

 private:
  std::unique_ptr<GraphStorage> storage_;
};

class FollowedPersistence : public Persistence {
 public:
  explicit FollowedPersistence(std::unique_ptr<Follower> follower) : follower_(std::move(follower)) {}
  GraphStore& graph() override { return follower_->graph(); }
  void checkpoint() override {
    throw Error::storage("ReadOnly", "a database that is followed is not written; its writer makes the checkpoints");
  }

  void describe(DatabaseStatus& status) const override {
    const Follower::Info info = follower_->info();
    status.stored_version = info.stored_version;
    status.follower = true;
    status.trouble = info.trouble;
  }

 private:
  std::unique_ptr<Follower> follower_;
};

/// fn(handle) for each page of the version.
template <class Fn>
void for_each_page(Snapshot snapshot, Fn fn) {
  for_each_table(SnapshotParts(snapshot), [&](PageKind, uint32_t, const auto& table) {
    table.for_each([&](uint32_t, const std::shared_ptr<PageHandle>& handle) { fn(*handle); });
  });
}

DatabaseStatus::HeldVersion describe_held(const Snapshot& version, const std::unordered_set<const PageHandle*>& now) {
  DatabaseStatus::HeldVersion held{version.version()};
  for_each_page(version, [&](const PageHandle& handle) {
    if (now.contains(&handle)) return;
    ++held.pages;
    if (handle.loaded()) held.bytes += handle.get().bytes();
  });
  return held;
}

BackupInfo to_info(const StoredBackup& backup) {
  BackupInfo info;
  info.number = backup.number;
  info.version = backup.version;
  info.time = std::chrono::system_clock::time_point(std::chrono::seconds(backup.time));
  info.pages = backup.pages;
  info.new_pages = backup.new_pages;
  info.bytes = backup.bytes;
  return info;
}

std::shared_ptr<const Registries> built_in_registries() {
  static const std::shared_ptr<const Registries> kBuiltIn = [] {
    auto procedures = std::make_shared<ProcedureRegistry>();
    add_graph_procedures(*procedures);
    add_schema_procedures(*procedures);
    add_full_text_procedures(*procedures);
    add_algorithm_procedures(*procedures);
    auto all = std::make_shared<Registries>();
    all->functions = FunctionRegistry::built_in();
    all->procedures = std::move(procedures);
    return all;
  }();
  return kBuiltIn;
}

class RegistryCatalog : public Catalog {
 public:
  explicit RegistryCatalog(const Registries& registries) : registries_(registries) {}
  const Function* function(std::string_view name) const override { return registries_.functions->find(name); }
  std::string nearest_function(std::string_view name) const override { return registries_.functions->nearest(name); }
  const ProcedureSignature* procedure(std::string_view name) const override {
    const Procedure* found = registries_.procedures->find(name);
    return found != nullptr ? &found->signature : nullptr;
  }
  std::string nearest_procedure(std::string_view name) const override { return registries_.procedures->nearest(name); }

 private:
  const Registries& registries_;
};

std::vector<uint32_t> index_ids(const Snapshot& graph) {
  std::vector<uint32_t> ids;
  for (const Index& index : graph.indexes()) {
    if (index.definition.kind == IndexKind::Range) ids.push_back(index.definition.id);
  }
  return ids;
}

}  // namespace

bool PreparedStatement::outdated(const Snapshot& graph) const {
  const uint64_t now = graph.node_count() + graph.relationship_count() + 16;
  const uint64_t then = planned_entities + 16;
  if (now > 2 * then || then > 2 * now || index_ids(graph) != planned_indexes) return true;
  if (assumed.empty()) return false;
  const Cardinality cardinality(graph);
  return !std::all_of(assumed.begin(), assumed.end(), [&](const EndFact& fact) {
    return cardinality.always_ends_at(fact.types, fact.direction, fact.label);
  });
}

bool PreparedStatement::outdated_at(const Snapshot& committed) const {
  if (fresh_at_.load(std::memory_order_relaxed) == committed.version()) return false;
  if (outdated(committed)) return true;
  fresh_at_.store(committed.version(), std::memory_order_relaxed);
  return false;
}

PreparedPtr PlanCache::find(const std::string& text) {
  std::lock_guard lock(mutex_);
  auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().second;
}

void PlanCache::put(const std::string& text, PreparedPtr statement) {
  std::lock_guard lock(mutex_);
  auto found = by_text_.find(text);
  if (found != by_text_.end()) {
    entries_.erase(found->second);
    by_text_.erase(found);
  }
  entries_.emplace_front(text, std::move(statement));
  by_text_[text] = entries_.begin();
  if (entries_.size() > capacity_) {
    by_text_.erase(entries_.back().first);
    entries_.pop_back();
  }
}

void PlanCache::clear() {
  std::lock_guard lock(mutex_);
  by_text_.clear();
  entries_.clear();
}

PreparedPtr prepare_statement(std::string_view text, const std::shared_ptr<const Registries>& registries,
                              const Snapshot& graph, const Snapshot& committed, const PlannerOptions& options,
                              StatementLimits& limits) {
  const Preparation preparation(limits);
  auto prepared = std::make_shared<PreparedStatement>();
  try {
    prepared->registries = registries;
    prepared->statement = parse(text);
    prepared->statement.text = std::string(text);
    bind(prepared->statement, RegistryCatalog(*registries));
    prepared->notes = StatementNotes(prepared->statement, committed, graph);
    if (prepared->statement.query)
      prepared->plan = plan_statement(prepared->statement, graph, options, &prepared->assumed);
    const auto* result = prepared->plan ? std::get_if<ResultOp>(&prepared->plan->op) : nullptr;
    prepared->columns = std::make_shared<std::vector<std::string>>();
    if (result != nullptr) prepared->columns = std::make_shared<std::vector<std::string>>(result->names);
    prepared->planned_entities = graph.node_count() + graph.relationship_count();
    prepared->planned_indexes = index_ids(graph);
    return prepared;
  } catch (Error& e) {
    constexpr size_t kBytesPerLetter = 32;  // of its trees
    discard(std::move(prepared), text.size() * kBytesPerLetter);
    e.locate(text);
    throw;
  }
}

Value evaluate_expression(std::string_view expression) {
  try {
    ExprPtr expr = parse_expression(expression);
    const auto registries = built_in_registries();
    bind_constant(*expr, RegistryCatalog(*registries));
    const Snapshot empty;
    const Map no_parameters;
    ExecContext context;
    context.graph = &empty;
    context.functions.graph = &empty;
    context.parameters = &no_parameters;
    return evaluate_constant(*expr, context);
  } catch (Error& e) {
    e.locate(expression);
    throw;
  }
}

Database::Database(std::shared_ptr<DatabaseState> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::in_memory(const DatabaseOptions& options) {
  auto impl = std::make_shared<DatabaseState>();
  impl->options = options;
  impl->csv_root = options.csv_root.string();
  impl->temporary_folder = options.temporary_folder.string();
  impl->persistence = std::make_unique<MemoryPersistence>();
  impl->registries = built_in_registries();
  return Database(std::move(impl));
}

Database Database::open(const std::filesystem::path& path, const DatabaseOptions& options) {
  OpenOptions storage;
  storage.read_only = options.read_only;
  storage.create_if_missing = options.create_if_missing && !options.read_only;
  storage.durability = options.durability;
  storage.checkpoint_log_bytes = options.checkpoint_log_bytes;
  storage.threads = std::max(1u, options.threads);
  auto impl = std::make_shared<DatabaseState>();
  impl->options = options;
  impl->csv_root = options.csv_root.string();
  impl->temporary_folder = options.temporary_folder.string();
  impl->path = path;
  if (impl->temporary_folder.empty() && !options.read_only) impl->temporary_folder = path.string();
  storage.page_memory = options.page_memory;
  storage.page_folder = impl->temporary_folder.empty() ? default_temporary_folder() : impl->temporary_folder;
  impl->persistence = std::make_unique<DiskPersistence>(GraphStorage::open(path, storage));
  impl->registries = built_in_registries();
  return Database(std::move(impl));
}

Database Database::open_follower(const std::filesystem::path& path, const DatabaseOptions& options) {
  auto impl = std::make_shared<DatabaseState>();
  impl->options = options;
  impl->options.read_only = true;
  impl->csv_root = options.csv_root.string();
  impl->temporary_folder = options.temporary_folder.string();
  impl->path = path;
  impl->persistence = std::make_unique<FollowedPersistence>(Follower::open(path));
  impl->registries = built_in_registries();
  return Database(std::move(impl));
}

SnapshotPtr Database::snapshot() const { return impl_->graph().current(); }

void Database::bulk_load(const std::function<void(Transaction&)>& fill) {
  if (impl_->options.read_only) {
    throw Error("AccessError", "ReadOnly", Phase::Runtime, "this loads data, but the database is read-only");
  }
  std::unique_ptr<Transaction> transaction = impl_->graph().begin();
  transaction->set_threads(std::max(1u, impl_->options.threads));
  fill(*transaction);
  impl_->graph().commit(std::move(transaction));
}

void Database::add_function(Function function) {
  std::lock_guard lock(impl_->registries_mutex);
  auto functions = std::make_shared<FunctionRegistry>(*impl_->registries->functions);
  functions->add(std::move(function));
  auto next = std::make_shared<Registries>(*impl_->registries);
  next->functions = std::move(functions);
  impl_->registries = std::move(next);
  impl_->cache.clear();
}

void Database::add_procedure(Procedure procedure) {
  std::lock_guard lock(impl_->registries_mutex);
  auto procedures = std::make_shared<ProcedureRegistry>(*impl_->registries->procedures);
  procedures->add(std::move(procedure));
  auto next = std::make_shared<Registries>(*impl_->registries);
  next->procedures = std::move(procedures);
  impl_->registries = std::move(next);
  impl_->cache.clear();
}

void Database::add_procedure(std::string_view signature,
                             std::function<std::vector<std::vector<Value>>(const std::vector<Value>& args)> call) {
  Procedure procedure;
  procedure.signature = parse_procedure_signature(signature);
  procedure.call = [call = std::move(call)](const std::vector<Value>& args, ExecContext&) {
    ProcedureRows rows;
    for (std::vector<Value>& row : call(args)) rows.push_back(std::move(row));
    return rows;
  };
  add_procedure(std::move(procedure));
}

void Database::checkpoint() { impl_->persistence->checkpoint(); }

DatabaseStatus Database::status() const {
  DatabaseStatus status;
  impl_->persistence->describe(status);
  std::vector<SnapshotPtr> versions = impl_->graph().versions();
  const SnapshotPtr current = std::move(versions.back());
  versions.pop_back();
  status.version = current->version();
  if (versions.empty()) return status;
  std::unordered_set<const PageHandle*> now;
  for_each_page(*current, [&](const PageHandle& handle) { now.insert(&handle); });
  for (const SnapshotPtr& version : versions) status.held.push_back(describe_held(*version, now));
  return status;
}

BackupInfo Database::backup(const std::filesystem::path& folder) const {
  if (impl_->path.empty()) {
    throw Error::storage("NotFound", "a database in memory has no files to back up; `entente export` writes its graph");
  }
  return backup(impl_->path, folder);
}
BackupInfo Database::backup(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return to_info(back_up(path, folder));
}
std::vector<BackupInfo> Database::list_backups(const std::filesystem::path& folder) {
  std::vector<BackupInfo> backups;
  for (const StoredBackup& backup : entente::list_backups(folder)) backups.push_back(to_info(backup));
  return backups;
}
BackupInfo Database::verify_backup(const std::filesystem::path& folder, uint32_t number) {
  return to_info(entente::verify_backup(folder, number));
}
BackupInfo Database::restore(const std::filesystem::path& folder, const std::filesystem::path& path, uint32_t number) {
  return to_info(restore_backup(folder, path, number));
}

bool Database::read_only() const { return impl_->options.read_only; }
const std::filesystem::path& Database::path() const { return impl_->path; }

CheckReport verify_database(const std::filesystem::path& path) { return check_database(path.string()); }

RepairReport salvage_database(const std::filesystem::path& path, const std::filesystem::path& into) {
  return repair_database(path.string(), into.string());
}

}  // namespace entente
