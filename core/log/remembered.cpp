#include "core/log/remembered.hpp"

#include <algorithm>

namespace gantry::log {
namespace {
constexpr size_t kStreamsMax = 4096;  // about 1 MB with long names; begun anew when full
}  // namespace

void Remembered::read(const Facts& facts) {
  if (facts.head != head_) forget();
  last_stream_id_ = facts.last_stream_id;
}

void Remembered::wrote(const Changes& changes) {
  if (changes.events.empty()) return;
  head_ = changes.events.back().event.position;
  head_id_ = changes.events.back().event.id;
  if (streams_.size() + changes.streams.size() > kStreamsMax) streams_.clear();
  for (const auto& stream : changes.streams) {
    streams_.insert_or_assign(std::string(stream.name), StreamRow{stream.id, stream.version, {}});
    if (stream.fresh) last_stream_id_ = std::max(last_stream_id_, stream.id);
  }
  for (const auto& row : changes.events) streams_.find(row.event.stream)->second.tip = row.event.id;
}

void Remembered::forget() {
  head_ = 0;
  streams_.clear();
}

const StreamRow* Remembered::stream(std::string_view name) const {
  const auto at = streams_.find(name);
  return at == streams_.end() ? nullptr : &at->second;
}

std::optional<Facts> Remembered::answers(const Questions& questions, Instant now) const {
  if (head_ == 0 || questions.streams.empty() || !questions.scopes.empty() ||
      !questions.timers.empty())
    return std::nullopt;
  Facts facts;
  facts.head = head_;
  facts.last_stream_id = last_stream_id_;
  facts.now = now;
  for (const std::string_view name : questions.streams) {
    const StreamRow* const row = stream(name);
    facts.streams.push_back(row == nullptr ? StreamRow() : *row);
  }
  facts.events.resize(questions.events.size());
  return facts;
}

}  // namespace gantry::log
