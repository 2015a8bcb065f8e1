// Runs one scenario of the TCK against a database in memory.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "entente/entente.h"
#include "feature.h"

namespace entente::tck {

class World {
 public:
  explicit World(std::filesystem::path tck) : tck_(std::move(tck)) {}

  /// Empty if the scenario passes, else what went wrong, for a person.
  std::string run(const Scenario& scenario);

 private:
  /// What the TCK counts side effects on.
  struct GraphState {
    std::set<uint32_t> nodes;
    std::set<uint32_t> relationships;
    std::set<std::string> labels;
    std::set<std::string> properties;  // entity, key, value
  };

  std::string step(const Step& step);
  std::string given(const Step& step);
  void execute(const std::string& query, bool measured);
  void add_procedure(const std::string& signature, const Table& table);
  std::string check_result(const Table& table, bool ordered, bool ignore_list_order) const;
  std::string check_side_effects(const Table& table) const;
  std::string check_error(const std::string& text) const;
  GraphState state() const;

  std::filesystem::path tck_;
  std::optional<Database> database_;
  std::optional<Session> session_;
  Map parameters_;
  std::optional<Error> error_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
  GraphState before_;
  GraphState after_;
  bool error_checked_ = false;
};

}  // namespace entente::tck
