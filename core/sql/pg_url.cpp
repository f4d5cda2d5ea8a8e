#include "core/sql/pg_url.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

constexpr std::string_view kVerified = "verify-full";

// Each part of a comma-separated list; libpq takes several hosts and tries them in turn.
template <class F>
bool all_of_list(std::string_view list, F&& good) {
  for (;;) {
    const size_t comma = list.find(',');
    if (!good(list.substr(0, comma))) return false;
    if (comma == list.npos) return true;
    list.remove_prefix(comma + 1);
  }
}

// libpq ends the user name and the password at the first '@', and looks for none behind a '/': what
// is left of a password with a bare one it takes for a host, and shows it in its errors. In the
// parameters an '@' is fine.
bool has_bare_password(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == url.npos) return false;
  std::string_view rest = url.substr(scheme + 3);
  const size_t end = rest.find_first_of("@/");
  if (end != rest.npos && rest[end] == '@') rest.remove_prefix(end + 1);
  return rest.substr(0, rest.find('?')).find('@') != rest.npos;
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port > 0;
}

void append(std::string& conninfo, std::string_view keyword, std::string_view value) {
  conninfo += join(conninfo.empty() ? "" : " ", keyword, "='");
  for (const char c : value) {
    if (c == '\'' || c == '\\') conninfo += '\\';
    conninfo += c;
  }
  conninfo += '\'';
}

// Settings that the server takes with the start of the session, so that RESET comes back to them.
std::string server_settings(const PgOptions& options, bool reads_only) {
  return join(
      " -c statement_timeout=", options.statement_timeout.count(),
      " -c lock_timeout=", options.lock_timeout.count(),
      " -c idle_in_transaction_session_timeout=", options.idle_in_transaction_timeout.count(),
      " -c default_transaction_isolation=read\\ committed",
      " -c default_transaction_read_only=", reads_only ? "on" : "off",
      " -c standard_conforming_strings=on -c bytea_output=hex -c extra_float_digits=1");
}

}  // namespace

bool is_pg_url(std::string_view url) {
  return url.starts_with("postgresql:") || url.starts_with("postgres:");
}

PgUrl::PgUrl(std::string_view url) {
  if (has_bare_password(url)) {
    throw Error(Code::kInvalid,
                "user name and password must be percent-encoded (@ is %40, / is %2F), also within "
                "a file that is named by ${file:…}");
  }
  char* words = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), &words), &PQconninfoFree);
  PQfreemem(words);  // libpq's words repeat parts of the URL, the password among them
  if (!is_pg_url(url) || url.find('\0') != url.npos || !options) {
    throw Error(
        Code::kInvalid,
        "no URL that libpq can read; write "
        "postgresql://user:password@host:5432/database?sslmode=verify-full, with a password "
        "percent-encoded and parameters spelled as in libpq's manual");
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0')
      parameters_.emplace(option->keyword, option->val);
  }
  // Not shown: of "user:password/database", without a host, it is the password.
  const auto ports = parameters_.find("port");
  if (ports != parameters_.end() &&
      !all_of_list(ports->second, [](std::string_view one) { return one.empty() || is_port(one); }))
    throw Error(Code::kInvalid, "the port is no number between 1 and 65535");
}

bool PgUrl::has(std::string_view keyword) const { return parameters_.count(keyword) != 0; }

// Without a host libpq uses the unix socket of its own default directory.
bool PgUrl::is_local() const {
  if (has("hostaddr") || has("service")) return false;
  const auto host = parameters_.find("host");
  return host == parameters_.end() || all_of_list(host->second, [](std::string_view one) {
           return one.empty() || one.front() == '/' || one.front() == '@';
         });
}

bool PgUrl::is_verified(const PgOptions& options) const {
  if (is_local()) return true;
  const auto mode = parameters_.find("sslmode");
  return mode == parameters_.end() ? !options.insecure_transport : mode->second == kVerified;
}

std::string PgUrl::transport_fault(const PgOptions& options, std::string_view permit) const {
  if (options.insecure_transport || is_verified(options)) return authority_fault(options);
  return join("sslmode=", parameters_.find("sslmode")->second,
              " does not prove who answers; use sslmode=verify-full with sslrootcert=<file>, or "
              "allow it with ",
              permit);
}

// libpq reads the file only when it has to verify a certificate; "system" is no file.
std::string PgUrl::authority_fault(const PgOptions& options) const {
  const auto file = parameters_.find("sslrootcert"), mode = parameters_.find("sslmode");
  const bool verifies = !options.insecure_transport ||
                        (mode != parameters_.end() && mode->second.starts_with("verify-"));
  if (is_local() || !verifies || file == parameters_.end() || file->second == "system" ||
      ::access(file->second.c_str(), R_OK) == 0)
    return {};
  return join("sslrootcert names ", file->second, ": ", std::strerror(errno));
}

std::string PgUrl::conninfo(const PgOptions& options, bool reads_only) const {
  auto all = parameters_;
  // Over a unix socket, libpq passes it over. What else has been refused before, and the
  // environment (PGHOST, PGSSLMODE) must not open a way around.
  if (!options.insecure_transport) all["sslmode"] = kVerified;
  // The URL's word counts:
  all.emplace("gssencmode", "disable");  // would go before TLS and past sslmode
  all.emplace("application_name", "gantry");
  all.emplace("target_session_attrs", "primary");  // of several hosts the one that can be written
  // Ours counts:
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout);
  all["connect_timeout"] = join(seconds.count());
  all["keepalives"] = "1";
  all["keepalives_idle"] = join(options.keepalive_idle.count());
  all["keepalives_interval"] = join(options.keepalive_interval.count());
  all["keepalives_count"] = join(options.keepalive_count);
  all["tcp_user_timeout"] = join(options.tcp_user_timeout.count());
  all["client_encoding"] = "UTF8";
  all["options"] += server_settings(options, reads_only);  // the last one counts
  std::string text;
  for (const auto& [keyword, value] : all) append(text, keyword, value);
  return text;
}

}  // namespace gantry::sql
