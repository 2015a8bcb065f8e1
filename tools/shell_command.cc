// `entente shell`: the prompt at a terminal, or statements from standard input or `-c`.
#include <CLI/CLI.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "entente/tools/commands.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/line_editor.h"
#include "entente/tools/options.h"
#include "entente/tools/shell.h"

namespace entente {
namespace {

struct ShellArguments {
  std::string database;
  std::string format = "table";
  std::vector<std::string> statements;
  bool keep_going = false;
  bool timer = false;
  RunOptions run;
};

size_t terminal_width() {
  winsize size = {};
  return isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void prompt_until_end(Shell& shell, const std::string& database) {
  std::cout << "Entente " << ENTENTE_VERSION << ", "
            << (database.empty() ? std::string("a graph in memory, gone at the end") : database)
            << ". Statements end with ;  :help lists commands.\n";
  std::cout.flush();
  LineEditor editor(history_file());
  std::string line;
  while (true) {
    const char* prompt = shell.pending() ? "    ...> " : shell.in_transaction() ? "entente*> " : "entente> ";
    switch (editor.read(prompt, line)) {
      case LineEditor::Status::Interrupted:
        shell.discard();
        continue;
      case LineEditor::Status::End:
        std::cout << '\n';
        shell.finish();
        std::cout.flush();
        return;
      case LineEditor::Status::Line:
        editor.remember(line);
        if (!shell.feed(line)) return;
    }
  }
}

int run_shell(const ShellArguments& arguments) {
  Database database = arguments.run.open(arguments.database, false);
  Session session = database.session();
  arguments.run.apply(session);
  const bool interactive = arguments.statements.empty() && isatty(STDIN_FILENO) != 0;
  ShellOptions options;
  options.format = *parse_format(arguments.format);
  options.keep_going = arguments.keep_going;
  options.interactive = interactive;
  options.timer = arguments.timer;
  options.errors_to_terminal = isatty(STDERR_FILENO) != 0;
  options.width = terminal_width();
  options.memory_limit = arguments.run.memory_limit_bytes();
  Shell shell(database, session, parse_parameters(arguments.run.parameters), options, std::cout, std::cerr);
  install_interrupt_handler(!interactive);
  if (interactive) {
    prompt_until_end(shell, arguments.database);
    return 0;
  }
  if (arguments.statements.empty()) {
    shell.read(std::cin);
  } else {
    for (const std::string& statement : arguments.statements) {
      if (!shell.feed(statement) || !shell.finish()) break;
    }
  }
  return shell.failed() ? 1 : 0;
}

}  // namespace

Command add_shell_command(CLI::App& parent) {
  auto arguments = std::make_shared<ShellArguments>();
  CLI::App* app = parent.add_subcommand("shell", "Run statements typed at a prompt, or read from standard input");
  app->add_option("DB", arguments->database,
                  "Folder of the database; created if it is not there. Without it: in memory");
  app->add_option("-c,--command", arguments->statements, "Run this instead of reading standard input; repeatable")
      ->type_name("STATEMENT")
      ->allow_extra_args(false);
  app->add_option("--format", arguments->format, "Of results")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  app->add_flag("--keep-going", arguments->keep_going, "Go on after an error; the exit code is 1 all the same");
  app->add_flag("--timer", arguments->timer, "Show how long each statement takes");
  arguments->run.add_to(*app);
  app->footer(
      "Statements end with a semicolon; commands begin with a colon (:help lists them).\n"
      "Examples:\n"
      "  entente shell                                   a graph in memory\n"
      "  entente shell g7.entente < facts.cypher         run a file\n"
      "  entente shell g7.entente -c 'MATCH (n) RETURN count(n)' --format csv\n"
      "  echo 'RETURN $x;' | entente shell --param x=1 --format typed-json");
  return {app, [arguments] { return run_shell(*arguments); }};
}

}  // namespace entente
