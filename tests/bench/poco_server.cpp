// The comparison: Poco::Net::HTTPServer with the same answer. Prints its port, runs until killed.
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/ThreadPool.h>

#include <csignal>
#include <iostream>

namespace {

class Small final : public Poco::Net::HTTPRequestHandler {
 public:
  void handleRequest(Poco::Net::HTTPServerRequest&,
                     Poco::Net::HTTPServerResponse& response) override {
    static constexpr char kBody[] = R"({"message":"hello, world"})";
    response.setContentType("application/json");
    response.sendBuffer(kBody, sizeof kBody - 1);
  }
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new Small;  // Poco deletes it
  }
};

}  // namespace

int main() {
  constexpr int kThreads = 128;  // more than the clients, so that none waits for a thread
  Poco::ThreadPool pool(kThreads, kThreads);
  auto* params = new Poco::Net::HTTPServerParams;  // Poco counts references
  params->setMaxThreads(kThreads);
  params->setMaxQueued(1024);
  params->setKeepAlive(true);
  params->setMaxKeepAliveRequests(0);
  Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
  Poco::Net::HTTPServer server(new Factory, pool, socket, params);
  server.start();
  std::cout << socket.address().port() << std::endl;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  int number = 0;
  sigwait(&set, &number);
  std::_Exit(0);
}
