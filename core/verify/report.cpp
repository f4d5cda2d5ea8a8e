#include "core/verify/report.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace gantry::verify {
namespace {

struct Title {
  std::string_view id, name;
};
constexpr Title kTitles[kInvariantCount] = {
    {"I1", "no seat sold twice"},
    {"I2", "money conserved"},
    {"I3", "log dense"},
    {"I4", "acknowledged exactly once"},
    {"I5", "readers see a prefix"},
    {"I6", "read models follow the log"},
    {"I7", "each event projected once"},
    {"I9", "timers fire once, in time"},
};

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

}  // namespace

void Report::broken(Invariant invariant, int64_t position, std::string what) {
  Entry& e = entry(invariant);
  e.is_checked = true;
  ++e.violations;
  if (e.first.size() < kShownMax) e.first.push_back({position, std::move(what)});
}

void Report::checked(Invariant invariant, int64_t count, std::string_view things) {
  Entry& e = entry(invariant);
  e.is_checked = true;
  const auto at = std::find_if(e.counts.begin(), e.counts.end(),
                               [&](const auto& one) { return one.first == things; });
  if (at == e.counts.end())
    e.counts.emplace_back(things, count);
  else
    at->second += count;
}

void Report::note(Invariant invariant, std::string words) {
  entry(invariant).notes.push_back(std::move(words));
}

bool Report::ok() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& e) { return e.violations == 0; });
}

void Report::print(std::ostream& out) const {
  int64_t broken_count = 0;
  for (size_t i = 0; i < kInvariantCount; ++i) {
    const Entry& e = entries_[i];
    std::vector<std::string> words;
    for (const auto& [things, count] : e.counts)
      words.push_back(std::to_string(count) + ' ' + things);
    if (e.violations > 0)
      words.insert(words.begin(), std::to_string(e.violations) +
                                      (e.violations == 1 ? " violation" : " violations"));
    words.insert(words.end(), e.notes.begin(), e.notes.end());
    const char* state = e.violations > 0 ? "BROKEN" : e.is_checked ? "ok" : "not checked";
    out << kTitles[i].id << ' ' << kTitles[i].name << " ... " << state;
    if (!words.empty()) out << " (" << joined(words) << ')';
    out << '\n';
    for (const Violation& one : e.first) {
      out << "     ";
      if (one.position > 0) out << "at position " << one.position << ": ";
      out << one.what << '\n';
    }
    if (e.violations > static_cast<int64_t>(e.first.size()))
      out << "     and " << e.violations - static_cast<int64_t>(e.first.size()) << " more\n";
    broken_count += e.violations > 0;
  }
  if (broken_count == 0)
    out << "All that was checked holds.\n";
  else
    out << broken_count << (broken_count == 1 ? " invariant is" : " invariants are")
        << " broken.\n";
}

std::string Report::json() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
  const auto text = [&](std::string_view value) {
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  json.StartObject();
  json.Key("ok");
  json.Bool(ok());
  json.Key("invariants");
  json.StartArray();
  for (size_t i = 0; i < kInvariantCount; ++i) {
    const Entry& e = entries_[i];
    json.StartObject();
    json.Key("id");
    text(kTitles[i].id);
    json.Key("name");
    text(kTitles[i].name);
    json.Key("state");
    text(e.violations > 0 ? "broken" : e.is_checked ? "ok" : "not_checked");
    json.Key("checked");
    json.StartObject();
    for (const auto& [things, count] : e.counts) {
      text(things);
      json.Int64(count);
    }
    json.EndObject();
    json.Key("violations");
    json.Int64(e.violations);
    json.Key("first");
    json.StartArray();
    for (const Violation& one : e.first) {
      json.StartObject();
      json.Key("position");
      json.Int64(one.position);
      json.Key("what");
      text(one.what);
      json.EndObject();
    }
    json.EndArray();
    json.Key("notes");
    json.StartArray();
    for (const std::string& words : e.notes) text(words);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return buffer.GetString();
}

}  // namespace gantry::verify
