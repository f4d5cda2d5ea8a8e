// History: what clients of one test were answered, as a file for `gantry log verify --history`
// (docs/reference/verify.md has the format). Any thread.
#pragma once
#include <fstream>
#include <mutex>
#include <string>

#include "tests/support/http_client.hpp"

namespace gantry::tests {

// Who asked for what, under which Idempotency-Key.
struct Asked {
  std::string user;   // id of the user
  std::string route;  // as the plugin named it: "/api/payments/{id:uuid}/refund"
  std::string key;
  std::string method = "POST";
};

class History {
 public:
  explicit History(const std::string& file) : file_(file), out_(file, std::ios::app) {}

  // `answer.status` 0: there was none. resource: "reservation" or "payment", whose id a 2xx has in
  // its body; empty: none.
  void note(const Asked& asked, const Answer& answer, const std::string& resource);
  const std::string& file() const { return file_; }

 private:
  const std::string file_;
  std::mutex mutex_;
  std::ofstream out_;
};

}  // namespace gantry::tests
