#include "core/plugins/tables/ask.hpp"

#include "core/plugins/askers.hpp"
#include "core/plugins/tables/call.hpp"
#include "core/plugins/tables/sql_values.hpp"
#include "core/runtime/loop.hpp"

namespace gantry::plugins {
namespace {

// Calls the plugin, once, and lets go of its generation.
void call_back(Context& context, void* state, gantry_answered done,
               const sql::Answer& answer) noexcept {
  try {
    std::vector<gantry_sql_value> values;
    values.reserve(answer.cells.size());
    for (const sql::Value& cell : answer.cells) values.push_back(raw_value(cell));
    const size_t rows = answer.columns == 0 ? 0 : values.size() / answer.columns;
    const gantry_sql_rows raw{sizeof raw, static_cast<uint32_t>(answer.columns), rows,
                              values.data()};
    done(state, static_cast<gantry_rc>(answer.code), &raw, to_abi(answer.detail));
  } catch (...) {  // gantry_answered is not noexcept; the loop must go on
    report_internal(context, "sql.ask");
  }
  context.asks.leave();
}

sql::Asker& asker_of(Context& context, std::string_view database) {
  runtime::Loop* loop = runtime::this_loop();
  if (loop == nullptr || context.ports().askers == nullptr)
    throw Error(Code::kDenied, "ask is for event loops; use query on a worker");
  return context.ports().askers->of(*loop, database);
}

}  // namespace

gantry_rc ask(void* self, gantry_str database, gantry_str statement, const gantry_sql_value* values,
              uint32_t count, void* state, gantry_answered done, const gantry_sink* why) noexcept {
  return call(self, why, "sql.ask", [&](Context& context) -> gantry_rc {
    sql::Asker& asker = asker_of(context, view(database));
    demand_no_transaction_control(view(statement));
    const sql::Values borrowed = sql_values(values, count);
    context.asks.enter();
    try {
      asker.ask(view(statement), borrowed, [&context, state, done](const sql::Answer& answer) {
        call_back(context, state, done, answer);
      });
    } catch (...) {
      context.asks.leave();
      throw;
    }
    return GANTRY_OK;
  });
}

}  // namespace gantry::plugins
