// Checking a database without opening it, and saving what is left of a damaged one.
//
// Both read everything that the database at the path has; neither changes it. storage/check.h tells more.
#pragma once

#include <filesystem>

#include "entente/core/graph_check.h"

namespace entente {

CheckReport verify_database(const std::filesystem::path& path);
RepairReport salvage_database(const std::filesystem::path& path, const std::filesystem::path& into);

}  // namespace entente
