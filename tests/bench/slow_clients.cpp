// slow_clients PORT PATH: opens 2,000 idle connections and 200 that send one byte a second, and
// measures other requests on 4 connections beside them for 10 s. Prints one line of figures;
// latencies in milliseconds.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kIdle = 2000, kSlow = 200, kMeasured = 4;
constexpr std::chrono::seconds kFor(10);

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Requests one after another until the end; the time of each in microseconds.
std::vector<int64_t> measure(int port, const std::string& request, Clock::time_point end,
                             std::atomic<int>& failed) {
  std::vector<int64_t> times;
  int fd = connect_to(port), on_this = 0;
  std::string answer;
  char buffer[4096];
  while (Clock::now() < end) {
    if (++on_this == 900) {  // below http.requests_per_connection_max
      ::close(fd);
      fd = connect_to(port);
      on_this = 0;
    }
    const auto began = Clock::now();
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) ++failed;
    answer.clear();
    for (;;) {
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) {
        ++failed;
        ::close(fd);
        fd = connect_to(port);
        on_this = 0;
        break;
      }
      answer.append(buffer, static_cast<size_t>(n));
      const size_t head = answer.find("\r\n\r\n");
      const size_t length = answer.find("Content-Length: ");
      if (head != answer.npos && length != answer.npos &&
          answer.size() >= head + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10)) {
        break;
      }
    }
    if (answer.compare(0, 12, "HTTP/1.1 200") != 0) ++failed;
    times.push_back(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count());
  }
  ::close(fd);
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: slow_clients PORT PATH\n", stderr), 2;
  const int port = std::atoi(argv[1]);
  const std::string request =
      std::string("GET ") + argv[2] + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  rlimit files{8192, 8192};
  ::setrlimit(RLIMIT_NOFILE, &files);

  std::vector<int> idle, slow;
  for (int i = 0; i < kIdle; ++i) idle.push_back(connect_to(port));
  for (int i = 0; i < kSlow; ++i) slow.push_back(connect_to(port));
  const auto end = Clock::now() + kFor;
  std::mutex mutex;
  std::condition_variable over;
  bool done = false;
  std::thread drip([&] {
    size_t at = 0;
    std::unique_lock lock(mutex);
    do {
      for (const int fd : slow) {
        if (::send(fd, request.data() + at % request.size(), 1, MSG_NOSIGNAL) < 0)
          continue;  // the server gave it up
      }
      ++at;
    } while (!over.wait_for(lock, std::chrono::seconds(1), [&] { return done; }));
  });
  std::atomic<int> failed{0};
  std::vector<std::vector<int64_t>> times(kMeasured);
  std::vector<std::thread> threads;
  for (auto& mine : times)
    threads.emplace_back([&] { mine = measure(port, request, end, failed); });
  for (auto& thread : threads) thread.join();
  {
    const std::lock_guard lock(mutex);
    done = true;
  }
  over.notify_all();
  drip.join();

  std::vector<int64_t> all;
  for (const auto& mine : times) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  const auto at = [&](double share) {
    return static_cast<double>(
               all[static_cast<size_t>(share * static_cast<double>(all.size() - 1))]) /
           1000;
  };
  std::printf(
      "idle %d, slow %d: %zu other requests, %d failed, p50 %.2f ms, p99 %.2f ms, max %.2f ms\n",
      kIdle, kSlow, all.size(), failed.load(), at(0.5), at(0.99), at(1));
  return failed == 0 ? 0 : 1;
}
