// Settings: the plugin's section of the configuration.
#pragma once
#include <chrono>
#include <set>
#include <string>

#include "email.hpp"
#include "gantry/json.hpp"
#include "session_rules.hpp"

namespace gantry::auth {

struct Settings {
  SessionLimits sessions;
  size_t session_cache_max = 0;
  std::chrono::seconds session_cache_ttl{0};
  std::chrono::seconds magic_link_ttl{0};
  bool expose_magic_links = false;
  std::string link_url;
  std::set<std::string, std::less<>> admins;  // normalised addresses

  // throws Error{kInvalid} when one of `admins` is no address
  static Settings of(Json config) {
    const auto seconds = [&](std::string_view key) {
      return std::chrono::seconds(config[key].integer());
    };
    Settings settings;
    settings.sessions = {seconds("session_absolute_s"), seconds("session_idle_s"),
                         seconds("session_touch_s"),
                         static_cast<size_t>(config["sessions_per_user_max"].integer())};
    settings.session_cache_max = static_cast<size_t>(config["session_cache_max"].integer());
    settings.session_cache_ttl = seconds("session_cache_ttl_s");
    settings.magic_link_ttl = seconds("magic_link_ttl_s");
    settings.expose_magic_links = config["expose_magic_links"].boolean();
    settings.link_url = config["link_url"].text();
    config["admins"].each([&](Json admin) {
      auto email = normalised_email(admin.text());
      if (!email) throw Error(Code::kInvalid, join("admins: not an address: ", admin.text()));
      settings.admins.insert(*std::move(email));
    });
    return settings;
  }
};

}  // namespace gantry::auth
