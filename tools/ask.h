// Answering a sentence from a phrasebook: which question it is, what its slots stand for, what the Cypher gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/entente.h"
#include "entente/tools/phrasebook.h"

namespace entente {

/// A sentence understood.
struct AskedQuestion {
  const Question* question;  // of the phrasebook
  std::string pattern;
  Map parameters;                                         // a slot that was left out is null
  std::vector<std::pair<std::string, std::string>> said;  // slot -> what it was resolved to, for people
};

/// Finds the question that a sentence asks. Throws Error AskError.UnknownQuestion (naming the nearest and all there
/// are), AskError.UnknownName, AskError.AmbiguousName, each saying what would be right.
AskedQuestion understand(const Phrasebook& book, const Snapshot& snapshot, std::string_view sentence);

}  // namespace entente
