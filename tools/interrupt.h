// Ctrl-C. The handler of SIGINT raises a flag and cancels the statement that runs, if one does. A signal handler can
// reach only what is global, so what stands here is one process-wide state.
#pragma once

#include "entente/query/entente.h"

namespace entente {

/// Installs the handler. Reading from a terminal is then interrupted by Ctrl-C rather than resumed. If `end_when_idle`,
/// Ctrl-C ends the process as usual while no statement runs.
void install_interrupt_handler(bool end_when_idle);

/// Whether Ctrl-C came since the last call of clear_interrupt().
bool interrupted();
void clear_interrupt();

/// While it lives Ctrl-C cancels what this session runs.
class CancelOnInterrupt {
 public:
  explicit CancelOnInterrupt(Session& session);
  ~CancelOnInterrupt();
  CancelOnInterrupt(const CancelOnInterrupt&) = delete;
  CancelOnInterrupt& operator=(const CancelOnInterrupt&) = delete;
};

/// Throws ResourceError.Cancelled if Ctrl-C came.
void check_interrupt();

}  // namespace entente
