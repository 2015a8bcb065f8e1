// Bulk import of CSV files: all of it or nothing.
//
// Node files come first. Each key is remembered with its row, so that the ends of relationships are found by it; keys
// that no file has are looked up in the database through its index. A file is read once, in blocks that several threads
// parse. The texts of cells are kept until the type of their column is known; then column pages are made in the order
// of ids and handed to the transaction's bulk calls. What comes out does not depend on the number of threads.
//
// Called from one thread. Errors: ImportError.* (specification, header, rows), ToolError.CannotRead,
// ResourceError.Cancelled on Ctrl-C.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entente/query/entente.h"
#include "entente/tools/import_rows.h"
#include "entente/tools/import_spec.h"

namespace entente {

struct ImportOptions {
  std::vector<NodeSpec> nodes;
  std::vector<RelationshipSpec> relationships;
  bool upper_snake_types = false;
  char delimiter = ',';
  char array_delimiter = ';';
  /// The file that takes rows which cannot be imported; empty: the first such rows end the import.
  std::string skip_bad_rows;
  /// The most threads that parse. For the rest see DatabaseOptions::threads.
  unsigned threads = 1;
  ImportFile::Progress progress;
};

struct ImportSummary {
  uint64_t nodes = 0;
  uint64_t relationships = 0;
  uint64_t types = 0;
  uint64_t properties = 0;
  uint64_t bad_rows = 0;
};

ImportSummary import_csv(Database& database, const ImportOptions& options);

}  // namespace entente
