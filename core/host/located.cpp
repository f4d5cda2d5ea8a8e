#include "core/host/located.hpp"

#include <charconv>

namespace gantry::host {
namespace {

// The place of "chains.private[2]": of the item, or of the key when a key comes last.
config::Mark mark_of(const config::Node& root, std::string_view path) {
  const config::Node* at = &root;
  config::Mark mark;
  while (!path.empty()) {
    if (path.front() == '[') {
      size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (index >= at->items().size()) return {};
      at = &at->items()[index];
      mark = at->mark();
      path.remove_prefix(std::min(path.find(']'), path.size() - 1) + 1);
    } else {
      const std::string_view key = path.substr(0, path.find_first_of(".["));
      const config::Node::Member* member = at->member(key);
      if (!member) return {};
      at = &member->value;
      mark = member->key_mark;
      path.remove_prefix(key.size());
    }
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return mark.line > 0 ? mark : config::Mark{};
}

}  // namespace

config::Fault located(const plugins::StartFault& fault, const config::Node& root) {
  return {mark_of(root, fault.path), fault.path, fault.message};
}

}  // namespace gantry::host
