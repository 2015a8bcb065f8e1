// `entente backup` and `entente restore`: versions of a database in a folder, and databases made of them.
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "entente/tools/commands.h"
#include "entente/tools/options.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

struct BackupArguments {
  std::string database;
  std::string folder;
  uint32_t number = 0;
  bool list = false;
  bool verify = false;
};

std::string describe_backup(const BackupInfo& backup) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(backup.time.time_since_epoch());
  return "backup " + std::to_string(backup.number) + " of " + to_string(LocalDateTime{seconds.count(), 0}) +
         "Z: " + std::to_string(backup.version) + " commits, " + std::to_string(backup.pages) + " pages, " +
         std::to_string(backup.new_pages) + " of them new, " + std::to_string(backup.bytes) + " bytes";
}

int run_backup(const BackupArguments& arguments) {
  std::cout << describe_backup(Database::backup(arguments.database, arguments.folder)) << '\n';
  return 0;
}

int run_restore(const BackupArguments& arguments) {
  if (static_cast<int>(arguments.list) + static_cast<int>(arguments.verify) +
          static_cast<int>(!arguments.database.empty()) !=
      1) {
    throw Error::argument("InvalidOption",
                          "Give one of these: the path of a new database, --list or --verify: entente restore DIR DB");
  }
  if (arguments.list) {
    for (const BackupInfo& backup : Database::list_backups(arguments.folder)) {
      std::cout << describe_backup(backup) << '\n';
    }
  } else if (arguments.verify) {
    std::cout << "Intact: " << describe_backup(Database::verify_backup(arguments.folder, arguments.number)) << '\n';
  } else {
    std::cout << "Restored to " << arguments.database << ": "
              << describe_backup(Database::restore(arguments.folder, arguments.database, arguments.number)) << '\n';
  }
  return 0;
}

}  // namespace

Command add_backup_command(CLI::App& parent) {
  auto arguments = std::make_shared<BackupArguments>();
  CLI::App* app = parent.add_subcommand("backup", "Add a backup of a database to a folder, while others may write it");
  app->add_option("DB", arguments->database, "Folder of the database")->required();
  app->add_option("DIR", arguments->folder, "Folder of the backups; created if it is not there")->required();
  app->footer(
      "A backup is a file that holds what those before it in the folder lack, so keep them all. Every checksum is\n"
      "verified on the way. `entente restore DIR --list` shows what there is.\n"
      "Example:\n  entente backup g7.entente backups/g7");
  return {app, [arguments] { return run_backup(*arguments); }};
}

Command add_restore_command(CLI::App& parent) {
  auto arguments = std::make_shared<BackupArguments>();
  CLI::App* app = parent.add_subcommand("restore", "Make a new database of a backup; list or verify backups");
  app->add_option("DIR", arguments->folder, "Folder of the backups")->required();
  app->add_option("DB", arguments->database, "Folder of the new database; there must be nothing yet");
  app->add_option("--at", arguments->number, "Which backup; the last one without it")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app->add_flag("--list", arguments->list, "Show the backups instead");
  app->add_flag("--verify", arguments->verify, "Read the backup through and verify all checksums instead");
  app->footer(
      "Examples:\n"
      "  entente restore backups/g7 --list\n"
      "  entente restore backups/g7 --verify\n"
      "  entente restore backups/g7 g7-of-monday.entente --at 3");
  return {app, [arguments] { return run_restore(*arguments); }};
}

}  // namespace entente
