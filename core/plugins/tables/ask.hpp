// ask() of the table gantry.sql/1.
#pragma once
#include "gantry/abi/sql.h"

namespace gantry::plugins {

gantry_rc ask(void* self, gantry_str database, gantry_str statement, const gantry_sql_value* values,
              uint32_t count, void* state, gantry_answered done, const gantry_sink* why) noexcept;

}  // namespace gantry::plugins
