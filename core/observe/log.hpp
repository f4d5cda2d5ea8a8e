// Logger: the port for structured log lines. One line is a stable dotted event name
// ("http.access"), a sentence for people, and named fields for machines. observe/log_stream.hpp has
// the real one.
#pragma once
#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace gantry::observe {

enum class Level : uint8_t { kDebug, kInfo, kWarn, kError };

std::string_view name_of(Level level);                 // "debug" "info" "warn" "error"
std::optional<Level> level_of(std::string_view name);  // the same names; anything else is nullopt

// Borrowed: name and text must live until write() returns.
struct Field {
  std::string_view name;
  std::variant<std::string_view, int64_t, double, bool> value;

  Field(std::string_view n, std::string_view v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Field(std::string_view n, T v)
      : name(n), value(static_cast<int64_t>(v)) {}
};
using Fields = std::span<const Field>;

class Logger {
 public:
  virtual ~Logger() = default;

  // One load: ask before computing anything costly for a line.  [any]
  bool enabled(Level level) const { return level >= level_.load(std::memory_order_relaxed); }
  Level level() const { return level_.load(std::memory_order_relaxed); }
  void set_level(Level level) { level_.store(level, std::memory_order_relaxed); }

  // Writes one line, whatever the level.  [any]; copies what it keeps, does not block unless the
  // log is full and `level` is warn or error.
  virtual void write(Level level, std::string_view event, std::string_view message,
                     Fields fields) = 0;

  // The same, and nothing at all when the level is off.
  using List = std::initializer_list<Field>;
  void debug(std::string_view event, std::string_view message, List fields = {}) {
    if (enabled(Level::kDebug))
      write(Level::kDebug, event, message, {fields.begin(), fields.end()});
  }
  void info(std::string_view event, std::string_view message, List fields = {}) {
    if (enabled(Level::kInfo)) write(Level::kInfo, event, message, {fields.begin(), fields.end()});
  }
  void warn(std::string_view event, std::string_view message, List fields = {}) {
    if (enabled(Level::kWarn)) write(Level::kWarn, event, message, {fields.begin(), fields.end()});
  }
  void error(std::string_view event, std::string_view message, List fields = {}) {
    if (enabled(Level::kError))
      write(Level::kError, event, message, {fields.begin(), fields.end()});
  }

 private:
  std::atomic<Level> level_{Level::kInfo};
};

// Writes nothing; for tests and for tools whose output is their result.
class SilentLogger final : public Logger {
 public:
  SilentLogger() { set_level(Level::kError); }
  void write(Level, std::string_view, std::string_view, Fields) override {}
};

}  // namespace gantry::observe
