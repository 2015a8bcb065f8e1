// Pages of adjacency as records, and back; part of the page codec.
//
// The target of a relationship stands in the table of relationships. A page of Out lists need not say it again: it is
// written without neighbours where the table has them and the relationships of the page lie close together in it. That
// holds for good: the ends of a relationship never change, the table keeps them when it is deleted, and ids are not
// used again.
//
// This header is for the codecs in storage/*.cc, as record.h is.
#pragma once

#include <memory>
#include <string>

#include "entente/core/adjacency.h"
#include "entente/core/snapshot.h"
#include "entente/storage/page_codec.h"
#include "schema.capnp.h"

namespace entente {

std::string encode_adjacency(const PageKey& key, const AdjacencyPage& page, const PageTable<RelationshipPage>* table);
std::unique_ptr<const Page> decode_adjacency(schema::AdjacencyPage::Reader root, const PageLimits& limits);

}  // namespace entente
