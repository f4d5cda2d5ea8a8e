// Postgres: a private PostgreSQL server for tests, below /tmp, on a unix socket and on 127.0.0.1 at
// a free port; everybody on this machine is trusted. It ends with the process, however that ends.
// Needs nothing of ours. Works as root (the server then runs as "nobody") and as anybody else.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gantry::tests {

struct PostgresOptions {
  bool fsync = true;                       // false: quick, and a crash of the machine loses data
  std::vector<std::string> settings = {};  // further ones, such as "max_connections=20"
  std::string folder = {};                 // below which it keeps everything; empty: /tmp
  std::string tls_name = {};  // TLS over TCP, and only TLS, as a host of that name; see authority()
};

// All functions abort the process with the server's own words when the server does not do its part.
// One thread at a time.
class Postgres {
 public:
  explicit Postgres(PostgresOptions options = {});  // makes the server's directory and starts it
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  // An empty database of its own, and its URL over the unix socket.
  std::string fresh_database();
  // The same database over TCP, at that name of this machine; at another port: through a proxy.
  std::string over_tcp(const std::string& url, const std::string& host = "127.0.0.1",
                       uint16_t port = 0) const;
  // The file with the certificate that the server's own is signed with; made for this server.
  std::string authority() const { return folder_ + "/authority.pem"; }
  // Drops it, whoever is connected.
  void drop_database(const std::string& url);
  // The database as SQL text, as pg_dump writes it, and such text into an empty one.
  std::string dump(const std::string& url) const;
  void restore(const std::string& url, const std::string& sql);
  // Runs SQL on the database of that URL; the first column of the first row, or "".
  std::string ask(const std::string& url, const std::string& sql);

  void start();  // waits until it takes connections
  void stop();   // as a careful administrator does: "fast"
  void kill();   // "immediate": no shutdown, recovery at the next start
  void restart_immediate() {
    kill();
    start();
  }

  uint16_t port() const { return port_; }                // the same all the time
  const std::string& folder() const { return folder_; }  // of its socket
  std::string log() const;                               // everything it wrote so far

 private:
  void make_folder();
  void start_keeper();
  void make_certificates();
  void run(const std::vector<std::string>& command);
  bool try_start();
  void end(int signal);
  std::vector<std::string> as_its_user(std::vector<std::string> command) const;
  std::string url(const std::string& database) const;

  PostgresOptions options_;
  std::string folder_;
  uint16_t port_ = 0;
  pid_t pid_ = -1;
  int keeper_pipe_ = -1;
  int databases_ = 0;
};

// The one of this test program, made with the first call.
Postgres& postgres();

}  // namespace gantry::tests
