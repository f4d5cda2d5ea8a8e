#include "core/cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "core/config/quote.hpp"
#include "core/config/similar.hpp"

namespace gantry::cli {
namespace {

void add_config_options(CLI::App& command, ConfigArguments& arguments) {
  command
      .add_option("-c,--config", arguments.config_file,
                  "Configuration file; conf.d/*.yaml beside it is read too")
      ->capture_default_str();
  command
      .add_option("--set", arguments.overrides, "Overrides one key: --set http.listen=127.0.0.1:0")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_data_dir(CLI::App& command, ConfigArguments& arguments) {
  command
      .add_option("-d,--data-dir", arguments.data_dir,
                  "Directory of databases and state; made when missing")
      ->capture_default_str();
}

// gantry-verify explains the rest: these are only passed on.
CLI::App* add_verify(CLI::App& log, ConfigArguments& arguments, VerifyArguments& verify) {
  CLI::App* command = log.add_subcommand(
      "verify",
      "Checks the log and the read models by their raw tables; 0 all holds, 1 broken, 2 cannot");
  add_config_options(*command, arguments);
  add_data_dir(*command, arguments);
  command->add_option("--events", verify.events, "The log: sqlite:<file> or postgresql://…");
  command->add_option("--projections", verify.projections, "The read models, likewise");
  command->add_flag("--insecure-transport", verify.insecure_transport,
                    "Of these URLs: PostgreSQL over TCP without a verified certificate");
  const auto pass_on = [command, &verify](const std::string& name, const std::string& what) {
    command
        ->add_option_function<std::vector<std::string>>(
            name,
            [&verify, name](const std::vector<std::string>& values) {
              for (const std::string& value : values) {
                verify.passed_on.push_back(name);
                verify.passed_on.push_back(value);
              }
            },
            what)
        ->allow_extra_args(false);
  };
  pass_on("--history", "What clients were answered, one JSON object a line");
  pass_on("--subscriber", "The positions that a subscriber was given; may be repeated");
  pass_on("--timer-grace", "Seconds after which a pending timer is overdue");
  command->add_flag_callback(
      "--json", [&verify] { verify.passed_on.push_back("--json"); },
      "The report as one JSON object");
  return command;
}

CLI::App* add_copy(CLI::App& log, CopyArguments& copying) {
  CLI::App* command = log.add_subcommand(
      "copy",
      "Copies the log, which no server may be using, to another database; positions stay, and an "
      "interrupted copy goes on");
  command->add_option("--from", copying.from, "sqlite:events.db or postgresql://user@host/database")
      ->required();
  command->add_option("--to", copying.to, "The new one, of either kind; empty, or an earlier try")
      ->required();
  command
      ->add_option("-d,--data-dir", copying.data_dir,
                   "Directory of sqlite: paths that are not absolute")
      ->capture_default_str();
  command->add_flag("--insecure-transport", copying.insecure_transport,
                    "PostgreSQL over TCP without a verified certificate");
  return command;
}

// CLI11 would only say that a subcommand is required.
int refuse_unknown(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return kDone;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::string_view given = argv[1];
  if (std::find(names.begin(), names.end(), given) != names.end()) return kDone;
  std::cerr << "gantry: there is no command " << config::quoted(given)
            << config::did_you_mean(given, {names.begin(), names.end()})
            << "; gantry --help lists them\n";
  return kWrongInput;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app{"Gantry: an application server made of plugins."};
  app.set_version_flag("--version", "gantry " GANTRY_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  ConfigArguments arguments;
  VerifyArguments verify;
  std::string id;
  bool dry_run = false;

  CLI::App* serve_app =
      app.add_subcommand("serve", "Starts the server; SIGTERM or Ctrl-C ends it gracefully");
  add_config_options(*serve_app, arguments);
  add_data_dir(*serve_app, arguments);

  CLI::App* check_app =
      app.add_subcommand("check", "Checks the configuration and all plugins without starting");
  add_config_options(*check_app, arguments);
  add_data_dir(*check_app, arguments);

  CLI::App* plugins_app =
      app.add_subcommand("plugins", "Lists the plugin files found, and why any were refused");
  add_config_options(*plugins_app, arguments);

  CLI::App* reference_app =
      app.add_subcommand("reference", "Prints the reference of all settings as Markdown");
  add_config_options(*reference_app, arguments);

  CLI::App* plugin_app =
      app.add_subcommand("plugin", "Lists, disables or enables plugins of the running server");
  plugin_app->require_subcommand(1);
  CLI::App* list =
      plugin_app->add_subcommand("list", "State of every plugin of the running server");
  add_data_dir(*list, arguments);
  CLI::App* enable = plugin_app->add_subcommand("enable", "Switches a plugin on");
  enable->add_option("id", id, "Id of the plugin")->required();
  add_data_dir(*enable, arguments);
  enable->add_flag("--dry-run", dry_run, "Only says what would change");
  CLI::App* disable =
      plugin_app->add_subcommand("disable", "Switches a plugin off; requests under way finish");
  disable->add_option("id", id, "Id of the plugin")->required();
  add_data_dir(*disable, arguments);
  disable->add_flag("--dry-run", dry_run, "Only says what would change");

  CLI::App* log_app = app.add_subcommand("log", "Checks or moves the event log");
  log_app->require_subcommand(1);
  CLI::App* verify_app = add_verify(*log_app, arguments, verify);
  CopyArguments copying;
  CLI::App* copy_app = add_copy(*log_app, copying);

  if (const int code = refuse_unknown(app, argc, argv)) return code;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongInput;
  }
  for (const CLI::App* command : {serve_app, check_app, plugins_app, verify_app}) {
    arguments.config_given = arguments.config_given || command->count("--config") > 0;
  }
  if (*serve_app) return serve(arguments);
  if (*check_app) return check(arguments);
  if (*plugins_app) return plugins(arguments);
  if (*verify_app) return verify_log(arguments, verify);
  if (*reference_app) return reference(arguments);
  if (*copy_app) return copy_log(copying);
  if (*enable) return plugin(arguments, "enable", id, dry_run);
  if (*disable) return plugin(arguments, "disable", id, dry_run);
  return plugin(arguments, "list", id, false);
}

}  // namespace gantry::cli
