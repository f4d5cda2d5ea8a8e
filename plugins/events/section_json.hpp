// Kinds and rows of sections as JSON, in requests, events and answers alike.
#pragma once
#include <string_view>
#include <vector>

#include "gantry/json.hpp"
#include "gantry/json_writer.hpp"
#include "inventory.hpp"

namespace gantry::events {

inline std::string_view name_of(SectionKind kind) {
  return kind == SectionKind::numbered ? "numbered" : "general_admission";
}
inline SectionKind section_kind_from(std::string_view name) {
  return name == "numbered" ? SectionKind::numbered : SectionKind::general_admission;
}

// "rows": [{"row": "A", "seats": 20}, …], left out when there are none.
inline void write_rows(JsonWriter& json, const std::vector<SeatRow>& rows) {
  if (rows.empty()) return;
  json.array("rows");
  for (const SeatRow& row : rows)
    json.object().field("row", row.row).field("seats", row.seats).end();
  json.end();
}
inline std::vector<SeatRow> rows_from(Json rows) {
  std::vector<SeatRow> out;
  rows.each([&](Json row) {
    out.push_back({std::string(row["row"].text()), static_cast<uint32_t>(row["seats"].integer())});
  });
  return out;
}

}  // namespace gantry::events
