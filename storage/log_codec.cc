#include "entente/storage/log_codec.h"

#include <algorithm>

#include "entente/storage/key_codec.h"
#include "entente/storage/record.h"
#include "entente/storage/value_codec.h"
#include "schema.capnp.h"

namespace entente {
namespace {

constexpr size_t kWordsPerChange = 12;  // about
constexpr size_t kMaxSegmentWords = 1u << 20;

void encode_change(schema::ChangeSet::Change::Builder out, const Change& change) {
  out.setKind(static_cast<uint8_t>(change.kind));
  out.setFlags(change.flags);
  out.setId(change.id);
  out.setNumber(change.number);
  out.setSource(change.source);
  out.setTarget(change.target);
  if (!change.numbers.empty()) {
    out.setNumbers(kj::arrayPtr(change.numbers.data(), change.numbers.size()));
  }
  if (!change.text.empty()) out.setText(capnp::Text::Reader(change.text.c_str(), change.text.size()));
  if (!change.value.is_null()) {
    std::string value;
    encode_value(change.value, value);
    out.setValue(data_of(value));
  }
}

Change decode_change(schema::ChangeSet::Change::Reader in) {
  Change change;
  const uint8_t kind = in.getKind();
  require(kind >= static_cast<uint8_t>(Change::Kind::DefineLabel) &&
              kind <= static_cast<uint8_t>(Change::Kind::DropConstraint),
          "the kind of a change is unknown");
  change.kind = static_cast<Change::Kind>(kind);
  change.flags = in.getFlags();
  require(change.flags < 2 * Change::kFullText, "a change has unknown flags");
  change.id = in.getId();
  change.number = in.getNumber();
  change.source = in.getSource();
  change.target = in.getTarget();
  change.numbers = numbers_of<uint32_t>(in.getNumbers());
  change.text = string_of(in.getText());
  const std::string_view value = bytes_of(in.getValue());
  if (!value.empty()) {
    ByteReader reader(value);
    change.value = decode_value(reader);
    require(reader.left() == 0, "bytes follow the value of a change");
  }
  return change;
}

}  // namespace

std::string encode_commit(uint64_t commit, const ChangeSet& changes) {
  const size_t words = std::min(changes.changes.size() * kWordsPerChange + 64, kMaxSegmentWords);
  capnp::MallocMessageBuilder message(static_cast<unsigned>(words));
  auto out = message.initRoot<schema::ChangeSet>().initChanges(static_cast<uint32_t>(changes.changes.size()));
  for (uint32_t i = 0; i < out.size(); ++i) encode_change(out[i], changes.changes[i]);
  return seal_packed(encode_log_key(commit), message);
}

ChangeSet decode_commit(uint64_t commit, std::string_view record) {
  return read_packed_record<schema::ChangeSet>(describe_commit(commit), encode_log_key(commit), record,
                                               [](schema::ChangeSet::Reader root) {
                                                 ChangeSet changes;
                                                 const auto in = root.getChanges();
                                                 for (const auto change : in)
                                                   changes.changes.push_back(decode_change(change));
                                                 return changes;
                                               });
}

bool is_intact_commit(uint64_t commit, std::string_view record) {
  try {
    verify(encode_log_key(commit), record);
    return true;
  } catch (const Damage&) {
    return false;
  }
}

}  // namespace entente
