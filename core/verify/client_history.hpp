// I4: what clients were told, one JSON object a line, against the log. The format is in
// docs/reference/verify.md. Keeps the id of each command, nothing of the lines.
#pragma once
#include <istream>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/verify/database.hpp"
#include "core/verify/json.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

class ClientHistory {
 public:
  ClientHistory(Database& events, Report& report, int64_t head)
      : events_(events), report_(report), head_(head) {}
  void check(std::istream& lines);

 private:
  struct Line {
    int64_t number = 0;
    Json json;
    int64_t status = 0;
    int64_t position = 0;  // 0: the answer named none
  };
  void check_line(const Line& line);
  void check_command(const Line& line, const Uuid& command);
  void check_resource(const Line& line, const char* member, const char* first_type);
  void check_sameness(const Line& line, const std::optional<Uuid>& command);
  int64_t position_of(const Uuid& event_id);
  void broken(const Line& line, const std::string& what);

  Database& events_;
  Report& report_;
  const int64_t head_;
  std::unordered_map<Uuid, Uuid> answered_;  // command (or key) → the resource of its 2xx
};

// The command id that the server gives to a request with an Idempotency-Key.
Uuid command_of_key(const std::string& user, const std::string& method, const std::string& route,
                    const std::string& key);

}  // namespace gantry::verify
