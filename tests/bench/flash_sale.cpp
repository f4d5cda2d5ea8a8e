// A flash sale over HTTP against a running server (configuration: config/gantry.yaml).
//
//   flash_sale sale PORT [buyers] [connections] [chart.html]
//     Buyers with sessions and connections of their own (fewer connections than buyers: they take
//     turns) want one place each of 8 numbered sections of 100 and a floor of 200, all at the same
//     instant; who is told retry_at comes back then. Who holds pays: 5 % with a card that is
//     declined first, 1 % with one that charges and then times out; 2 % of requests are sent twice
//     with the same key. Then the books.
//   flash_sale hot PORT [connections] [seconds] [chart.html]
//     Holds on one section without numbers, as fast as they are answered.
//
// Latencies count from the moment the buyer wanted the answer, not from when a connection was free
// (coordinated omission). Exits with 1 when the books do not agree or a 5xx was seen.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <stdexcept>

#include "core/base/json.hpp"
#include "gantry/instant.hpp"
#include "gantry/text.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/timeline.hpp"
#include "tests/support/shop.hpp"

namespace {

using namespace gantry;
using bench::HttpLoad;
using bench::LoadAnswer;
using tests::JsonBody;
using tests::Shop;

constexpr int64_t kPrice = 2500;
constexpr int kRows = 10, kSeatsPerRow = 10, kSections = 8, kFloor = 200;

struct Counts {
  int held = 0, paid = 0, refused = 0, declined = 0, repeats = 0, repeats_wrong = 0, broken = 0,
      server_errors = 0, odd = 0;
};

struct Buyer {
  std::string token, reservation;
  std::string section, seat;  // wanted; seat empty on the floor
  int hold_tries = 0, pay_tries = 0;
  int64_t wanted_ns = 0;
  bool out = false, paid = false;
};

// Everything of one sale. One thread.
class Sale {
 public:
  Sale(uint16_t port, size_t buyers, size_t connections)
      : port_(port), shop_(port), load_(port), buyers_(buyers), random_(20261126) {
    for (size_t i = 0; i < std::min(buyers, connections); ++i) free_.push_back(load_.connect());
  }

  void prepare() {
    organizer_ = shop_.log_in("organizer@example.com");
    admin_ = shop_.log_in("admin@example.com");
    std::vector<tests::Section> sections;
    for (int i = 0; i < kSections; ++i)
      sections.push_back({join("Block ", i + 1), kRows, kSeatsPerRow, kPrice});
    sections.push_back({"Floor", 0, kFloor, kPrice});
    event_ = shop_.open_event(organizer_, sections, R"({"hold_seconds":300})");
    if (event_.empty()) throw std::runtime_error("the event could not be opened");
    log_in_all();
  }

  void run() {
    began_ns_ = HttpLoad::now_ns();
    for (size_t i = 0; i < buyers_.size(); ++i) {
      buyers_[i].wanted_ns = began_ns_;
      choose(buyers_[i]);
      want([this, i](size_t connection) { hold(i, connection); });
    }
    const int64_t give_up = began_ns_ + 120'000'000'000;
    load_.run([&] { return over_ == buyers_.size() || HttpLoad::now_ns() > give_up; });
    took_s_ = static_cast<double>(HttpLoad::now_ns() - began_ns_) / 1e9;
    if (over_ != buyers_.size()) std::printf("gave up after 120 s\n");
  }

