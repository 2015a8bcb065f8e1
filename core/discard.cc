#include "entente/core/discard.h"

#include <utility>

namespace entente {
namespace {

thread_local Discards* current_discards = nullptr;

}  // namespace

Discards* Discards::current() { return current_discards; }

DiscardScope::DiscardScope(Discards& discards) : outer_(std::exchange(current_discards, &discards)) {}
DiscardScope::~DiscardScope() { current_discards = outer_; }

}  // namespace entente
