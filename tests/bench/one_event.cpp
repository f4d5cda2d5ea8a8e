// Opens an event at a server of the shop, waits until it is shown, and prints its id.
//   one_event PORT
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "tests/support/shop.hpp"

int main(int argc, char** argv) {
  using gantry::tests::Shop;
  try {
    Shop shop(static_cast<uint16_t>(std::atoi(argc > 1 ? argv[1] : "0")));
    const std::string organizer = shop.log_in("organizer@example.com");
    const std::string event =
        shop.open_event(organizer, {{"Floor", 0, 1000, 1999}, {"Hall", 3, 10, 4999}});
    constexpr int kLooksMax = 100'000;
    for (int i = 0; i < kLooksMax; ++i) {
      if (!event.empty() && shop.get("", "/api/events/" + event).status == 200) {
        std::puts(event.c_str());
        return 0;
      }
      std::this_thread::yield();
    }
    std::fputs("one_event: it is not shown\n", stderr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "one_event: %s\n", e.what());
  }
  return 1;
}
