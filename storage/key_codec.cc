#include "entente/storage/key_codec.h"

#include "entente/storage/damage.h"

namespace entente {
namespace {

template <class T>
void append_big_endian(T v, std::string& out) {
  for (int shift = 8 * (sizeof(T) - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(v >> shift));
}

}  // namespace

std::string encode_page_key(const PageKey& key) {
  std::string out;
  out.reserve(17);
  out.push_back(static_cast<char>(key.kind));
  append_big_endian(key.id, out);
  append_big_endian(key.number, out);
  append_big_endian(key.epoch, out);
  return out;
}

std::string encode_log_key(uint64_t commit) {
  std::string out;
  append_big_endian(commit, out);
  return out;
}

uint64_t decode_log_key(std::string_view bytes) {
  require(bytes.size() == 8, "the key of a log record has not 8 bytes");
  uint64_t commit = 0;
  for (const char c : bytes) commit = commit << 8 | static_cast<uint8_t>(c);
  return commit;
}

std::string intent_record(uint64_t epoch, uint64_t part) {
  std::string out(kIntentPrefix);
  append_big_endian(epoch, out);
  append_big_endian(part, out);
  return out;
}

std::string_view page_kind_name(PageKind kind) {
  switch (kind) {
    case PageKind::Nodes:
      return "nodes";
    case PageKind::Relationships:
      return "relationships";
    case PageKind::Adjacency:
      return "adjacency";
    case PageKind::NodeColumn:
      return "node column";
    case PageKind::RelationshipColumn:
      return "relationship column";
    case PageKind::Label:
      return "label";
    case PageKind::HashIndex:
      return "hash index";
    case PageKind::OrderedIndex:
      return "ordered index";
  }
  return "unknown kind";
}

std::string describe(const PageKey& key) {
  return "page " + std::to_string(key.number) + " of " + std::string(page_kind_name(key.kind)) + " " +
         std::to_string(key.id) + " (epoch " + std::to_string(key.epoch) + ")";
}

std::string describe_commit(uint64_t commit) { return "the log record of commit " + std::to_string(commit); }

}  // namespace entente
