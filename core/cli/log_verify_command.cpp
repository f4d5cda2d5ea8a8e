// gantry log verify: runs gantry-verify, which lies beside this program, on the databases that the
// configuration names. That one shares no code with us, so all we hand over is where to look.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/host/settings.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/sqlite_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::cli {
namespace {

// A database as gantry-verify takes it: an absolute file, or what libpq is to be told.
//   called  how people know it, for errors
std::string place_of(const std::string& called, const sql::DatabaseOptions& options) {
  try {
    if (!sql::is_pg_url(options.url))
      return join("sqlite:", sql::sqlite_file(options.url, options.data_dir));
    const sql::PgUrl url(options.url);
    if (const std::string fault = url.transport_fault(options.postgresql); !fault.empty())
      throw Error(Code::kInvalid, fault);
    return join("conninfo:", url.conninfo(options.postgresql, true));
  } catch (const Error& error) {
    throw Error(Code::kInvalid, join(called, ": ", error.detail()));
  }
}

// Through the environment, because a command line is for everybody on the machine to see.
void hand_over(const char* name, const std::string& place) { ::setenv(name, place.c_str(), 1); }

// One of the configuration's, whose file must be there.
std::string configured_place(const sql::DatabaseOptions& options) {
  const std::string called = join("storage.", options.name);
  std::string place = place_of(called, options);
  constexpr std::string_view kFile = "sqlite:";
  if (place.starts_with(kFile) && !std::filesystem::exists(place.substr(kFile.size())))
    throw Error(Code::kInvalid, join(called, ": there is no ", place.substr(kFile.size()),
                                     "; --data-dir names the server's data directory"));
  return place;
}

bool read_places(const ConfigArguments& arguments) {
  const auto configuration = host::read_configuration(sources_of(arguments));
  print_findings(configuration.findings);
  if (!configuration.findings.ok()) return false;
  const auto settings = host::settings_of(configuration.root, arguments.data_dir);
  hand_over("GANTRY_VERIFY_EVENTS", configured_place(settings.databases.at("events")));
  hand_over("GANTRY_VERIFY_PROJECTIONS", configured_place(settings.databases.at("projections")));
  return true;
}

// One of the command line's: a PostgreSQL is spoken to as the server would, a file is taken as it
// is.
std::string given_place(const std::string& option, const std::string& url,
                        const VerifyArguments& verify) {
  if (!sql::is_pg_url(url)) return url;
  sql::DatabaseOptions options;
  options.url = url;
  options.postgresql.insecure_transport = verify.insecure_transport;
  return place_of(option, options);
}

}  // namespace

int verify_log(const ConfigArguments& arguments, const VerifyArguments& verify) {
  try {
    if (!verify.events.empty()) {
      hand_over("GANTRY_VERIFY_EVENTS", given_place("--events", verify.events, verify));
      hand_over("GANTRY_VERIFY_PROJECTIONS",
                given_place("--projections", verify.projections, verify));
    } else if (!read_places(arguments)) {
      return kWrongInput;
    }
  } catch (const Error& error) {
    std::cerr << "gantry: " << error.detail() << '\n';
    return kWrongInput;
  }
  const std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "gantry-verify").string();
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : verify.passed_on) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  std::cerr << "gantry: cannot run " << program << ": " << std::strerror(errno) << '\n';
  return kWrongInput;
}

}  // namespace gantry::cli
