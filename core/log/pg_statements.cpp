#include "core/log/pg_statements.hpp"

#include "core/log/pg_place.hpp"
#include "core/log/pg_rows.hpp"

namespace gantry::log {

const std::vector<PgStatement>& store_statements() {
  // Columns come as arrays, unnested in the list of what is selected: that costs a third of what it
  // costs in FROM, where they are first put down as a table.
  static const std::vector<PgStatement> list = {
      {"settings", kPointLookups},
      {"patience", "SELECT set_config('idle_in_transaction_session_timeout', $1::text, false)"},
      {"begin", "BEGIN ISOLATION LEVEL READ COMMITTED"},
      {"commit", "COMMIT"},
      {"rollback", "ROLLBACK"},
      // The first key says "GLog". The second is what is locked: 0 the end of the log, while a
      // group is written; 1 the log, as long as somebody serves or copies it (pg_place.hpp).
      {"lock", "SELECT pg_advisory_xact_lock(1196183399, 0)"},
      {"standby", "SELECT pg_is_in_recovery()"},
      {"share", kSharePlace},
      {"alone", "SELECT pg_try_advisory_lock(1196183399, 1)"},
      {"holders",
       "SELECT coalesce(string_agg(coalesce(nullif(a.application_name, ''), 'a program')"
       " || coalesce(' on ' || host(a.client_addr), '')"
       " || ' (PostgreSQL process ' || l.pid || ')', ', '), 'somebody')"
       " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
       " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1196183399 AND l.objid = 1"
       " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"},
      {"name", "SELECT name FROM es_log WHERE log_id = 0"},
      {"state",
       "SELECT coalesce((SELECT max(position) FROM es_event), 0),"
       " coalesce((SELECT max(stream_id) FROM es_stream), 0), " GANTRY_PG_NOW
       ", (SELECT repairs FROM es_log WHERE log_id = 0)"},
      {"streams",
       "SELECT n.i, s.stream_id, e.version, e.event_id"
       " FROM unnest($1::text[]) WITH ORDINALITY n(name, i)"
       " JOIN es_stream s ON s.name = n.name"
       " CROSS JOIN LATERAL (SELECT version, event_id FROM es_event WHERE stream_id = s.stream_id"
       " ORDER BY version DESC LIMIT 1) e"},
      {"known",
       "SELECT n.i, e.position FROM unnest($1::uuid[]) WITH ORDINALITY n(id, i)"
       " JOIN es_event e ON e.event_id = n.id"},
      {"owners",
       "SELECT n.i, a.command, a.status, a.position"
       " FROM unnest($1::bytea[]) WITH ORDINALITY n(scope, i) JOIN es_answer a ON a.scope = n.scope"
       " WHERE a.expires_at > coalesce($2::bigint, " GANTRY_PG_NOW ")"},
      {"due",
       "SELECT n.i, t.payload"
       " FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY n(stream, key, "
       "revision, i)"
       " JOIN es_timer t ON t.stream = n.stream AND t.key = n.key AND t.revision = n.revision"
       " WHERE t.status = 0 AND t.due_at <= coalesce($4::bigint, " GANTRY_PG_NOW ")"},
      {"look", "SELECT " GANTRY_PG_EVENT_COLUMNS
               "WHERE e.position >= $1::bigint ORDER BY e.position LIMIT $2::bigint"},
      {"new_streams",
       "INSERT INTO es_stream (stream_id, name) SELECT unnest($1::bigint[]), unnest($2::text[])"},
      {"events",
       "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
       "recorded_at,"
       " crc32) SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]),"
       " unnest($4::uuid[]), unnest($5::text[]), unnest($6::text[]), unnest($7::text[]),"
       " unnest($8::bigint[]), unnest($9::bigint[])"},
      {"set_timers",
       "INSERT INTO es_timer AS t (stream, key, revision, due_at, payload, status, command)"
       " SELECT n.stream, n.key, 1, n.due_at, n.payload, 0, n.command"
       " FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::uuid[])"
       " n(stream, key, due_at, payload, command)"
       " ON CONFLICT (stream, key) DO UPDATE SET revision = t.revision + 1, due_at = "
       "excluded.due_at,"
       " payload = excluded.payload, status = 0, command = excluded.command"
       " WHERE t.command <> excluded.command"},
      {"cancel_timers",
       "UPDATE es_timer t SET status = 2 FROM unnest($1::text[], $2::text[]) n(stream, key)"
       " WHERE t.stream = n.stream AND t.key = n.key AND t.status = 0"},
      {"fire_timers",
       "UPDATE es_timer t SET status = 1"
       " FROM unnest($1::text[], $2::text[], $3::bigint[]) n(stream, key, revision)"
       " WHERE t.stream = n.stream AND t.key = n.key AND t.revision = n.revision AND t.status = 0"},
      {"answers",
       "INSERT INTO es_answer (scope, fingerprint, command, status, headers, body, position,"
       " expires_at) SELECT unnest($1::bytea[]), unnest($2::bytea[]), unnest($3::uuid[]),"
       " unnest($4::bigint[]), unnest($5::bytea[]), unnest($6::bytea[]), unnest($7::bigint[]),"
       " unnest($8::bigint[])"
       " ON CONFLICT (scope) DO UPDATE SET fingerprint = excluded.fingerprint,"
       " command = excluded.command, status = excluded.status, headers = excluded.headers,"
       " body = excluded.body, position = excluded.position, expires_at = excluded.expires_at"},
      // Asked twice: an answer may have been given anew while this waited for its row.
      {"sweep",
       "DELETE FROM es_answer WHERE scope IN (SELECT scope FROM es_answer"
       " WHERE expires_at <= coalesce($1::bigint, " GANTRY_PG_NOW
       ") ORDER BY expires_at LIMIT $2::bigint)"
       " AND expires_at <= coalesce($1::bigint, " GANTRY_PG_NOW ")"},
      {"touch", "UPDATE es_log SET name = name WHERE log_id = 0"},
      {"seal", "UPDATE es_log SET repairs = repairs + 1 WHERE log_id = 0"},
      {"notify", "SELECT pg_notify('gantry_log', '')"},
      // Everything of a group that only appends, if the log is still as remembered: its head is
      // this event, the new streams are absent and the commands unknown, and nobody has sealed it.
      // No row otherwise.
      {"append",
       "WITH fit AS MATERIALIZED (SELECT 1"
       " WHERE EXISTS (SELECT 1 FROM es_event WHERE position = $1::bigint AND event_id = $2::uuid)"
       " AND NOT EXISTS (SELECT 1 FROM es_event WHERE position > $1::bigint)"
       " AND NOT EXISTS (SELECT 1 FROM es_stream WHERE name = ANY ($5::text[]))"
       " AND NOT EXISTS (SELECT 1 FROM es_event WHERE event_id = ANY ($3::uuid[]))"
       " AND EXISTS (SELECT 1 FROM es_log WHERE log_id = 0 AND repairs = $15::bigint)),"
       " made AS (INSERT INTO es_stream (stream_id, name)"
       " SELECT unnest($4::bigint[]), unnest($5::text[]) FROM fit),"
       " written AS (INSERT INTO es_event (position, stream_id, version, event_id, type, data, "
       "meta,"
       " recorded_at, crc32) SELECT unnest($6::bigint[]), unnest($7::bigint[]), "
       "unnest($8::bigint[]),"
       " unnest($9::uuid[]), unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),"
       " unnest($13::bigint[]), unnest($14::bigint[]) FROM fit)"
       " SELECT pg_notify('gantry_log', '') FROM fit"},
  };
  return list;
}

}  // namespace gantry::log
