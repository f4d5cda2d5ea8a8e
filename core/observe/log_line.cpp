#include "core/observe/log_line.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "core/observe/utf8.hpp"
#include "gantry/result.hpp"
#include "gantry/text.hpp"

namespace gantry::observe {
namespace {

constexpr size_t kNameBytesMax = 128;
constexpr size_t kTailBytes = 64;  // room kept for "suppressed" and "truncated"

void append_digits(std::string& out, int64_t value, int count) {
  std::array<char, 8> digits;
  for (int i = count - 1; i >= 0; --i, value /= 10) {
    digits[static_cast<size_t>(i)] = static_cast<char>('0' + value % 10);
  }
  out.append(digits.data(), static_cast<size_t>(count));
}

void append_time(std::string& out, Instant at) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds(at.us())};
  const auto day = floor<days>(point);
  const hh_mm_ss time{point - day};
  append_digits(out, time.hours().count(), 2);
  out += ':';
  append_digits(out, time.minutes().count(), 2);
  out += ':';
  append_digits(out, time.seconds().count(), 2);
  out += '.';
  append_digits(out, time.subseconds().count(), 6);
}

void append_timestamp(std::string& out, Instant at) {
  using namespace std::chrono;
  const year_month_day date{floor<days>(sys_time<microseconds>{microseconds(at.us())})};
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_time(out, at);
  out += 'Z';
}

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

// The text as it may be shown, and whether something was left out.
std::string_view bounded(std::string_view text, size_t bytes_max, bool& truncated) {
  const std::string_view kept = cut(text, bytes_max);
  truncated |= kept.size() != text.size();
  return kept;
}

void append_value(std::string& out, const Field& field, size_t bytes_max, bool& truncated) {
  std::visit(overloaded{[&](std::string_view text) {
                          out += '"';
                          append_escaped(out, bounded(text, bytes_max, truncated));
                          out += '"';
                        },
                        [&](int64_t number) { detail::append(out, number); },
                        [&](double number) { append_double(out, number); },
                        [&](bool yes) { out += yes ? "true" : "false"; }},
             field.value);
}

bool reserved(std::string_view name) {
  for (const std::string_view taken : {"timestamp", "level", "message", "service", "instance",
                                       "version", "event", "suppressed", "truncated"}) {
    if (name == taken) return true;
  }
  return false;
}

// A value a terminal shows without quotes: one word of printable ASCII.
bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '=') return false;
  }
  return true;
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return "\x1b[2m";
    case Level::kInfo:
      return "\x1b[32m";
    case Level::kWarn:
      return "\x1b[33m";
    case Level::kError:
      return "\x1b[31m";
  }
  return "";
}

std::string_view label_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return "DEBUG ";
    case Level::kInfo:
      return "INFO  ";
    case Level::kWarn:
      return "WARN  ";
    case Level::kError:
      return "ERROR ";
  }
  return "";
}

}  // namespace

LogLine::LogLine(LogLineOptions options) : options_(std::move(options)) {
  for (const auto& [name, value] :
       {std::pair<std::string_view, std::string_view>{"service", options_.service},
        {"instance", options_.instance},
        {"version", options_.version}}) {
    identity_ += join(",\"", name, "\":\"");
    append_escaped(identity_, cut(value, kNameBytesMax));
    identity_ += '"';
  }
}

std::string LogLine::json(const LogRecord& record) const {
  bool truncated = false;
  std::string out;
  out.reserve(512);
  out += "{\"timestamp\":\"";
  append_timestamp(out, record.at);
  out += join("\",\"level\":\"", name_of(record.level), "\",\"message\":\"");
  append_escaped(out, bounded(record.message, options_.field_bytes_max, truncated));
  out += '"';
  out += identity_;
  out += ",\"event\":\"";
  append_escaped(out, bounded(record.event, kNameBytesMax, truncated));
  out += '"';
  for (const Field& field : record.fields) {
    const size_t before = out.size();
    out += reserved(field.name) ? ",\"field_" : ",\"";
    append_escaped(out, bounded(field.name, kNameBytesMax, truncated));
    out += "\":";
    append_value(out, field, options_.field_bytes_max, truncated);
    if (out.size() + kTailBytes > options_.line_bytes_max) {
      out.resize(before);
      truncated = true;
    }
  }
  if (record.suppressed > 0) out += join(",\"suppressed\":", record.suppressed);
  if (truncated) out += ",\"truncated\":true";
  out += "}\n";
  return out;
}

std::string LogLine::pretty(const LogRecord& record, bool colour) const {
  const auto paint = [&](std::string_view code) { return colour ? code : std::string_view(); };
  bool truncated = false;
  std::string out;
  out += paint("\x1b[2m");
  append_time(out, record.at);
  out += paint("\x1b[0m");
  out += ' ';
  out += join(paint(colour_of(record.level)), label_of(record.level), paint("\x1b[0m"));
  append_escaped(out, bounded(record.message, options_.field_bytes_max, truncated));
  out += join(paint("\x1b[2m"), "  [");
  append_escaped(out, bounded(record.event, kNameBytesMax, truncated));
  out += ']';
  for (const Field& field : record.fields) {
    const size_t before = out.size();
    out += ' ';
    append_escaped(out, bounded(field.name, kNameBytesMax, truncated));
    out += '=';
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text != nullptr && is_word(*text)) {
      out += bounded(*text, options_.field_bytes_max, truncated);
    } else {
      append_value(out, field, options_.field_bytes_max, truncated);
    }
    if (out.size() + kTailBytes > options_.line_bytes_max) {
      out.resize(before);
      truncated = true;
    }
  }
  if (record.suppressed > 0) out += join(" suppressed=", record.suppressed);
  if (truncated) out += " truncated=true";
  out += paint("\x1b[0m");
  out += '\n';
  return out;
}

}  // namespace gantry::observe
