// The subcommands of the binary. Each adds itself to the argument parser and gives the function that runs it once its
// arguments are parsed; that returns the exit code and throws entente::Error for what main() is to report.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace entente {

struct Command {
  CLI::App* app;
  std::function<int()> run;
};

Command add_shell_command(CLI::App& parent);
Command add_query_command(CLI::App& parent);
Command add_import_command(CLI::App& parent);
Command add_export_command(CLI::App& parent);
Command add_ask_command(CLI::App& parent);
Command add_info_command(CLI::App& parent);
Command add_backup_command(CLI::App& parent);
Command add_restore_command(CLI::App& parent);
Command add_dump_command(CLI::App& parent);
Command add_load_command(CLI::App& parent);
Command add_check_command(CLI::App& parent);

}  // namespace entente
