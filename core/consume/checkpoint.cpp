#include "core/consume/checkpoint.hpp"

#include <cstring>

#include "gantry/text.hpp"

namespace gantry::consume {
namespace {

sql::Value id_value(const Mark& mark) {
  if (mark.position == 0) return std::monostate();
  return sql::Blob{{reinterpret_cast<const char*>(mark.event.bytes().data()), 16}};
}

Uuid id_of(const sql::Value& value) {
  const auto* blob = std::get_if<sql::Blob>(&value);
  if (blob == nullptr || blob->bytes.size() != 16) return {};
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), blob->bytes.data(), 16);
  return Uuid(bytes);
}

}  // namespace

Checkpoint::Checkpoint(std::string consumer, uint32_t version)
    : consumer_(std::move(consumer)), version_(version) {}

std::optional<Mark> Checkpoint::read(sql::Session& session) const {
  std::optional<Mark> mark;
  session.query("SELECT position, event_id FROM es_checkpoint WHERE consumer = ? AND version = ?",
                {std::string_view(consumer_), version_}, [&](const sql::Row& row) {
                  mark = Mark{std::get<int64_t>(row[0]), id_of(row[1])};
                  return true;
                });
  return mark;
}

Mark Checkpoint::take(sql::Session& session, Instant now) const {
  if (const auto mark = read(session)) return *mark;
  session.exec(
      "INSERT INTO es_checkpoint (consumer, version, position, event_id, updated_at) "
      "VALUES (?, ?, 0, NULL, ?)",
      {std::string_view(consumer_), version_, now.us()});
  return {};
}

void Checkpoint::move(sql::Session& session, const Mark& from, const Mark& to, Instant now) const {
  const int64_t changed = session.exec(
      "UPDATE es_checkpoint SET position = ?, event_id = ?, updated_at = ? "
      "WHERE consumer = ? AND version = ? AND position = ? AND event_id IS ?",
      {to.position, id_value(to), now.us(), std::string_view(consumer_), version_, from.position,
       id_value(from)});
  if (changed != 1) fenced(read(session), from);
}

void Checkpoint::fenced(const std::optional<Mark>& is, const Mark& expected) {
  throw Halt(
      is ? join("fenced: the checkpoint is at position ", is->position, ", not ", expected.position)
         : join("fenced: the checkpoint is gone, was at position ", expected.position),
      Halt::Cause::kFenced);
}

void verify_witness(log::Log& log, const Mark& mark) {
  if (mark.position == 0) return;
  const auto found = log.read(mark.position - 1, 1);
  if (found.empty() || mark_of(*found.front()) != mark) {
    throw Halt(join("log diverged at position ", mark.position,
                    ": the event there is not the one this consumer has seen"));
  }
}

}  // namespace gantry::consume
