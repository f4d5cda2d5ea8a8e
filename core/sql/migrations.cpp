#include "core/sql/migrations.hpp"

#include <openssl/evp.h>

#include <cstdio>
#include <map>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS gantry_migration ("
    "owner TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, "
    "applied_at TEXT NOT NULL, PRIMARY KEY (owner, number))";

struct Applied {
  std::string name;
  std::string sha256;
};

std::string file_name(uint32_t number, std::string_view name) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%04u", number);
  return join(std::string_view(digits), "_", name, ".sql");
}

void check_numbers(std::string_view owner, const std::vector<Migration>& migrations) {
  uint32_t expected = 1;
  for (const auto& one : migrations) {
    if (one.owner != owner) {
      throw Error(Code::kInvalid, join("migration ", file_name(one.number, one.name),
                                       " belongs to '", one.owner, "', not to '", owner, "'"));
    }
    if (one.number != expected) {
      throw Error(Code::kInvalid,
                  join("migrations of '", owner, "': ", file_name(one.number, one.name),
                       " comes where number ", expected, " is due"));
    }
    ++expected;
  }
}

std::map<uint32_t, Applied> applied(Session& session, std::string_view owner) {
  std::map<uint32_t, Applied> found;
  session.query("SELECT number, name, sha256 FROM gantry_migration WHERE owner = ?", {owner},
                [&](const Row& row) {
                  found[static_cast<uint32_t>(std::get<int64_t>(row[0]))] = {
                      std::string(std::get<std::string_view>(row[1])),
                      std::string(std::get<std::string_view>(row[2]))};
                  return true;
                });
  return found;
}

void check_history(std::string_view owner, const std::map<uint32_t, Applied>& done,
                   const std::vector<Migration>& migrations) {
  uint32_t expected = 1;
  for (const auto& [number, was] : done) {
    const std::string file = file_name(number, was.name);
    if (number != expected++) {
      throw Error(Code::kInvalid, join("the database has ", file, " of '", owner,
                                       "' but not number ", expected - 1));
    }
    if (number > migrations.size()) {
      throw Error(Code::kInvalid,
                  join("the database is newer than this program: it has ", file, " of '", owner,
                       "', the program ends at number ", migrations.size()));
    }
    const std::string now = sha256_hex(migrations[number - 1].sql);
    if (now != was.sha256) {
      throw Error(Code::kInvalid,
                  join("migration ", file, " of '", owner, "' was applied with SHA-256 ",
                       was.sha256.substr(0, 12), " but is now ", now.substr(0, 12),
                       "; restore the file and put the change into a new one"));
    }
  }
}

class OneAtATime {
 public:
  explicit OneAtATime(Session& session) : session_(session) { session_.begin_migrations(); }
  ~OneAtATime() { session_.end_migrations(); }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

 private:
  Session& session_;
};

}  // namespace

void migrate(Session& session, std::string_view owner, const std::vector<Migration>& migrations) {
  check_numbers(owner, migrations);
  const OneAtATime turn(session);
  session.exec(kTable);
  check_history(owner, applied(session, owner), migrations);
  for (const auto& one : migrations) {
    Transaction transaction(session);
    // Asked again under the write lock: another process may be doing the same.
    const auto done = applied(session, owner);
    check_history(owner, done, migrations);
    if (done.count(one.number) != 0) continue;
    session.script(one.sql);
    session.exec(
        "INSERT INTO gantry_migration (owner, number, name, sha256, applied_at) VALUES (?, ?, ?, "
        "?, CURRENT_TIMESTAMP)",
        {owner, int64_t{one.number}, std::string_view(one.name),
         std::string_view(sha256_hex(one.sql))});
    transaction.commit();
  }
}

size_t applied_of(Session& session, std::string_view owner,
                  const std::vector<Migration>& migrations) {
  const auto done = applied(session, owner);
  check_history(owner, done, migrations);
  return done.size();
}

std::string sha256_hex(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    throw Error(Code::kInternal, "SHA-256 is not available");
  }
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4];
    hex += kHex[digest[i] & 15];
  }
  return hex;
}

void no_migrations_for(std::string_view owner, std::string_view engine) {
  throw Error(Code::kInvalid, join("'", owner, "' has no migrations for ", engine));
}

}  // namespace gantry::sql
