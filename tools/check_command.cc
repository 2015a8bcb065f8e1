// `entente check`: whether a database is whole, and saving what is left of one that is not.
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "entente/query/maintenance.h"
#include "entente/tools/commands.h"

namespace entente {
namespace {

struct CheckArguments {
  std::string database;
  std::string repair;
};

void print(const Findings& findings) {
  for (const std::string& text : findings.texts) std::cout << "- " << text << '\n';
  if (findings.count > findings.texts.size()) {
    std::cout << "- and " << findings.count - findings.texts.size() << " more\n";
  }
}

int check(const CheckArguments& arguments) {
  const CheckReport report = verify_database(arguments.database);
  for (const std::string& note : report.notes) std::cout << "Note: " << note << '\n';
  std::cout << "Format " << report.format << ", " << report.commits << " commits, " << report.pages << " pages, "
            << report.log_records << " log records";
  if (report.findings.count == 0) {
    std::cout << ", " << report.nodes << " nodes, " << report.relationships << " relationships: all is whole\n";
    return 0;
  }
  std::cout << "\nDamaged:\n";
  print(report.findings);
  return 1;
}

int repair(const CheckArguments& arguments) {
  const RepairReport report = salvage_database(arguments.database, arguments.repair);
  for (const std::string& note : report.notes) std::cout << "Note: " << note << '\n';
  std::cout << "Saved " << report.nodes << " nodes and " << report.relationships << " relationships to "
            << arguments.repair << '\n';
  if (report.lost.count == 0) {
    std::cout << "Nothing was lost\n";
    return 0;
  }
  std::cout << "Damaged:\n";
  print(report.lost);
  return 1;
}

}  // namespace

Command add_check_command(CLI::App& parent) {
  CLI::App* app =
      parent.add_subcommand("check", "Verify everything that a database has; exit code 1 if something is damaged");
  auto arguments = std::make_shared<CheckArguments>();
  app->add_option("DATABASE", arguments->database, "Folder of the database; it is not changed")->required();
  app->add_option("--repair", arguments->repair,
                  "Copy what is intact into a new database here, under the same ids, and list what is not");
  return {app, [arguments] { return arguments->repair.empty() ? check(*arguments) : repair(*arguments); }};
}

}  // namespace entente
