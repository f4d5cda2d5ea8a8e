#include "tests/support/postgres.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

extern char** environ;

namespace gantry::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "gantry";  // a superuser
constexpr auto kPatience = std::chrono::seconds(60);

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for tests: %s\n", why.c_str());
  std::abort();
}

// Of the newest installed version; GANTRY_POSTGRES_BIN names another.
std::string program(const char* name) {
  const char* given = std::getenv("GANTRY_POSTGRES_BIN");
  fs::path folder = given != nullptr ? given : "";
  int newest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (given == nullptr && version > newest && fs::exists(entry.path() / "bin" / name, none)) {
      newest = version;
      folder = entry.path() / "bin";
    }
  }
  if (folder.empty()) give_up("no server is installed; ./dev setup test does that");
  return (folder / name).string();
}

uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    give_up("no free port");
  ::close(fd);
  return ntohs(address.sin_port);
}

// Its output goes to the end of `output`; it has `input` as standard input, or nothing.
pid_t spawn(const std::vector<std::string>& command, const std::string& output, int input = -1) {
  std::vector<char*> argv;
  for (const auto& one : command) argv.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) {
    posix_spawn_file_actions_adddup2(&actions, input, 0);
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // Ctrl-C is not for it
  pid_t pid = -1;
  if (::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ) != 0) pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string database_of(const std::string& url) {
  const size_t slash = url.find('/', std::string("postgresql://").size());
  return url.substr(slash + 1, url.find('?') - slash - 1);
}

// Waits for the end of the test process, which closes the pipe, then ends the server and removes
// its directory. A server that ended by itself may have left its number to somebody else.
constexpr const char* kKeeper = R"(
cat
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && grep -qs "$1" "/proc/$pid/cmdline"; then
  kill -QUIT "$pid"
  n=0
  while grep -qs "$1" "/proc/$pid/cmdline" && [ $n -lt 500 ]; do sleep 0.01; n=$((n + 1)); done
fi
rm -rf "$1"
)";

}  // namespace

Postgres::Postgres(PostgresOptions options) : options_(std::move(options)), port_(free_port()) {
  make_folder();
  start_keeper();
  std::vector<std::string> command{
      program("initdb"), "--pgdata", folder_ + "/data",  "--username", kUser,
      "--auth",          "trust",    "--no-sync",        "--encoding", "UTF8",
      "--locale",        "C.UTF-8",  "--no-instructions"};
  run(command);
  if (!options_.tls_name.empty()) make_certificates();
  start();
}

// To its end, as the server's user.
void Postgres::run(const std::vector<std::string>& command) {
  const pid_t pid = spawn(as_its_user(command), folder_ + "/log");
  int status = -1;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid || status != 0)
    give_up(command.front() + ": " + log());
}

// An authority, and a certificate for the server that it signs; the server takes nothing else over
// TCP.
void Postgres::make_certificates() {
  const std::string key = folder_ + "/authority.key", request = folder_ + "/server.csr",
                    own_key = folder_ + "/server.key", own = folder_ + "/server.pem",
                    names = folder_ + "/names";
  std::ofstream(names) << "subjectAltName=DNS:" << options_.tls_name << '\n';
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-days", "2", "-subj", "/CN=test authority", "-keyout", key, "-out", authority()});
  run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
       "/CN=" + options_.tls_name, "-keyout", own_key, "-out", request});
  run({"openssl", "x509", "-req", "-in", request, "-CA", authority(), "-CAkey", key,
       "-CAcreateserial", "-days", "2", "-extfile", names, "-out", own});
  std::ofstream(folder_ + "/data/pg_hba.conf") << "local all all trust\n"
                                                  "hostssl all all 127.0.0.1/32 trust\n";
  options_.settings.insert(options_.settings.end(),
                           {"ssl=on", "ssl_cert_file=" + own, "ssl_key_file=" + own_key});
}

Postgres::~Postgres() {
  end(SIGQUIT);
  ::close(keeper_pipe_);  // the keeper removes the directory
}

