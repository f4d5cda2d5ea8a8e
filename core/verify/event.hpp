// Event: one row of es_event with the name of its stream; views live until the next row.
#pragma once
#include <cstdint>
#include <string_view>

#include "core/verify/json.hpp"
#include "core/verify/uuid.hpp"

namespace gantry::verify {

struct Event {
  int64_t position = 0;
  int64_t stream_id = 0;
  int64_t version = 0;
  Uuid id;
  std::string_view type;
  std::string_view data;
  std::string_view meta;
  int64_t recorded_at = 0;  // microseconds UTC
  int64_t crc32 = 0;
  std::string_view stream;  // empty: es_stream has no such row

  // The part of the stream's name after "<category>-", when it is of that category.
  bool is_of(std::string_view category) const {
    return stream.size() > category.size() && stream.starts_with(category) &&
           stream[category.size()] == '-';
  }
  std::string_view stream_key(std::string_view category) const {
    return stream.substr(category.size() + 1);
  }
  bool is_hosts_own() const { return type.starts_with("gantry."); }
};

// Folds the log: sees every event, in the order of positions.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual void see(const Event& event, Json data) = 0;
  virtual void end() = 0;
};

}  // namespace gantry::verify
