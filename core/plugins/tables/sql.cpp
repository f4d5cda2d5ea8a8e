#include "core/sql/database.hpp"

#include "core/plugins/tables/ask.hpp"
#include "core/plugins/tables/call.hpp"
#include "core/plugins/tables/sql_values.hpp"

namespace gantry::plugins {
namespace {
gantry_rc open(void* self, gantry_str database, uint32_t writing, gantry_handle* handle,
               const gantry_sink* why) noexcept {
  return call(self, why, "sql.open", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("open");
    const std::string name(view(database));
    const auto found = context.ports().databases.find(name);
    if (found == context.ports().databases.end())
      return refuse(why, GANTRY_NOT_FOUND, join("there is no database \"", name, "\""));
    auto session = std::make_shared<OpenSession>();
    session->database = name;
    session->lease = writing != 0 ? found->second->writer() : found->second->reader();
    session->session = session->lease.get();
    *handle = context.sessions.add(std::move(session));
    if (*handle == 0)
      return refuse(why, GANTRY_EXHAUSTED, "too many sessions are open; close() them");
    return GANTRY_OK;
  });
}

void close(void* self, gantry_handle handle) noexcept {
  run(self, "sql.close", [&](Context& context) {
    const auto open = context.sessions.find(handle);
    if (open && !open->of_projection) context.sessions.take(handle);  // its destructor rolls back
  });
}

// Runs body(session) with the open session of that handle, alone.
template <class F>
gantry_rc use(void* self, std::string_view function, gantry_handle handle, const gantry_sink* why,
              F&& body) noexcept {
  return call(self, why, function, [&](Context& context) -> gantry_rc {
    demand_blocking_thread(function);
    const auto open = context.sessions.find(handle);
    if (!open) return refuse(why, GANTRY_STALE, "this session is closed");
    const std::unique_lock lock(open->mutex, std::try_to_lock);
    if (!lock) return refuse(why, GANTRY_DENIED, "another thread uses this session now");
    if (!open->session) return refuse(why, GANTRY_STALE, "this session is closed");
    body(*open);
    return GANTRY_OK;
  });
}

void demand_own_transaction(const OpenSession& open) {
  if (open.of_projection)
    throw Error(Code::kDenied, "the transaction of a projection is the host's");
}

gantry_rc begin(void* self, gantry_handle session, const gantry_sink* why) noexcept {
  return use(self, "sql.begin", session, why, [&](OpenSession& open) {
    demand_own_transaction(open);
    if (open.in_transaction) throw Error(Code::kInvalid, "a transaction is open already");
    open.session->begin();
    open.in_transaction = true;
  });
}

gantry_rc commit(void* self, gantry_handle session, const gantry_sink* why) noexcept {
  return use(self, "sql.commit", session, why, [&](OpenSession& open) {
    demand_own_transaction(open);
    if (!open.in_transaction) throw Error(Code::kInvalid, "no transaction is open");
    open.session->commit();
    open.in_transaction = false;
  });
}

gantry_rc exec(void* self, gantry_handle session, gantry_str statement,
               const gantry_sql_value* values, uint32_t count, int64_t* changed,
               const gantry_sink* why) noexcept {
  return use(self, "sql.exec", session, why, [&](OpenSession& open) {
    demand_no_transaction_control(view(statement));
    const int64_t rows = open.session->exec(view(statement), sql_values(values, count));
    if (changed) *changed = rows;
  });
}

gantry_rc query(void* self, gantry_handle session, gantry_str statement,
                const gantry_sql_value* values, uint32_t count, void* state, gantry_visit_row visit,
                const gantry_sink* why) noexcept {
  return use(self, "sql.query", session, why, [&](OpenSession& open) {
    demand_no_transaction_control(view(statement));
    std::vector<gantry_sql_value> columns;
    open.session->query(view(statement), sql_values(values, count), [&](const sql::Row& row) {
      columns.clear();
      for (const sql::Value& value : row) columns.push_back(raw_value(value));
      return visit(state, columns.data(), static_cast<uint32_t>(columns.size())) != 0;
    });
  });
}
}  // namespace

gantry_sql sql_table(Context& context) {
  return {sizeof(gantry_sql), &context, open, close, begin, commit, exec, query, ask};
}

}  // namespace gantry::plugins
