#include "core/config/tree_builder.hpp"

#include <utility>

namespace gantry::config {

const Mark& TreeBuilder::context() const {
  static const Mark kNowhere;
  if (open_.empty()) return kNowhere;
  return open_.back().object ? open_.back().key_mark : open_.back().mark;
}

std::string TreeBuilder::path() const {
  std::string out = path_;
  for (const auto& open : open_) {
    if (!open.object) {
      out = path_of(out, open.items.size());
    } else if (open.has_key) {
      out = path_of(out, open.key);
    }
  }
  return out;
}

void TreeBuilder::open(bool object, Mark mark) {
  auto& opened = open_.emplace_back();
  opened.object = object;
  opened.mark = std::move(mark);
}

const Mark* TreeBuilder::key(std::string key, Mark mark) {
  auto& parent = open_.back();
  const auto [entry, added] = parent.index.emplace(key, parent.members.size());
  parent.has_key = true;
  parent.drops_value = !added;
  parent.key = std::move(key);
  parent.key_mark = std::move(mark);
  return added ? nullptr : &parent.members[entry->second].key_mark;
}

void TreeBuilder::value(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  auto& parent = open_.back();
  if (!parent.object) {
    parent.items.push_back(std::move(node));
    return;
  }
  parent.has_key = false;
  if (parent.drops_value) {
    dropped_ = std::move(node);
  } else {
    parent.members.push_back({std::move(parent.key), parent.key_mark, std::move(node)});
  }
}

const Node& TreeBuilder::close(Origin origin) {
  Open done = std::move(open_.back());
  open_.pop_back();
  Node::Value content;
  if (done.object) {
    content = std::move(done.members);
  } else {
    content = std::move(done.items);
  }
  value(Node(std::move(content), std::move(done.mark), origin));
  if (open_.empty()) return root_;
  const auto& parent = open_.back();
  if (!parent.object) return parent.items.back();
  return parent.drops_value ? dropped_ : parent.members.back().value;
}

}  // namespace gantry::config