  bool report(const std::string& chart) {
    std::vector<std::string> customers;
    for (const Buyer& buyer : buyers_)
      if (!buyer.reservation.empty()) customers.push_back(buyer.token);
    const tests::Books books = tests::read_books(shop_, event_, admin_, customers, position_);
    const int places = kSections * kRows * kSeatsPerRow + kFloor;
    std::printf(
        "%zu buyers, %d places: %d held, %d paid, %d refused; %d cards declined first, %d "
        "repeats; %.2f s in all\n",
        buyers_.size(), places, counts_.held, counts_.paid, counts_.refused, counts_.declined,
        counts_.repeats, took_s_);
    std::printf(
        "holds: %.0f/s until the last place was held after %.2f s; every answer to a hold: "
        "p50 %.0f ms, p99 %.0f ms, max %.0f ms\n",
        static_cast<double>(counts_.held) / holds_.reached_s(100, began_ns_),
        holds_.reached_s(100, began_ns_), answers_.percentile_ms(50), answers_.percentile_ms(99),
        answers_.percentile_ms(100));
    const auto ours = books.our_net.find("EUR"), theirs = books.provider_net.find("EUR");
    const int64_t our_net = ours == books.our_net.end() ? 0 : ours->second;
    const int64_t provider_net = theirs == books.provider_net.end() ? 0 : theirs->second;
    std::printf(
        "books: capacity %lld = available %lld + held %lld + sold %lld; our net %lld, the "
        "provider's %lld\n",
        static_cast<long long>(books.capacity), static_cast<long long>(books.available),
        static_cast<long long>(books.held), static_cast<long long>(books.sold),
        static_cast<long long>(our_net), static_cast<long long>(provider_net));
    std::printf(
        "5xx %d, broken connections %d, other surprises %d, repeats answered otherwise %d\n",
        counts_.server_errors, counts_.broken, counts_.odd, counts_.repeats_wrong);
    if (!chart.empty()) {
      answers_.write_chart(
          chart, join("Flash sale: ", buyers_.size(), " buyers, ", places, " places"),
          join(counts_.held, " holds, ", counts_.paid, " paid, ", counts_.refused, " refused"),
          began_ns_);
      std::printf("chart: %s\n", chart.c_str());
    }
    const bool enough = static_cast<int>(buyers_.size()) >= places;
    return books.capacity == books.available + books.held + books.sold && our_net == provider_net &&
           our_net == books.sold * kPrice && books.sold == counts_.paid &&
           (!enough || books.sold == places) && counts_.server_errors == 0 && counts_.odd == 0 &&
           counts_.repeats_wrong == 0;
  }

 private:
  // All sessions, before the sale: two requests each, a few buyers at a time.
  void log_in_all() {
    size_t begun = 0, done = 0;
    std::function<void(size_t)> next = [&](size_t connection) {
      if (begun == buyers_.size()) return give_back(connection);
      const size_t i = begun++;
      const std::string body = join(R"({"email":"buyer)", i, R"(@example.com"})");
      load_.send(connection, {"POST", "/auth/magic-link/request", {}, {}, body},
                 [&, i, connection](const LoadAnswer& answer) {
                   const std::string verify = join(
                       R"({"token":")", JsonBody(answer.body).text("magic_link_token"), R"("})");
                   load_.send(connection, {"POST", "/auth/magic-link/verify", {}, {}, verify},
                              [&, i, connection](const LoadAnswer& session) {
                                buyers_[i].token = JsonBody(session.body).text("session_token");
                                ++done;
                                next(connection);
                              });
                 });
    };
    const size_t lanes = std::min<size_t>(free_.size(), 64);
    for (size_t lane = 0; lane < lanes; ++lane) want(next);
    load_.run([&] { return done == buyers_.size(); });
    for (const Buyer& buyer : buyers_)
      if (buyer.token.empty()) throw std::runtime_error("a buyer could not log in");
  }

  // Connections: who wants one waits in line.
  void want(std::function<void(size_t)> use) {
    if (free_.empty()) return line_.push_back(std::move(use));
    const size_t connection = free_.back();
    free_.pop_back();
    use(connection);
  }
  void give_back(size_t connection) {
    if (line_.empty()) return free_.push_back(connection);
    const auto next = std::move(line_.front());
    line_.pop_front();
    next(connection);
  }

  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  void choose(Buyer& buyer) {
    const size_t place = random_() % static_cast<size_t>(kSections * kRows * kSeatsPerRow + kFloor);
    const size_t block = place / (kRows * kSeatsPerRow);
    if (block >= kSections) {
      buyer.section = "Floor";
      buyer.seat.clear();
      return;
    }
    const size_t seat = place % (kRows * kSeatsPerRow);
    buyer.section = join("Block ", block + 1);
    buyer.seat = join("R", seat / kSeatsPerRow + 1, "-", seat % kSeatsPerRow + 1);
  }

  // Two tries for a seat of one's own choice, then any of the section, then of the others, then the
  // floor.
  void choose_again(Buyer& buyer) {
    if (buyer.hold_tries < 2) return choose(buyer);
    const int turn = buyer.hold_tries - 2;
    buyer.seat.clear();
    buyer.section = turn < kSections ? join("Block ", (turn + int(random_() % 2)) % kSections + 1)
                                     : std::string("Floor");
  }

