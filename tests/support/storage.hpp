// Storage: where the server of a test keeps its events, read models and accounts, on either engine,
// and what the checker says of it.
#pragma once
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/server.hpp"

namespace gantry::tests {

enum class Engine { sqlite, postgresql };
std::string name_of(Engine engine);
inline std::ostream& operator<<(std::ostream& out, Engine engine) { return out << name_of(engine); }

class Storage {
 public:
  // PostgreSQL: everything in one fresh database of postgres(), unless another URL is given.
  explicit Storage(Engine engine, const std::string& url = {});

  Engine engine() const { return engine_; }
  const std::string& url() const { return url_; }  // of the PostgreSQL database

  // What a server is to be told, and everything else that looks at its databases.
  std::vector<std::string> arguments() const;
  // A server on it: the arguments, and the binary of the mutation build when there is a mutation.
  ServerOptions options(const std::string& mutation = {}) const;

  // Lets builds with fail points note what projections apply (docs/reference/fail_points.md).
  // Before the server's first start.
  void note_projected(const Server& server) const;

  // Runs one statement on the events' or the read models' database; the first value, or "".
  std::string ask_events(const Server& server, const std::string& sql) const;
  std::string ask_projections(const Server& server, const std::string& sql) const;

  // gantry log verify: exit code and words.
  std::pair<int, std::string> verify(const Server& server, const std::string& history = {},
                                     std::vector<std::string> more = {}) const;

 private:
  std::string ask(const std::string& file, const std::string& sql) const;

  const Engine engine_;
  std::string url_;
};

// "" when the mutation build is there; else why a test cannot use it.
std::string why_no_mutations();

}  // namespace gantry::tests
