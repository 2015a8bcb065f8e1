// Checking a database from the outside, and saving what is left of a damaged one.
//
// Checking reads everything and writes nothing; it may be done while another process writes. Saving copies what is
// intact into a new database, under the same ids: what is kept twice is taken from where it can be read. It does not
// need RocksDB to open the damaged database, which stays as it is.
#pragma once

#include <string>

#include "entente/core/graph_check.h"

namespace entente {

/// Verifies the files' checksums, every page and log record, the commit mark, and, if these are whole, the graph
/// (core/graph_check.h). Throws StorageError.NotFound or .NotADatabase; all else is a finding.
CheckReport check_database(const std::string& path);

/// `into` is the path of a new database, which is there when all of it is saved. Throws StorageError: what
/// check_database throws, Corrupt if neither a manifest nor a log is left, FormatVersion, Exists if there is something
/// at `into`, IO or DiskFull; and LockError.Locked if the database is open for writing.
RepairReport repair_database(const std::string& path, const std::string& into);

}  // namespace entente
