// One SQL text for SQLite and PostgreSQL. On PostgreSQL a conditional UPDATE that had to wait for
// another one looks at the row again (READ COMMITTED), so of two that want the lease one gets it.
#include "core/consume/checkpoint.hpp"

#include <cstring>

#include "core/runtime/mutation.hpp"
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

std::string text_of(const sql::Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace

Checkpoint::Checkpoint(std::string consumer, uint32_t version)
    : consumer_(std::move(consumer)), version_(version) {}

std::optional<Standing> Checkpoint::read(sql::Session& session) const { return read(session, ""); }

std::optional<Standing> Checkpoint::lock(sql::Session& session) const {
  return read(session, session.row_lock());
}

std::optional<Standing> Checkpoint::read(sql::Session& session, std::string_view row_lock) const {
  std::optional<Standing> found;
  session.query(join("SELECT position, event_id, epoch, owner, lease_until FROM es_checkpoint "
                     "WHERE consumer = ? AND version = ?",
                     row_lock),
                {std::string_view(consumer_), version_}, [&](const sql::Row& row) {
                  found = Standing{{std::get<int64_t>(row[0]), id_of(row[1])},
                                   std::get<int64_t>(row[2]),
                                   text_of(row[3]),
                                   Instant(std::get<int64_t>(row[4]))};
                  return true;
                });
  return found;
}

Claimed Checkpoint::take(sql::Session& session, const Claim& claim) const {
  int64_t changed = session.exec(
      "UPDATE es_checkpoint SET epoch = epoch + 1, owner = ?, lease_until = ?, updated_at = ? "
      "WHERE consumer = ? AND version = ? AND (owner IS NULL OR owner = ? OR lease_until < ?)",
      {claim.instance, claim.until.us(), claim.now.us(), std::string_view(consumer_), version_,
       claim.again ? claim.instance : std::string_view(), claim.now.us()});
  if (changed == 0) {
    changed = session.exec(
        "INSERT INTO es_checkpoint "
        "(consumer, version, position, event_id, updated_at, epoch, owner, lease_until) "
        "VALUES (?, ?, 0, NULL, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
        {std::string_view(consumer_), version_, claim.now.us(), claim.instance, claim.until.us()});
  }
  return {changed == 1, read(session).value_or(Standing())};
}

bool Checkpoint::renew(sql::Session& session, int64_t epoch, Instant until) const {
  return session.exec(
             "UPDATE es_checkpoint "
             "SET lease_until = CASE WHEN lease_until < ? THEN ? ELSE lease_until END "
             "WHERE consumer = ? AND version = ? AND epoch = ? AND owner IS NOT NULL",
             {until.us(), until.us(), std::string_view(consumer_), version_, epoch}) == 1;
}

void Checkpoint::release(sql::Session& session, int64_t epoch) const {
  session.exec(
      "UPDATE es_checkpoint SET owner = NULL, lease_until = 0 "
      "WHERE consumer = ? AND version = ? AND epoch = ?",
      {std::string_view(consumer_), version_, epoch});
}

void Checkpoint::move(sql::Session& session, const Move& move) const {
  const int64_t changed = session.exec(
      "UPDATE es_checkpoint SET position = ?, event_id = ?, updated_at = ?, "
      "lease_until = CASE WHEN lease_until < ? THEN ? ELSE lease_until END "
      "WHERE consumer = ? AND version = ? AND epoch = ? AND position = ? "
      "AND event_id IS NOT DISTINCT FROM ?",
      {move.to.position, id_value(move.to), move.now.us(), move.lease_until.us(),
       move.lease_until.us(), std::string_view(consumer_), version_, move.epoch, move.from.position,
       id_value(move.from)});
  if (changed == 1) return;
  if (!GANTRY_MUTATED("no_fence")) fenced(read(session), move.epoch, move.from);
  session.exec(
      "UPDATE es_checkpoint SET position = ?, event_id = ? WHERE consumer = ? AND version = ?",
      {move.to.position, id_value(move.to), std::string_view(consumer_), version_});
}

void Checkpoint::fenced(const std::optional<Standing>& is, int64_t epoch, const Mark& expected) {
  if (!is) {
    throw Halt(join("fenced: the checkpoint is gone, was at position ", expected.position),
               Halt::Cause::kFenced);
  }
  if (is->epoch != epoch) throw LeaseLost();
  throw Halt(join("fenced: the checkpoint is at position ", is->mark.position, ", not ",
                  expected.position),
             Halt::Cause::kFenced);
}

void verify_witness(log::Log& log, const Mark& mark) {
  if (mark.position == 0 || GANTRY_MUTATED("no_witness")) return;
  const auto found = log.read(mark.position - 1, 1);
  if (found.empty() || mark_of(*found.front()) != mark) {
    throw Halt(join("log diverged at position ", mark.position,
                    ": the event there is not the one this consumer has seen"));
  }
}

}  // namespace gantry::consume
