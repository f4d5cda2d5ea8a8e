// TreeBuilder: makes a Node out of events in document order, whichever reader they come from. Keys
// of one object are unique in the result; the first one wins.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/node.hpp"

namespace gantry::config {

class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view path) : path_(path) {}

  size_t depth() const { return open_.size(); }
  // True when the next thing must be a key.
  bool wants_key() const { return !open_.empty() && open_.back().object && !open_.back().has_key; }
  // The place of the key whose value comes next, or of the list the next item belongs to.
  const Mark& context() const;
  // The dotted path of what comes next.
  std::string path() const;

  void open(bool object, Mark mark);
  // Null unless the key is already there: then the place of the first one, and its value will be
  // dropped.
  const Mark* key(std::string key, Mark mark);
  void value(Node node);
  // Ends the innermost list or object and adds it to its parent. Returns what it added.
  const Node& close(Origin origin);

  // The finished tree; null when there was no event.
  Node take() { return std::move(root_); }

 private:
  struct Open {
    bool object = false;
    Mark mark;
    Node::Array items;
    Node::Object members;
    std::unordered_map<std::string, size_t> index;  // key to place in members
    bool has_key = false;
    bool drops_value = false;
    std::string key;
    Mark key_mark;
  };

  std::string path_;
  std::vector<Open> open_;
  Node root_;
  Node dropped_;
};

}  // namespace gantry::config
