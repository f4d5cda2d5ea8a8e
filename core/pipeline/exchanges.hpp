// Exchanges: requests under way, by handle: what the table gantry.http/1 forwards to
// (plugins/tables/http.cpp). Implemented by the pipeline. Semantics of every function:
// sdk/include/gantry/abi/http.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/log/log.hpp"
#include "gantry/abi/http.h"

namespace gantry::pipeline {

class Exchanges {
 public:
  virtual ~Exchanges() = default;
  virtual gantry_rc header(gantry_handle exchange, std::string_view name,
                           std::string_view value) = 0;
  virtual gantry_rc answer(gantry_handle exchange, uint32_t status, std::string_view content_type,
                           std::string_view body) = 0;
  virtual gantry_rc problem(gantry_handle exchange, uint32_t status, std::string_view code,
                            std::string_view detail, std::string_view params,
                            std::string_view errors) = 0;
  virtual gantry_rc fail(gantry_handle exchange, gantry_rc rc, std::string_view why) = 0;
  virtual uint32_t status(gantry_handle exchange) = 0;
  virtual gantry_rc answer_header(gantry_handle exchange, std::string_view name,
                                  std::string& value) = 0;
  virtual gantry_rc principal(gantry_handle exchange, std::string_view user,
                              std::string_view roles) = 0;
  virtual gantry_rc resume(gantry_handle exchange, uint32_t verdict) = 0;
  virtual gantry_rc stream_begin(gantry_handle exchange, uint32_t status,
                                 std::string_view content_type) = 0;
  virtual gantry_rc stream_piece(gantry_handle exchange, std::string_view bytes) = 0;
  virtual gantry_rc stream_end(gantry_handle exchange) = 0;

  // The record to commit with a unit: the answer the exchange holds now under its Idempotency-Key;
  // nullopt when the request has none. Same thread rule as answer().
  virtual std::optional<log::StoredAnswer> stored_answer(gantry_handle exchange) = 0;
};

}  // namespace gantry::pipeline