  void hold(size_t i, size_t connection) {
    Buyer& buyer = buyers_[i];
    const std::string lines = buyer.seat.empty() ? Shop::quantity_line(buyer.section, 1)
                                                 : Shop::seat_line(buyer.section, buyer.seat);
    const std::string body = join(R"({"event_id":")", event_, R"(","lines":[)", lines, "]}");
    const std::string key = join("hold-", i, "-", buyer.hold_tries, "-aaaaaaaa");
    load_.send(connection, {"POST", "/api/reservations", buyer.token, key, body},
               [this, i, connection, key, body](const LoadAnswer& answer) {
                 maybe_repeat(i, connection, "/api/reservations", key, body, answer,
                              [this, i, connection](const LoadAnswer& first) {
                                held(i, connection, first);
                              });
               });
  }

  // 2 % are sent once more with the same key: the answer must be the same.
  void maybe_repeat(size_t i, size_t connection, const std::string& target, const std::string& key,
                    const std::string& body, const LoadAnswer& first,
                    std::function<void(const LoadAnswer&)> then) {
    if (first.status != 201 || !chance(2)) return then(first);
    ++counts_.repeats;
    load_.send(connection, {"POST", target, buyers_[i].token, key, body},
               [this, first, then = std::move(then)](const LoadAnswer& again) {
                 if (again.status != first.status || again.body != first.body ||
                     bench::header_of(again, "Idempotency-Replayed") != "true") {
                   ++counts_.repeats_wrong;
                 }
                 then(first);
               });
  }

  void held(size_t i, size_t connection, const LoadAnswer& answer) {
    Buyer& buyer = buyers_[i];
    const int64_t now = HttpLoad::now_ns();
    answers_.add(now, now - buyer.wanted_ns);
    note(answer);
    if (answer.status == 201) {
      ++counts_.held;
      holds_.add(now, now - buyer.wanted_ns);
      buyer.reservation = JsonBody(answer.body).text("id");
      buyer.wanted_ns = now;
      return pay(i, connection);
    }
    ++buyer.hold_tries;
    const std::string code = JsonBody(answer.body).text("code");
    if (answer.status == 0 || (answer.status == 409 && buyer.hold_tries < 2 + kSections + 1)) {
      int64_t when = now;
      if (code == "INSUFFICIENT_INVENTORY" && buyer.hold_tries > 2 + kSections) {
        const auto at = Instant::parse(JsonBody(answer.body).text("params.retry_at"));
        if (at) when = now + 1'000'000'000;
      }
      choose_again(buyer);
      give_back(connection);
      load_.at(when, [this, i, when] {
        buyers_[i].wanted_ns = when;
        want([this, i](size_t mine) { hold(i, mine); });
      });
      return;
    }
    if (answer.status != 409) ++counts_.odd;
    ++counts_.refused;
    leave(i, connection);
  }

  void pay(size_t i, size_t connection) {
    Buyer& buyer = buyers_[i];
    std::string card = "tok_ok";
    if (buyer.pay_tries == 0) {
      const auto luck = random_() % 100;
      if (luck < 5)
        card = "tok_declined";
      else if (luck < 6)
        card = "tok_timeout_after_charge";
    }
    const std::string body = join(R"({"reservation_id":")", buyer.reservation,
                                  R"(","method":{"type":"card","token":")", card, R"("}})");
    const std::string key = join("pay-", i, "-", buyer.pay_tries, "-aaaaaaaaa");
    load_.send(connection, {"POST", "/api/payments", buyer.token, key, body},
               [this, i, connection, key, body](const LoadAnswer& answer) {
                 maybe_repeat(i, connection, "/api/payments", key, body, answer,
                              [this, i, connection](const LoadAnswer& first) {
                                paid(i, connection, first);
                              });
               });
  }

  void paid(size_t i, size_t connection, const LoadAnswer& answer) {
    Buyer& buyer = buyers_[i];
    if (answer.status == 402 && buyer.pay_tries == 0) {
      ++counts_.declined;
      ++buyer.pay_tries;
      return pay(i, connection);
    }
    note(answer);
    if (answer.status == 201) {
      ++counts_.paid;
      buyer.paid = true;
    } else {
      ++counts_.odd;
      std::printf("a payment was answered %d %s\n", answer.status, answer.body.c_str());
    }
    leave(i, connection);
  }

  void note(const LoadAnswer& answer) {
    if (answer.status == 0) ++counts_.broken;
    if (answer.status >= 500) {
      if (counts_.server_errors++ < 5) std::printf("5xx: %s\n", answer.body.c_str());
    }
    const std::string position = bench::header_of(answer, "Gantry-Position");
    if (!position.empty()) position_ = std::max<int64_t>(position_, std::atoll(position.c_str()));
  }

  void leave(size_t i, size_t connection) {
    buyers_[i].out = true;
    ++over_;
    give_back(connection);
  }

  uint16_t port_;
  Shop shop_;
  HttpLoad load_;
  std::vector<Buyer> buyers_;
  std::mt19937_64 random_;
  std::vector<size_t> free_;
  std::deque<std::function<void(size_t)>> line_;
  std::string organizer_, admin_, event_;
  bench::Timeline holds_, answers_;
  Counts counts_;
  int64_t position_ = 0, began_ns_ = 0;
  double took_s_ = 0;
  size_t over_ = 0;
};

