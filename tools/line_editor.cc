#include "entente/tools/line_editor.h"

#include <histedit.h>

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "entente/tools/interrupt.h"

namespace entente {

struct LineEditor::Impl {
  EditLine* editor = nullptr;
  History* history = nullptr;
  std::filesystem::path file;
  std::string prompt;

  static char* show_prompt(EditLine* editor) {
    Impl* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return self->prompt.data();
  }
};

LineEditor::LineEditor(const std::filesystem::path& history_file) : impl_(std::make_unique<Impl>()) {
  impl_->editor = el_init("entente", stdin, stdout, stderr);
  impl_->history = history_init();
  HistEvent event;
  history(impl_->history, &event, H_SETSIZE, 2'000);
  history(impl_->history, &event, H_SETUNIQUE, 1);
  if (impl_->editor != nullptr) {
    el_set(impl_->editor, EL_CLIENTDATA, impl_.get());
    el_set(impl_->editor, EL_PROMPT, &Impl::show_prompt);
    el_set(impl_->editor, EL_EDITOR, "emacs");
    el_set(impl_->editor, EL_SIGNAL, 0);
    el_set(impl_->editor, EL_HIST, ::history, impl_->history);
    el_set(impl_->editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(impl_->editor, nullptr);
  }
  if (history_file.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(history_file.parent_path(), error);
  if (error) return;
  impl_->file = history_file;
  history(impl_->history, &event, H_LOAD, history_file.c_str());
}

LineEditor::~LineEditor() {
  HistEvent event;
  if (!impl_->file.empty()) {
    const mode_t before = umask(0077);  // what was asked may be nobody else's business
    history(impl_->history, &event, H_SAVE, impl_->file.c_str());
    umask(before);
  }
  history_end(impl_->history);
  if (impl_->editor != nullptr) el_end(impl_->editor);
}

LineEditor::Status LineEditor::read(const std::string& prompt, std::string& line) {
  impl_->prompt = prompt;
  if (impl_->editor == nullptr) return Status::End;
  int count = 0;
  clear_interrupt();  // one that came while a statement ran
  const char* text = el_gets(impl_->editor, &count);
  if (interrupted()) {
    clear_interrupt();
    el_reset(impl_->editor);
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    return Status::Interrupted;
  }
  if (text == nullptr || count <= 0) return Status::End;
  line.assign(text, static_cast<size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return Status::Line;
}

void LineEditor::remember(const std::string& line) {
  if (line.find_first_not_of(" \t") == std::string::npos) return;
  HistEvent event;
  history(impl_->history, &event, H_ENTER, line.c_str());
}

std::filesystem::path history_file() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/') return std::filesystem::path(state) / "entente" / "history";
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] == '\0') return {};
  return std::filesystem::path(home) / ".local" / "state" / "entente" / "history";
}

}  // namespace entente
