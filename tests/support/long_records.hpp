// LongRecords: stands on 127.0.0.1 between a client that speaks TLS and a PostgreSQL server that
// need not, and passes an answer of the server on in two records: its first bytes, and all the
// rest, as newer servers and poolers do. Its certificate is nobody's: sslmode=require.
#pragma once
#include <Poco/Net/ServerSocket.h>
#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gantry::tests {

class LongRecords {
 public:
  // `first`: bytes of the first record.
  LongRecords(uint16_t server, size_t first);
  ~LongRecords();  // cuts whoever is connected
  LongRecords(const LongRecords&) = delete;
  LongRecords& operator=(const LongRecords&) = delete;

  uint16_t port() const { return listening_.address().port(); }

 private:
  void listen();
  void serve(Poco::Net::StreamSocket client);
  void send(SSL* tls, std::string& answer) const;

  const uint16_t server_;
  const size_t first_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  Poco::Net::ServerSocket listening_;
  std::vector<std::thread> serving_;  // the listening thread's, until it ends
  std::thread thread_;
};

}  // namespace gantry::tests