int sale(uint16_t port, size_t buyers, size_t connections, const std::string& chart) {
  Sale sale(port, buyers, connections);
  sale.prepare();
  sale.run();
  return sale.report(chart) ? 0 : 1;
}

// Holds of one place each on one section, each connection with its own session.
int hot(uint16_t port, size_t connections, double seconds, const std::string& chart) {
  Shop shop(port);
  const std::string organizer = shop.log_in("organizer@example.com");
  const std::string event =
      shop.open_event(organizer, {{"Floor", 0, 100000, kPrice}}, R"({"hold_seconds":3600})");
  if (event.empty()) throw std::runtime_error("the event could not be opened");
  HttpLoad load(port);
  std::vector<std::string> tokens;
  for (size_t i = 0; i < connections; ++i) {
    tokens.push_back(shop.log_in(join("hot", i, "@example.com")));
    load.connect();
  }
  const std::string body =
      join(R"({"event_id":")", event, R"(","lines":[)", Shop::quantity_line("Floor", 1), "]}");
  bench::Timeline holds;
  size_t under_way = 0, wrong = 0, n = 0;
  const int64_t began = HttpLoad::now_ns();
  const int64_t ends = began + static_cast<int64_t>(seconds * 1e9);
  std::function<void(size_t)> next = [&](size_t connection) {
    const int64_t now = HttpLoad::now_ns();
    if (now >= ends) return;
    ++under_way;
    load.send(
        connection,
        {"POST", "/api/reservations", tokens[connection], join("hot-", n++, "-aaaaaaaaaaaa"), body},
        [&, connection, now](const LoadAnswer& answer) {
          --under_way;
          const int64_t at = HttpLoad::now_ns();
          if (answer.status == 201)
            holds.add(at, at - now);
          else if (wrong++ < 3)
            std::printf("%d %s\n", answer.status, answer.body.c_str());
          next(connection);
        });
  };
  for (size_t i = 0; i < connections; ++i) next(i);
  load.run([&] { return under_way == 0; });
  std::printf(
      "%.0f durable holds/s on one section, %zu connections: p50 %.1f ms, p99 %.1f ms; %zu "
      "other answers\n",
      static_cast<double>(holds.count()) / seconds, connections, holds.percentile_ms(50),
      holds.percentile_ms(99), wrong);
  if (!chart.empty()) holds.write_chart(chart, "Holds on one hot section", "", began);
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const char* fallback) {
    return std::string(i < argc ? argv[i] : fallback);
  };
  const std::string what = word(1, "");
  const auto port = static_cast<uint16_t>(std::atoi(word(2, "0").c_str()));
  try {
    if (what == "sale" && port != 0) {
      return sale(port, std::stoul(word(3, "10000")), std::stoul(word(4, "10000")), word(5, ""));
    }
    if (what == "hot" && port != 0)
      return hot(port, std::stoul(word(3, "64")), std::stod(word(4, "10")), word(5, ""));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "flash_sale: %s\n", e.what());
    return 2;
  }
  std::fprintf(stderr,
               "usage: flash_sale sale PORT [buyers] [connections] [chart.html]\n"
               "       flash_sale hot PORT [connections] [seconds] [chart.html]\n");
  return 2;
}
