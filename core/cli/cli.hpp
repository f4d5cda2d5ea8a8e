// The command line of gantry. One file per command; this one only reads arguments.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace gantry::cli {

// What every command that reads a configuration takes.
struct ConfigArguments {
  std::string config_file = "config/gantry.yaml";
  bool config_given = false;  // false and no such file: the built-in default is used
  std::string data_dir = "./var";
  std::vector<std::string> overrides;  // "http.listen=127.0.0.1:0"
};

// Exit codes: 0 done · 1 failed · 2 the configuration or the arguments are wrong · 130 second
// signal
constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

// The umask of commands that make databases: those hold what nobody else on the machine may read.
constexpr mode_t kOnlyOurUser = 077;

// What `log verify` takes besides.
struct VerifyArguments {
  std::string events, projections;     // URLs; empty: those of the configuration
  bool insecure_transport = false;     // of those URLs
  std::vector<std::string> passed_on;  // to gantry-verify, as they are
};

int run(int argc, char** argv);

int serve(const ConfigArguments& arguments);    // serve_command.cpp
int check(const ConfigArguments& arguments);    // check_command.cpp
int plugins(const ConfigArguments& arguments);  // plugins_command.cpp
// log_verify_command.cpp; returns only when it fails to hand over to gantry-verify, with
// kWrongInput
int verify_log(const ConfigArguments& arguments, const VerifyArguments& verify);
int reference(const ConfigArguments& arguments);  // reference_command.cpp
// action: "list", "enable", "disable"; id is empty for list; dry_run: only say what would change.
// plugin_command.cpp
int plugin(const ConfigArguments& arguments, const std::string& action, const std::string& id,
           bool dry_run);

struct CopyArguments {
  std::string from, to;  // URLs as under storage.events
  std::string data_dir = "./var";
  bool insecure_transport = false;
};
int copy_log(const CopyArguments& arguments);  // log_copy_command.cpp

}  // namespace gantry::cli
