// gantry plugin list|enable|disable: asks the running server through its control socket.
#include <iomanip>
#include <iostream>

#include "core/base/json.hpp"
#include "core/cli/cli.hpp"
#include "core/host/control.hpp"
#include "gantry/error.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::cli {
namespace {

std::string_view member(const gantry_json_node* object, std::string_view name) {
  return base::json::text(base::json::member(object, name)).value_or("");
}

void print(const gantry_json_node* plugins) {
  for (uint32_t i = 0; i < base::json::count(plugins); ++i) {
    const gantry_json_node* plugin = base::json::at(plugins, i);
    std::cout << std::left << std::setw(24) << member(plugin, "id") << std::setw(10)
              << member(plugin, "version") << std::setw(11) << member(plugin, "state")
              << member(plugin, "reason") << '\n';
  }
}

}  // namespace

int plugin(const ConfigArguments& arguments, const std::string& action, const std::string& id) {
  JsonWriter request;
  request.object().field("command", "plugin." + action).field("id", id).end();
  std::string line;
  try {
    line = host::ask_control(arguments.data_dir, request.text());
  } catch (const Error& error) {
    std::cerr << "gantry: " << error.detail() << '\n';
    return kFailed;
  }
  base::JsonDocument answer;
  if (!answer.parse(line)) {
    std::cerr << "gantry: the server's answer is not JSON\n";
    return kFailed;
  }
  if (!base::json::boolean(base::json::member(answer.root(), "ok")).value_or(false)) {
    std::cerr << "gantry: " << member(answer.root(), "error") << '\n';
    return kFailed;
  }
  print(base::json::member(answer.root(), "result"));
  return kDone;
}

}  // namespace gantry::cli
