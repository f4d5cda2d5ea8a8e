// One configuration with mistakes of every sort: all of them are reported by one call, each at the
// character where it stands. The table is written by hand from the fixture.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "core/config/check.hpp"
#include "core/config/host_schema.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

const std::string kFolder = std::string(CONFIG_FIXTURES) + "/many_mistakes/";

std::string content_of(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

Checked check_fixture() {
  const auto schemas = read_schemas(
      host_schema(),
      {{"payments", content_of(kFolder + "payments.json")}, {"reservations", ""}, {"search", ""}});
  EXPECT_TRUE(schemas.ok()) << to_text(schemas.reason());
  return check({kFolder + "gantry.yaml",
                {"http.headers_max.x=1", "logging..level=info", "workers.threads"},
                environment({{"GANTRY_TEST_WORD", "hunter2"}})},
               *schemas);
}

// file:line:column without the folder
std::vector<std::string> shortened(std::vector<std::string> lines) {
  for (auto& line : lines) {
    if (line.starts_with(kFolder)) line.erase(0, kFolder.size());
  }
  return lines;
}

// One text, so that a failure shows the lines that differ.
std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + '\n';
  return out;
}

TEST(Check, ReportsEveryMistakeInOneCallAtItsLineAndColumn) {
  const std::vector<std::string> expected = {
      R"(--set:1:18: http.headers_max: expected an integer between 1 and 10000, found an object)",
      R"(--set:2:1: expected a dotted key such as http.listen, found "logging..level")",
      R"(--set:3:1: expected key=value)",
      R"(conf.d/10-broken.yaml:3:12: not readable as YAML: end of sequence flow not found)",
      R"(conf.d/20-more.yaml:2:14: json.depth_max: expected an integer between 1 and 256, found 1000)",
      R"(conf.d/20-more.yaml:3:9: timers: expected an object, found 5)",
      R"(gantry.yaml:3:3: http.lissten: unknown key "lissten"; did you mean "listen"?)",
      R"(gantry.yaml:4:11: http.listen: expected host:port such as 127.0.0.1:8080, [::1]:8080, or 0.0.0.0:8080 for every address, found "localhost")",
      R"(gantry.yaml:5:10: http.loops: expected an integer between 0 and 256, found -1)",
      R"(gantry.yaml:6:20: http.connections_max: expected an integer between 1 and 1000000, found "100")",
      R"(gantry.yaml:8:19: http.body_bytes_max: expected an integer between 0 and 1073741824, found "lots")",
      R"(gantry.yaml:9:22: http.header_timeout_ms: expected an integer between 100 and 600000, found 999999999)",
      R"(gantry.yaml:10:20: http.body_timeout_ms: the environment variable GANTRY_TEST_NOT_SET is not set)",
      R"(gantry.yaml:11:23: http.handler_timeout_ms: expected an integer between 1 and 3600000, found "yes")",
      R"(gantry.yaml:12:3: http.keep_alive_timeout_ms: expected an integer between 0 and 3600000, found nothing)",
      R"(gantry.yaml:13:33: http.trusted_proxies[1]: expected an address range such as 10.0.0.0/8, found "10.0.0.0/33")",
      R"(gantry.yaml:13:46: http.trusted_proxies[2]: expected an address range such as 10.0.0.0/8, found 7)",
      R"(gantry.yaml:13:49: http.trusted_proxies[3]: expected different items, found "10.0.0.0/8" again (also item 0))",
      R"(gantry.yaml:14:23: http.pipeline_bytes_max: expected an integer between 1024 and 16777216, found a string from ${GANTRY_TEST_WORD})",
      R"(gantry.yaml:15:3: http.listen: duplicate key "listen"; it is already set in line 4)",
      R"(gantry.yaml:16:1: worker: unknown key "worker"; did you mean "workers"?)",
      R"(gantry.yaml:18:10: workers: expected an object, found a list)",
      R"(gantry.yaml:19:30: shutdown.drain_timeout_ms: expected an integer between 0 and 3600000, found an object)",
      R"(gantry.yaml:19:34: shutdown.dealy_ms: unknown key "dealy_ms"; did you mean "delay_ms"?)",
      R"(gantry.yaml:21:11: storage.events: expected sqlite:<file> or postgresql://user@host/database, found "mysql://root:***@db/events")",
      R"(gantry.yaml:22:9: storage.auth: the file "/nonexistent/pg" cannot be read: No such file or directory)",
      R"(gantry.yaml:24:18: storage.sqlite.synchronous: expected one of "full" or "normal", found "ful"; did you mean "full"?)",
      R"(gantry.yaml:25:18: storage.sqlite.readers_max: expected an integer between 1 and 256, found 0)",
      R"(gantry.yaml:26:5: storage.sqlite."öffnen": unknown key "öffnen")",
      R"(gantry.yaml:28:21: log.append_batch_max: this integer does not fit into 64 bits)",
      R"(gantry.yaml:29:20: log.event_bytes_max: expected ${NAME}, ${NAME:-default} or ${file:/path} (write $${ for a literal ${))",
      R"(gantry.yaml:31:10: logging.level: expected one of "trace", "debug", "info", "warn" or "error", found "wran"; did you mean "warn"?)",
      R"(gantry.yaml:32:11: logging.format: expected one of "auto", "json" or "pretty", found 3)",
      R"(gantry.yaml:33:14: logging.queue_max: infinity and not-a-number have no meaning here)",
      R"(gantry.yaml:35:24: chains.public[1]: expected a string of 1 to 128 characters, found "")",
      R"(gantry.yaml:35:28: chains.public[2]: expected different items, found "access_log" again (also item 0))",
      R"(gantry.yaml:36:12: chains.private: expected a list of at most 64 items, found "access_log")",
      R"(gantry.yaml:38:16: loader.directories: expected a list of 1 to 64 items, found 0 items)",
      R"(gantry.yaml:39:16: loader.allow_draft: expected true or false, found "no")",
      R"(gantry.yaml:41:15: loader.quarantine.failures: expected an integer between 0 and 1000000, found 1000.0)",
      R"(gantry.yaml:42:5: loader.quarantine.windows_s: unknown key "windows_s"; did you mean "window_s"?)",
      R"(gantry.yaml:44:3: plugins.payments.provider: missing key "provider"; expected a non-empty string)",
      R"(gantry.yaml:45:14: plugins.payments.enabled: expected true or false, found "maybe")",
      R"(gantry.yaml:46:13: plugins.payments.sha256: expected 64 hexadecimal digits, found "abc")",
      R"(gantry.yaml:47:5: plugins.payments.curency: unknown key "curency"; did you mean "currency"?)",
      R"(gantry.yaml:48:14: plugins.payments.api_key: expected a string of at least 8 characters, found an integer (hidden))",
      R"(gantry.yaml:49:20: plugins.payments.retries.max: expected an integer of more than 0 and at most 10, found 11)",
      R"(gantry.yaml:49:31: plugins.payments.retries.delay: expected a duration such as 30s, found "soon")",
      R"(gantry.yaml:52:9: plugins.payments.shops[1].url: missing key "url"; expected a URL)",
      R"(gantry.yaml:52:16: plugins.payments.shops[1].name: expected a non-empty string, found "")",
      R"(gantry.yaml:52:26: plugins.payments.shops[1].port: expected an integer between 1 and 65535, found 70000)",
      R"(gantry.yaml:53:9: plugins.payments.shops[2]: expected an object, found "just a name")",
      R"(gantry.yaml:54:24: plugins.payments.mode.color: unknown key "color"; did you mean "colour"?)",
      R"(gantry.yaml:56:3: plugins.reservatons: unknown plugin "reservatons"; did you mean "reservations"?)",
      R"(gantry.yaml:58:3: plugins.reservations: expected an object, found nothing)",
      R"(gantry.yaml:59:11: plugins.search: expected an object, found a list)",
  };

  EXPECT_EQ(joined(shortened(lines(check_fixture().findings.faults))), joined(expected));
}

TEST(Check, ListsRetiredKeysAsWarningsWithTheirReplacement) {
  EXPECT_THAT(shortened(lines(check_fixture().findings.warnings)),
              testing::ElementsAre(
                  "gantry.yaml:55:5: plugins.payments.old_timeout: the key \"old_timeout\" is "
                  "retired: use retries.delay"));
}

TEST(Check, ShowsNoSecretInAnyFault) {
  EXPECT_THAT(to_text(check_fixture().findings.faults),
              testing::Not(testing::HasSubstr("hunter2")));
}

}  // namespace
}  // namespace gantry::config
