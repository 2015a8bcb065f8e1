// Searching a full-text index: a query in words, answered with elements and scores.
//
// The language is that of Lucene's classic query parser, in part:
//   word            any of its forms that the index's analyzer takes for the same; words side by side: any of them
//   "some words"    one after the other
//   begin*          words that begin so
//   a AND b, a OR b, NOT a, +a, -a, !a, (…)
//   key:word        in one property only; also key:"…" and key:(…)
//   \x              the character x, whatever it would mean
// AND makes what stands on both its sides required, as + does; where nothing is required, one of the rest must be
// there. Fuzzy words (~), weights (^), ranges, regular expressions and * or ? elsewhere are refused.
//
// A word scores by BM25 (Robertson and Zaragoza, 2009) with k1 = 1.2 and b = 0.75, in the form of Lucene 8: for each
// property idf · f / (f + k1 · (1 − b + b · words / mean words)), idf = ln(1 + (N − n + ½) / (n + ½)) for n of N
// documents that have it. A phrase counts as a word whose idf is the sum of those of its words; what `begin*` finds
// scores 1. Scores of properties and of parts of the query add up.
#pragma once

#include <string_view>
#include <vector>

#include "entente/core/index.h"
#include "entente/query/exec/context.h"

namespace entente {

struct TextHit {
  uint32_t element = 0;
  double score = 0;
};

/// Best first, of equals the lower id. Minds the limits of `context`. Throws ArgumentError.InvalidFullTextQuery.
std::vector<TextHit> search_full_text(const Index& index, std::string_view query, ExecContext& context);

}  // namespace entente
