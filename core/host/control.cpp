#include "core/host/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

constexpr size_t kLineBytesMax = 1 << 20;
constexpr int kAnswerTimeoutMs = 60000;
constexpr int kRequestTimeoutMs = 5000;

constexpr std::string_view kName = "/control.sock";

// The socket's address. An address holds 107 bytes of path (unix(7)) and a data directory may be
// longer: so it goes through a descriptor of the directory, which must be open while the address is
// used.
class SocketAddress {
 public:
  explicit SocketAddress(const std::string& data_dir)
      : directory_(::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string path = join("/proc/self/fd/", directory_, kName);
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path, path.data(), path.size());
  }
  ~SocketAddress() {
    if (directory_ >= 0) ::close(directory_);
  }
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;

  bool bind(int fd) const { return ::bind(fd, raw(), sizeof address_) == 0; }
  bool connect(int fd) const { return ::connect(fd, raw(), sizeof address_) == 0; }

 private:
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&address_); }
  int directory_;  // -1 when there is none: then using the address fails
  sockaddr_un address_{};
};

bool write_line(int fd, std::string line) {
  line += '\n';
  size_t done = 0;
  while (done < line.size()) {
    const ssize_t n = ::send(fd, line.data() + done, line.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

// One line without its newline; empty when none came in time.
std::string read_line(int fd, int timeout_ms) {
  std::string line;
  char buffer[4096];
  pollfd wait{fd, POLLIN, 0};
  while (line.size() < kLineBytesMax && ::poll(&wait, 1, timeout_ms) > 0) {
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    line.append(buffer, static_cast<size_t>(n));
    if (line.back() == '\n') {
      line.pop_back();
      return line;
    }
  }
  return {};
}

}  // namespace

ControlSocket::ControlSocket(const std::string& data_dir, Answer answer, observe::Logger& logger)
    : path_(join(data_dir, kName)), answer_(std::move(answer)), logger_(logger) {
  const SocketAddress address(data_dir);
  ::unlink(path_.c_str());  // left by a killed server; the data directory's lock keeps others out
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const mode_t before = ::umask(0177);
  const bool bound = address.bind(listener_);
  ::umask(before);
  if (!bound || ::listen(listener_, 8) != 0) {
    const std::string reason = std::strerror(errno);
    ::close(listener_);
    throw Error(Code::kUnavailable, join("cannot listen on ", path_, ": ", reason));
  }
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { serve(); });
}

ControlSocket::~ControlSocket() {
  const uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) != sizeof one)
    logger_.error("control.stop", "cannot wake the control thread");
  thread_.join();
  ::close(listener_);
  ::close(wake_);
  ::unlink(path_.c_str());
}

void ControlSocket::serve() {
  for (;;) {
    pollfd waits[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0 && errno != EINTR) return;
    if (waits[1].revents != 0) return;
    if (waits[0].revents == 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer_one(client);
    ::close(client);
  }
}

void ControlSocket::answer_one(int client) {
  const std::string request = read_line(client, kRequestTimeoutMs);
  if (request.empty()) return;
  if (!write_line(client, answer_(request)))
    logger_.warn("control.gone", "the caller left before its answer");
}

std::string ask_control(const std::string& data_dir, std::string_view request) {
  const SocketAddress address(data_dir);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!address.connect(fd)) {
    const std::string reason = std::strerror(errno);
    ::close(fd);
    throw Error(Code::kUnavailable, join("no server is running on the data directory ", data_dir,
                                         " (", reason, "); name another with --data-dir"));
  }
  std::string answer;
  if (write_line(fd, std::string(request))) answer = read_line(fd, kAnswerTimeoutMs);
  ::close(fd);
  if (answer.empty()) throw Error(Code::kUnavailable, "the server did not answer");
  return answer;
}

}  // namespace gantry::host
