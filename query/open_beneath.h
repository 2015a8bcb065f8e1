// Opening files that lie below a folder, whoever changes the folder meanwhile: neither `..` nor a link, of whatever
// kind, leads out of it.
#pragma once

#include <string>

namespace entente {

/// A descriptor of the file for reading, or the negative number of the error (errno): EXDEV where the path leads out of
/// the folder, ELOOP where it goes by a link. `folder` is a descriptor of the folder. Does not wait for the other end
/// of a FIFO; whether it is an ordinary file the caller has to look.
int open_beneath(int folder, const std::string& path);

/// The same without openat2(2), which open_beneath() uses where the kernel has it (Linux 5.6): from folder to folder,
/// following nothing. No `..` is taken, not even one that stays below the folder.
int open_beneath_by_steps(int folder, const std::string& path);

}  // namespace entente
