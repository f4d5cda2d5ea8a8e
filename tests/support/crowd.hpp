// Crowd: customers who want tickets all at once, each over a connection of its own, and who ask
// again for exactly the same when they are left without an answer. Whatever they are told goes into
// the history.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/history.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {

struct CrowdOptions {
  int customers = 32;
  int wishes = 16;         // the highest number of a wish, for each customer
  int hold_seconds = 600;  // of what is held and not paid
  bool refunds = true;     // some give back half of what they paid
};

class Crowd {
 public:
  // Logs everybody in and opens the event. `shop()` says where; empty event(): it did not work.
  Crowd(uint16_t port, History& history, CrowdOptions options = {});

  // Each customer asks for its wishes first … last - 1, one after the other, at the server behind
  // `port`: holds a place, pays for most, gives some back. Every fourth wish is for a seat that one
  // other customer wants too; the rest has room for all. Who gets no answer at all goes home.
  struct Tally {
    int good = 0;     // 2xx
    int refused = 0;  // 4xx: the seat is taken
    int later = 0;    // 5xx: nothing was done, or nobody knows
    int silent = 0;   // no answer
  };
  Tally trade(uint16_t port, int first, int last);

  // One sentence on what is wrong with the answers to the wishes before `last` when everybody has
  // been served: a wish with room for all that was not granted, a seat that nobody has or two have.
  std::string complaint(int last) const;

  const std::string& event() const { return event_; }
  const std::string& organizer() const { return organizer_; }
  const std::vector<std::string>& tokens() const { return tokens_; }
  int64_t position() const;  // the highest that anybody was answered with  [any]

 private:
  void visit(uint16_t port, int customer, int first, int last, Tally& tally);
  bool fulfil(Shop& shop, int customer, int wish, Tally& tally);
  Answer noted(Answer answer, int customer, const std::string& route, const std::string& key,
               const std::string& resource, Tally& tally);
  static bool is_contested(int wish) { return wish % 4 == 0; }

  History& history_;
  const CrowdOptions options_;
  std::string event_, organizer_;
  std::vector<std::string> tokens_, users_;
  mutable std::mutex mutex_;                  // guards what follows
  std::map<std::pair<int, int>, int> holds_;  // customer, wish → the last status
  int64_t position_ = 0;
};

}  // namespace gantry::tests