void Postgres::make_folder() {
  std::string pattern = (options_.folder.empty() ? "/tmp" : options_.folder) +
                        "/gantry-pg-XXXXXX";  // a unix socket's path has 107 characters at most
  if (::mkdtemp(pattern.data()) == nullptr) give_up("no directory for " + pattern);
  folder_ = pattern;
  ::chmod(folder_.c_str(), 0755);
  if (::getuid() == 0 && ::chown(folder_.c_str(), 65534, 65534) != 0) give_up("chown");
}

void Postgres::start_keeper() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) give_up("no pipe");
  if (spawn({"/bin/sh", "-c", kKeeper, "keeper", folder_}, "/dev/null", ends[0]) < 0)
    give_up("no keeper");
  ::close(ends[0]);
  keeper_pipe_ = ends[1];
}

// PostgreSQL refuses to run as root.
std::vector<std::string> Postgres::as_its_user(std::vector<std::string> command) const {
  std::vector<std::string> all{"env", "-C", folder_};
  if (::getuid() == 0)
    all.insert(all.end(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void Postgres::start() {
  if (pid_ > 0) return;
  if (!try_start()) give_up("it does not start: " + log());
}

bool Postgres::try_start() {
  std::vector<std::string> command{program("postgres"),
                                   "-D",
                                   folder_ + "/data",
                                   "-k",
                                   folder_,
                                   "-p",
                                   std::to_string(port_),
                                   "-c",
                                   "listen_addresses=127.0.0.1",
                                   "-c",
                                   "shared_buffers=32MB",
                                   "-c",
                                   options_.fsync ? "fsync=on" : "fsync=off"};
  for (const auto& setting : options_.settings) command.insert(command.end(), {"-c", setting});
  pid_ = spawn(as_its_user(std::move(command)), folder_ + "/log");
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (pid_ > 0 && std::chrono::steady_clock::now() < until) {
    if (PQping(url("postgres").c_str()) == PQPING_OK) return true;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

void Postgres::stop() { end(SIGINT); }
void Postgres::kill() { end(SIGQUIT); }

void Postgres::end(int signal) {
  if (pid_ <= 0) return;
  ::kill(pid_, signal);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string Postgres::url(const std::string& database) const {
  return "postgresql://" + std::string(kUser) + "@/" + database + "?host=" + folder_ +
         "&port=" + std::to_string(port_);
}

std::string Postgres::over_tcp(const std::string& url, const std::string& host,
                               uint16_t port) const {
  return "postgresql://" + std::string(kUser) + "@" + host + ":" +
         std::to_string(port == 0 ? port_ : port) + "/" + database_of(url);
}

std::string Postgres::fresh_database() {
  const std::string name = "test" + std::to_string(++databases_);
  ask(url("postgres"), "CREATE DATABASE " + name + " TEMPLATE template0");
  return url(name);
}

void Postgres::drop_database(const std::string& gone) {
  ask(url("postgres"), "DROP DATABASE " + database_of(gone) + " WITH (FORCE)");
}

std::string Postgres::ask(const std::string& where, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(where.c_str()),
                                                                &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    give_up(sql + ": " + PQerrorMessage(connection.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string Postgres::dump(const std::string& from) const {
  const std::string command = program("pg_dump") + " --no-sync '" + from + "' 2>&1";
  FILE* const pipe = ::popen(command.c_str(), "re");
  std::string text;
  char buffer[65536];
  while (const size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  if (::pclose(pipe) != 0) give_up("pg_dump: " + text);
  return text;
}

void Postgres::restore(const std::string& to, const std::string& sql) {
  const std::string command = program("psql") + " -q -X -v ON_ERROR_STOP=1 '" + to + "' >/dev/null";
  FILE* const pipe = ::popen(command.c_str(), "we");
  std::fwrite(sql.data(), 1, sql.size(), pipe);
  if (::pclose(pipe) != 0) give_up("psql refuses the dump");
}

std::string Postgres::log() const { return read_file(folder_ + "/log"); }

Postgres& postgres() {
  static Postgres server;
  return server;
}

}  // namespace gantry::tests
