// Files without a name: the system takes them away with the last descriptor, however the process ends.
#pragma once

#include <string>

namespace entente {

/// A descriptor of a new one in the folder, or -1 with errno. The caller closes it.
int open_temporary_file(const std::string& folder);

/// Where temporary files go if nothing else is said: $TMPDIR, or /tmp.
std::string default_temporary_folder();

}  // namespace entente
