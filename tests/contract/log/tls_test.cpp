// PostgreSQL over TLS whose records are longer than those of its own server up to version 16: newer
// ones, and poolers in front of it, fill them up. What OpenSSL has taken off the socket and libpq
// not off OpenSSL is nothing that poll() tells of.
#include <gtest/gtest.h>

#include <openssl/ssl.h>
#include <poll.h>

#include <cstdlib>
#include <memory>
#include <thread>

#include <Poco/Net/ServerSocket.h>

#include "core/log/pg_link.hpp"
#include "gantry/text.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

// Speaks TLS with one client and passes everything on. An answer of the server leaves in two
// records: its first `cut` bytes, and all the rest.
class LongRecords {
 public:
  LongRecords(const std::filesystem::path& folder, uint16_t server, size_t cut)
      : cut_(cut), server_(SocketAddress("127.0.0.1", server)) {
    const std::string key = folder / "key.pem", certificate = folder / "certificate.pem";
    const std::string make = join("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256",
                                  " -nodes -days 2 -subj /CN=localhost -keyout ", key, " -out ",
                                  certificate, " 2>/dev/null");
    if (std::system(make.c_str()) != 0) throw std::runtime_error("openssl: no certificate");
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_file(context_.get(), certificate.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM);
    thread_ = std::thread([this] { run(); });
  }
  ~LongRecords() { thread_.join(); }
  uint16_t port() const { return listening_.address().port(); }

 private:
  void run() {
    StreamSocket client = listening_.acceptConnection();
    char request[8];
    client.receiveBytes(request, sizeof request);  // SSLRequest
    client.sendBytes("S", 1);
    const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(tls.get(), client.impl()->sockfd());
    if (SSL_accept(tls.get()) != 1) return;
    std::string answer;
    char bytes[16384];
    for (;;) {
      pollfd both[2] = {{client.impl()->sockfd(), POLLIN, 0},
                        {server_.impl()->sockfd(), POLLIN, 0}};
      const int ready = poll(both, 2, answer.empty() ? -1 : 50);
      if (ready == 0) send(tls.get(), answer);
      if (both[0].revents != 0) {
        const int n = SSL_read(tls.get(), bytes, sizeof bytes);
        if (n <= 0) return;
        server_.sendBytes(bytes, n);
      }
      if (both[1].revents != 0) {
        const int n = server_.receiveBytes(bytes, sizeof bytes);
        if (n <= 0) return;
        answer.append(bytes, static_cast<size_t>(n));
      }
    }
  }
  void send(SSL* tls, std::string& answer) const {
    const size_t first = std::min(cut_, answer.size());
    SSL_write(tls, answer.data(), static_cast<int>(first));
    if (first < answer.size()) {
      poll(nullptr, 0, 50);  // so that the client has read the first before the rest comes
      SSL_write(tls, answer.data() + first, static_cast<int>(answer.size() - first));
    }
    answer.clear();
  }

  const size_t cut_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  Poco::Net::ServerSocket listening_{SocketAddress("127.0.0.1", 0)};
  StreamSocket server_;
  std::thread thread_;
};

// libpq's buffer is 16 KB. With 5,000 bytes in it and two rows that it has room for one after the
// other, the second record does not fit in, and is all that comes.
TEST(PgLinkOverTls, WaitsForNothingThatHasCome) {
  const Folder folder;
  const std::string url = tests::postgres().fresh_database();
  LongRecords records(folder.path(), tests::postgres().port(), 5000);
  const std::string own = tests::postgres().over_tcp(url);
  const std::string conninfo =
      join("host=127.0.0.1 port=", records.port(), " dbname=", own.substr(own.rfind('/') + 1),
           " sslmode=require user=", own.substr(13, own.find('@') - 13));
  PgLink link(conninfo, {{"rows", "SELECT repeat('x', n) FROM (VALUES (14000), (7000)) AS v(n)"}},
              std::chrono::seconds(2));
  const PgRows rows = link.ask("rows");
  EXPECT_EQ(rows.count(), 2);
  EXPECT_EQ(rows.text(1, 0).size(), 7000u);
}

}  // namespace
}  // namespace gantry::log::test
