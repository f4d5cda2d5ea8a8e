// Shop: the ticketing application as a client uses it: log in, sell, hold, pay; and the checks of
// the books that every test ends with. Talks HTTP only.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "tests/support/http_client.hpp"

namespace gantry::tests {

// An answer's body as JSON. Paths: "total.amount", "lines.0.seat".
class JsonBody {
 public:
  // Our own server's answers: a ledger has more members than a request may have.
  explicit JsonBody(const std::string& text)
      : document_({.members_max = 10'000'000}), ok_(document_.parse(text)) {}
  bool ok() const { return ok_; }
  const gantry_json_node* at(std::string_view path) const;
  std::string text(std::string_view path) const;  // empty when absent
  int64_t integer(std::string_view path) const;   // -1 when absent
  uint32_t count(std::string_view path) const;

 private:
  base::JsonDocument document_;
  bool ok_;
};

struct Section {
  std::string name;
  uint32_t rows = 0;     // 0: general admission of `seats` places
  uint32_t seats = 0;    // for each row
  int64_t price = 2500;  // minor units
};

class Shop {
 public:
  explicit Shop(uint16_t port) : client_(port) {}

  // A session token; the account is made at the first login.
  std::string log_in(const std::string& email);
  // Creates, publishes and opens sales. Returns the event's id.
  std::string open_event(const std::string& organizer, const std::vector<Section>& sections,
                         const std::string& policies = "");
  Answer hold(const std::string& token, const std::string& key, const std::string& event,
              const std::string& lines);
  Answer pay(const std::string& token, const std::string& key, const std::string& reservation,
             const std::string& card = "tok_ok");
  Answer refund(const std::string& token, const std::string& key, const std::string& payment);
  Answer get(const std::string& token, const std::string& path, int64_t min_position = 0);
  HttpClient& client() { return client_; }

  static std::string seat_line(const std::string& section, const std::string& seat);
  static std::string quantity_line(const std::string& section, int quantity);

 private:
  static Headers bearer(const std::string& token, const std::string& key = {});
  HttpClient client_;
};

// Seats and money of the whole shop, read through the API.
struct Books {
  int64_t capacity = 0, held = 0, sold = 0, available = 0;  // of the event
  std::map<std::string, int64_t> provider_net;  // by currency: the simulator's captured − refunded
  std::map<std::string, int64_t> our_net;       // by currency: our payments of the given customers
};
Books read_books(Shop& shop, const std::string& event, const std::string& admin,
                 const std::vector<std::string>& customers, int64_t min_position);

}  // namespace gantry::tests
