// Bulk import of CSV files: all of it or nothing.
//
// Node files come first. Each key is remembered with its row, so that the ends of relationships are found by hashing;
// keys that no file has are looked up in the database through its index. Cells stay in the mapped files as ranges of 8
// bytes until the type of their column is known; then values are made in the order of ids and handed to the
// transaction's bulk calls. Used by one thread. Errors: ImportError.* (specification, header, rows),
// ToolError.CannotRead, ResourceError.Cancelled on Ctrl-C.
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
