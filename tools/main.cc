// The binary `entente`: parses arguments, runs a subcommand, reports what failed.
// Exit codes: 0 success, 1 failure, 2 wrong arguments.
#include <CLI/CLI.hpp>

#include <clocale>
#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "entente/core/error.h"
#include "entente/tools/bench.h"
#include "entente/tools/commands.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app("Entente: an embedded knowledge graph, queried in openCypher");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("entente ") + ENTENTE_VERSION);
  app.footer(
      "Examples:\n"
      "  entente shell g7.entente\n"
      "  entente query g7.entente 'MATCH (f:Forum) RETURN f.name' --format table\n"
      "  entente ask g7.entente 'which forums hosted US-Japan FM talks'\n"
      "`entente COMMAND --help` tells more of each.");
  const std::vector<entente::Command> commands = {
      entente::add_shell_command(app),  entente::add_query_command(app),   entente::add_import_command(app),
      entente::add_export_command(app), entente::add_ask_command(app),     entente::add_info_command(app),
      entente::add_backup_command(app), entente::add_restore_command(app), entente::add_dump_command(app),
      entente::add_load_command(app),   entente::add_check_command(app),
  };
  CLI::App* bench =
      app.add_subcommand("bench", "Measure the engine on a generated graph (arguments of Google Benchmark)");
  bench->prefix_command();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  for (const entente::Command& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  std::ios::sync_with_stdio(false);
  try {
    if (argc > 1 && std::string_view(argv[1]) == "bench") return entente::run_bench(argc - 1, argv + 1);
    return run(argc, argv);
  } catch (const entente::Error& e) {
    std::cout.flush();
    std::cerr << "entente: " << e.code() << ": " << e.pretty() << '\n';
  } catch (const std::exception& e) {
    std::cout.flush();
    std::cerr << "entente: unexpected failure: " << e.what() << '\n';
  }
  return 1;
}
