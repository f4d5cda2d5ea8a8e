#include "tests/support/long_records.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <poll.h>

#include <algorithm>
#include <stdexcept>

namespace gantry::tests {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr int kLookMs = 100;    // at whether it is to stop
constexpr int kSilenceMs = 50;  // after which an answer is whole, and the first record was read
constexpr long kValidSeconds = 86400;

void give_up(bool failed) {
  if (failed) throw std::runtime_error("OpenSSL: no context for a test");
}

std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context() {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> made(SSL_CTX_new(TLS_server_method()),
                                                         SSL_CTX_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  give_up(!made || !key || !certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kValidSeconds);
  give_up(X509_set_pubkey(certificate.get(), key.get()) != 1 ||
          X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 ||
          SSL_CTX_use_certificate(made.get(), certificate.get()) != 1 ||
          SSL_CTX_use_PrivateKey(made.get(), key.get()) != 1);
  return made;
}

}  // namespace

LongRecords::LongRecords(uint16_t server, size_t first)
    : server_(server),
      first_(first),
      context_(context()),
      listening_(SocketAddress("127.0.0.1", 0)),
      thread_([this] { listen(); }) {}

LongRecords::~LongRecords() {
  stopping_ = true;
  thread_.join();
  for (std::thread& one : serving_) one.join();
}

void LongRecords::listen() {
  while (!stopping_) {
    if (!listening_.poll(Poco::Timespan(0, kLookMs * 1000), Poco::Net::Socket::SELECT_READ))
      continue;
    serving_.emplace_back([this, client = listening_.acceptConnection()] { serve(client); });
  }
}

void LongRecords::serve(StreamSocket client) {
  StreamSocket server(SocketAddress("127.0.0.1", server_));
  char bytes[16384];
  client.receiveBytes(bytes, 8);  // SSLRequest
  client.sendBytes("S", 1);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(tls.get(), client.impl()->sockfd());
  if (SSL_accept(tls.get()) != 1) return;
  std::string answer;
  while (!stopping_) {
    pollfd both[2] = {{client.impl()->sockfd(), POLLIN, 0}, {server.impl()->sockfd(), POLLIN, 0}};
    const int ready = poll(both, 2, answer.empty() ? kLookMs : kSilenceMs);
    if (ready == 0 && !answer.empty()) send(tls.get(), answer);
    if (both[0].revents != 0) {
      const int n = SSL_read(tls.get(), bytes, sizeof bytes);
      if (n <= 0) return;
      server.sendBytes(bytes, n);
    }
    if (both[1].revents != 0) {
      const int n = server.receiveBytes(bytes, sizeof bytes);
      if (n <= 0) return;
      answer.append(bytes, static_cast<size_t>(n));
    }
  }
}

void LongRecords::send(SSL* tls, std::string& answer) const {
  const size_t first = std::min(first_, answer.size());
  SSL_write(tls, answer.data(), static_cast<int>(first));
  if (first < answer.size()) {
    poll(nullptr, 0, kSilenceMs);
    SSL_write(tls, answer.data() + first, static_cast<int>(answer.size() - first));
  }
  answer.clear();
}

}  // namespace gantry::tests
