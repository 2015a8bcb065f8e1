#include "entente/tools/interrupt.h"

#include <signal.h>

#include <atomic>

namespace entente {
namespace {

std::atomic<bool> g_interrupted{false};
std::atomic<Session*> g_running{nullptr};
std::atomic<bool> g_end_when_idle{false};

extern "C" void on_interrupt(int) {
  g_interrupted.store(true);
  Session* session = g_running.load();
  if (session != nullptr) {
    session->cancel();
  } else if (g_end_when_idle.load()) {
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
  }
}

}  // namespace

void install_interrupt_handler(bool end_when_idle) {
  g_end_when_idle.store(end_when_idle);
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

bool interrupted() { return g_interrupted.load(); }
void clear_interrupt() { g_interrupted.store(false); }

CancelOnInterrupt::CancelOnInterrupt(Session& session) { g_running.store(&session); }
CancelOnInterrupt::~CancelOnInterrupt() { g_running.store(nullptr); }

void check_interrupt() {
  if (interrupted()) throw Error::resource("Cancelled", "Stopped by Ctrl-C; nothing was changed");
}

}  // namespace entente
