#include "core/consume/lane.hpp"

#include <algorithm>
#include <utility>

namespace gantry::consume {

void Lane::push(log::EventPtr event) {
  ++held_;
  ready_.push_back(std::move(event));
}

log::EventPtr Lane::take() {
  if (retries_due_ > 0) {
    const auto it = std::find_if(aside_.begin(), aside_.end(),
                                 [](const auto& entry) { return entry.second.due; });
    it->second.due = false;
    --retries_due_;
    return out_ = it->second.events.front();
  }
  while (!ready_.empty()) {
    log::EventPtr event = std::move(ready_.front());
    ready_.pop_front();
    const auto it = aside_.find(event->stream);
    if (it == aside_.end()) return out_ = std::move(event);
    it->second.events.push_back(std::move(event));
  }
  return nullptr;
}

void Lane::done() {
  --held_;
  const log::EventPtr event = std::exchange(out_, nullptr);
  const auto it = aside_.find(event->stream);
  if (it == aside_.end()) return;
  Aside& aside = it->second;
  aside.events.pop_front();
  if (aside.events.empty()) {
    aside_.erase(it);
    return;
  }
  aside.attempts = 0;
  aside.reason.clear();
  aside.due = true;
  ++retries_due_;
}

uint32_t Lane::failed(const std::string& reason) {
  const log::EventPtr event = std::exchange(out_, nullptr);
  Aside& aside = aside_[event->stream];
  if (aside.events.empty()) aside.events.push_back(event);
  aside.reason = reason;
  return ++aside.attempts;
}

void Lane::retry(const std::string& stream, uint32_t attempt) {
  const auto it = aside_.find(stream);
  if (it == aside_.end() || it->second.attempts != attempt || it->second.due) return;
  if (out_ && out_->stream == stream) return;
  it->second.due = true;
  ++retries_due_;
}

void Lane::clear() { *this = Lane(); }

Lane::Stuck Lane::stuck() const {
  Stuck lowest;
  for (const auto& [stream, aside] : aside_) {
    if (aside.attempts == 0) continue;
    const log::Position position = aside.events.front()->position;
    if (lowest.position == 0 || position < lowest.position) lowest = {position, aside.reason};
  }
  return lowest;
}

}  // namespace gantry::consume
