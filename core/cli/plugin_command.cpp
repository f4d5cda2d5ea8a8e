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

void print_list(std::string_view title, const gantry_json_node* list, std::string_view key = {}) {
  for (uint32_t i = 0; i < base::json::count(list); ++i) {
    const gantry_json_node* item = base::json::at(list, i);
    std::cout << "  " << title << ' '
              << (key.empty() ? base::json::text(item).value_or("") : member(item, key));
    if (!member(item, "reason").empty()) std::cout << " (" << member(item, "reason") << ')';
    if (!member(item, "needed_by").empty())
      std::cout << ", which " << member(item, "needed_by") << " needs";
    std::cout << '\n';
  }
}

// What came of an order, and what else it means.
void print_switched(const gantry_json_node* plugin, bool on) {
  const auto list = [&](std::string_view name) {
    return base::json::member(base::json::member(plugin, "plan"), name);
  };
  const auto yes = [&](std::string_view name) {
    return base::json::boolean(base::json::member(plugin, name)).value_or(false);
  };
  if (yes("dry_run") && list("routes")) {
    std::cout << "would " << (on ? "switch on " : "switch off ") << member(plugin, "id") << ":\n";
    print_list(on ? "comes:" : "goes:", list("routes"));
    print_list(on ? "goes on:" : "pauses:", list("subscriptions"));
    print_list("takes away the service", list("services"), "service");
  } else if (!yes("changed")) {
    std::cout << member(plugin, "id") << " is " << member(plugin, "state") << " already\n";
  }
  print_list("answers 503:", list("unavailable"), "route");
  print_list("answers again:", list("available"));
}

}  // namespace

int plugin(const ConfigArguments& arguments, const std::string& action, const std::string& id,
           bool dry_run) {
  JsonWriter request;
  request.object()
      .field("command", "plugin." + action)
      .field("id", id)
      .field("dry_run", dry_run)
      .end();
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
  const gantry_json_node* result = base::json::member(answer.root(), "result");
  if (!dry_run) print(result);
  if (action != "list") print_switched(base::json::at(result, 0), action == "enable");
  return kDone;
}

}  // namespace gantry::cli
