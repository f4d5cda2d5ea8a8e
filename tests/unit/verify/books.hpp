// Books: a log and read models written by hand as a server would have left them, in either engine,
// for a test to break. The story: two sections; a purchase of two seats, one that is given back, a
// hold that expires, and the seat sold again.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/verify/run.hpp"
#include "core/verify/uuid.hpp"

namespace gantry::verify {

// Runs SQL on one database of its own, tables included.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual void run(const std::string& sql) = 0;
  virtual std::string url() const = 0;
  virtual std::string literal(const Uuid& id) const = 0;  // of a column for ids
  virtual std::string bytes(const Uuid& id) const = 0;    // of a column for bytes
};
std::unique_ptr<Engine> sqlite_engine();
std::unique_ptr<Engine> postgresql_engine();

constexpr int64_t kStart = 1'800'000'000'000'000;  // 2027-01-15T08:00:00Z
constexpr const char* kStartText = "2027-01-15T08:00:00.000Z";

class Books {
 public:
  explicit Books(std::unique_ptr<Engine> engine);

  // Appends an event a millisecond after the last one; `id` nil: as the first of a new command.
  int64_t append(const std::string& stream, const std::string& type, const std::string& data,
                 Uuid id = {});
  // The next event of the stream leaves a version out.
  void skip_version(const std::string& stream) { ++streams_[stream].second; }
  void run(const std::string& sql) { engine_->run(sql); }
  // Makes a table anew without its constraints, so that it can hold what they forbid.
  void unbind(const std::string& table);
  Report verify(Sources sources = {}) const;

  static Uuid id(const std::string& name) { return uuid5(Uuid(), name); }
  static std::string text(const std::string& name) { return id(name).text(); }
  static Uuid command(int64_t position) { return id("command" + std::to_string(position)); }
  std::string bytes(const Uuid& one) const { return engine_->bytes(one); }
  std::string stalls() const { return "inventory-" + text("event") + "-Stalls"; }
  std::string floor() const { return "inventory-" + text("event") + "-Floor"; }
  int64_t head() const { return head_; }

 private:
  void tell_story();
  void write_views();
  void write_checkpoints();
  std::unique_ptr<Engine> engine_;
  std::map<std::string, std::pair<int64_t, int64_t>> streams_;  // name → id, version
  int64_t head_ = 0;
  Uuid last_id_;
};

}  // namespace gantry::verify
