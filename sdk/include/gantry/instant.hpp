// Instant: a point in time in microseconds, UTC. Text is RFC 3339 with milliseconds and "Z".
// The present comes from the host (abi/clock.h), never from here.
#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gantry {

class Instant {
 public:
  constexpr Instant() = default;
  explicit constexpr Instant(int64_t microseconds) : us_(microseconds) {}

  constexpr int64_t us() const { return us_; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, std::chrono::microseconds d) {
    return Instant(at.us_ + d.count());
  }
  friend constexpr Instant operator-(Instant at, std::chrono::microseconds d) {
    return Instant(at.us_ - d.count());
  }
  friend constexpr std::chrono::microseconds operator-(Instant a, Instant b) {
    return std::chrono::microseconds(a.us_ - b.us_);
  }

  // "2026-11-23T08:15:30.123Z"; truncates below a millisecond.
  std::string text() const {
    using namespace std::chrono;
    const sys_time<microseconds> point{microseconds(us_)};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss time{floor<milliseconds>(point - day)};
    const int year = static_cast<int>(date.year());
    const bool usual = year >= 0 && year <= 9999;
    std::string out = usual ? "0000" : std::to_string(year);
    const size_t end = out.size();  // of the year
    out += "-00-00T00:00:00.000Z";
    const auto put = [&](size_t at, int digits, int64_t number) {
      for (; digits > 0; --digits, number /= 10) out[--at] = static_cast<char>('0' + number % 10);
    };
    if (usual) put(end, 4, year);
    put(end + 3, 2, static_cast<unsigned>(date.month()));
    put(end + 6, 2, static_cast<unsigned>(date.day()));
    put(end + 9, 2, time.hours().count());
    put(end + 12, 2, time.minutes().count());
    put(end + 15, 2, time.seconds().count());
    put(end + 19, 3, time.subseconds().count());
    return out;
  }

  // RFC 3339 date-time with any offset and 0..9 fraction digits (beyond 6 truncated); years
  // 1970..9999. A leap second (:60) and an impossible date are nullopt.
  static std::optional<Instant> parse(std::string_view text) {
    size_t at = 0;
    const auto digits = [&](int count) -> int {
      int value = 0;
      for (int i = 0; i < count; ++i, ++at) {
        if (at >= text.size() || text[at] < '0' || text[at] > '9') return -1;
        value = value * 10 + (text[at] - '0');
      }
      return value;
    };
    const auto literal = [&](char a, char b) {
      return at < text.size() && (text[at] == a || text[at] == b) && ++at;
    };
    const int year = digits(4);
    if (year < 1970 || !literal('-', '-')) return std::nullopt;
    const int month = digits(2);
    if (!literal('-', '-')) return std::nullopt;
    const int day = digits(2);
    if (!literal('T', 't')) return std::nullopt;
    const int hour = digits(2);
    if (hour < 0 || hour > 23 || !literal(':', ':')) return std::nullopt;
    const int minute = digits(2);
    if (minute < 0 || minute > 59 || !literal(':', ':')) return std::nullopt;
    const int second = digits(2);
    if (second < 0 || second > 59) return std::nullopt;
    int64_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
      ++at;
      int count = 0;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
        if (count < 6) fraction = fraction * 10 + (text[at] - '0');
      }
      if (count == 0 || count > 9) return std::nullopt;
      for (; count < 6; ++count) fraction *= 10;
    }
    int64_t offset_minutes = 0;
    if (!literal('Z', 'z')) {
      if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
      const int sign = text[at++] == '+' ? 1 : -1;
      const int hours = digits(2);
      if (hours < 0 || hours > 23 || !literal(':', ':')) return std::nullopt;
      const int minutes = digits(2);
      if (minutes < 0 || minutes > 59) return std::nullopt;
      offset_minutes = sign * (hours * 60 + minutes);
    }
    if (at != text.size()) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month < 0 ? 0 : month)},
                              std::chrono::day{static_cast<unsigned>(day < 0 ? 0 : day)}};
    if (!date.ok()) return std::nullopt;
    const auto point = sys_days{date} + hours{hour} + minutes{minute} + seconds{second} +
                       microseconds{fraction} - minutes{offset_minutes};
    return Instant(duration_cast<microseconds>(point.time_since_epoch()).count());
  }

 private:
  int64_t us_ = 0;
};

}  // namespace gantry
