#include "core/runtime/fail_point.hpp"

#ifdef GANTRY_FAIL_POINTS
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::runtime {
namespace {

constexpr uint32_t kHitMax = 1'000'000'000;
constexpr uint32_t kDelayMsMax = 600'000;
constexpr std::string_view kActions[] = {"crash", "error", "hang", "delay"};

// The one thing in the process that every hit must find without being handed it.
struct Armed {
  std::vector<FailRule> rules;
  std::array<std::atomic<uint64_t>, kFailPointCount> hits{};
};
std::atomic<Armed*> armed{nullptr};

std::string known_points() {
  std::string list;
  for (const std::string_view name : kFailPoints) list += join(list.empty() ? "" : ", ", name);
  return list;
}

std::optional<uint32_t> number_of(std::string_view text, uint32_t max) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < 1 || number > max) return std::nullopt;
  return number;
}

// Takes the text up to the next ':' off the front.
std::string_view next_part(std::string_view& rest) {
  const size_t colon = rest.find(':');
  const std::string_view part = rest.substr(0, colon);
  rest.remove_prefix(colon == rest.npos ? rest.size() : colon + 1);
  return part;
}

// One rule; the sentence when it is none.
std::string parse_rule(std::string_view text, FailRule& rule) {
  const bool has_number = std::count(text.begin(), text.end(), ':') == 2;
  if (!has_number && std::count(text.begin(), text.end(), ':') != 1)
    return join("'", text, "' is not point:action or point:action:n");
  std::string_view rest = text;
  const std::string_view point = next_part(rest), action = next_part(rest);
  const auto* at = std::find(std::begin(kFailPoints), std::end(kFailPoints), point);
  if (at == std::end(kFailPoints))
    return join("there is no fail point '", point, "'; there are ", known_points());
  const auto* verb = std::find(std::begin(kActions), std::end(kActions), action);
  if (verb == std::end(kActions))
    return join("'", action, "' is none of crash, error, hang, delay (in '", text, "')");
  rule.point = static_cast<size_t>(at - std::begin(kFailPoints));
  rule.action = static_cast<FailAction>(verb - std::begin(kActions));
  const bool delays = rule.action == FailAction::delay;
  if (!has_number) return delays ? join("'", text, "' needs milliseconds: ", text, ":100") : "";
  const auto n = number_of(rest, delays ? kDelayMsMax : kHitMax);
  if (!n)
    return join("'", rest, "' is no number from 1 to ", delays ? kDelayMsMax : kHitMax, " (in '",
                text, "')");
  rule.n = *n;
  return {};
}

void obey(const FailRule& rule, uint64_t hit) {
  if (rule.action == FailAction::delay) {
    std::this_thread::sleep_for(std::chrono::milliseconds(rule.n));
    return;
  }
  if (hit != rule.n) return;
  if (rule.action == FailAction::error)
    throw Error(Code::kUnavailable, join("fail point ", kFailPoints[rule.point]));
  if (rule.action == FailAction::crash) ::kill(::getpid(), SIGKILL);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace

FailPlan parse_fail_plan(std::string_view text) {
  FailPlan plan;
  for (bool more = true; more;) {
    const size_t comma = text.find(',');
    FailRule rule;
    plan.fault = parse_rule(text.substr(0, comma), rule);
    if (!plan.fault.empty()) return {{}, join("GANTRY_FAIL: ", plan.fault)};
    plan.rules.push_back(rule);
    more = comma != text.npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return plan;
}

void arm_fail_points(std::vector<FailRule> rules) {
  auto fresh = std::make_unique<Armed>();
  fresh->rules = std::move(rules);
  delete armed.exchange(fresh->rules.empty() ? nullptr : fresh.release());
}

bool are_fail_points_armed() { return armed.load(std::memory_order_relaxed) != nullptr; }

void hit_fail_point(size_t point) {
  Armed* plan = armed.load(std::memory_order_acquire);
  if (plan == nullptr) return;
  const uint64_t hit = plan->hits[point].fetch_add(1) + 1;
  for (const FailRule& rule : plan->rules) {
    if (rule.point == point) obey(rule, hit);
  }
}

}  // namespace gantry::runtime
#endif
