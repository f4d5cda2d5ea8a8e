#include "core/config/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/scalar.hpp"
#include "core/config/tree_builder.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

constexpr std::string_view kEndedEarly = "the text ends before a quote, bracket or brace is closed";
constexpr std::string_view kStringTag = "tag:yaml.org,2002:str";

size_t count_of(const Node& node) {
  size_t count = 1;
  for (const auto& item : node.items()) count += count_of(item);
  for (const auto& member : node.members()) count += count_of(member.value);
  return count;
}

size_t depth_of(const Node& node) {
  size_t deepest = 0;
  for (const auto& item : node.items()) deepest = std::max(deepest, depth_of(item));
  for (const auto& member : node.members()) deepest = std::max(deepest, depth_of(member.value));
  return node.is(Kind::kArray) || node.is(Kind::kObject) ? deepest + 1 : 0;
}

// Takes yaml-cpp's events: its Node class keeps neither duplicate keys nor the difference between
// `"1"` and `1`. Whatever makes the rest of the source unreadable leaves as a ParserException.
class Events final : public YAML::EventHandler {
 public:
  Events(const SourceText& source, Origin origin, std::string_view path, std::vector<Fault>& faults)
      : source_(source), origin_(origin), faults_(faults), tree_(path) {}

  Node take() { return tree_.take(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      refuse(mark, "only one document is allowed in a file, and this is not part of it");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (tree_.wants_key()) refuse(mark, "a key must be text");
    add(Node({}, null_mark(mark), origin_), anchor, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (tree_.wants_key()) refuse(mark, "a key must be text");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "this alias refers to a value that contains it");
    count(found->second.count, mark);
    if (tree_.depth() + found->second.depth > kDepthMax) too_deep(mark);
    tree_.value(found->second.node.with(place(mark)));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check_tag(tag, mark);
    if (tree_.wants_key()) return add_key(text, mark);
    add(scalar(text, tag == "?", mark), anchor, mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(false, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(true, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Anchored {
    Node node;
    size_t count;
    size_t depth;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, const std::string& why) {
    throw YAML::ParserException(mark, why);
  }
  [[noreturn]] static void too_deep(const YAML::Mark& mark) {
    refuse(mark, join("nested deeper than ", kDepthMax, " levels"));
  }

  Mark place(const YAML::Mark& mark) const { return source_.mark(mark.line, mark.column); }

  // A value left out has the place of whatever comes next; show its key (or list) instead.
  Mark null_mark(const YAML::Mark& mark) const {
    const auto rest = source_.text().substr(source_.offset(mark.line, mark.column));
    const bool written =
        !rest.empty() && std::string_view("~nN&!").find(rest[0]) != std::string::npos;
    const Mark here = place(mark);
    const Mark& context = tree_.context();
    return context.line == 0 || (written && here.line == context.line) ? here : context;
  }

  void count(size_t more, const YAML::Mark& mark) {
    nodes_ += more;
    if (nodes_ > kNodesMax) refuse(mark, join("more than ", kNodesMax, " values in one file"));
  }

  void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!" || tag == kStringTag) return;
    faults_.push_back(
        {place(mark), tree_.path(), join("the tag ", quoted(tag), " is not supported")});
  }

  void add_key(const std::string& key, const YAML::Mark& mark) {
    const Mark at = place(mark);
    const Mark* first = tree_.key(key, at);
    if (key == "<<") {
      faults_.push_back({at, tree_.path(), "merge keys (\"<<\") are not part of YAML 1.2"});
    } else if (first) {
      faults_.push_back(
          {at, tree_.path(),
           join("duplicate key ", quoted(key), "; it is already set in line ", first->line)});
    }
  }

  Node scalar(const std::string& text, bool plain, const YAML::Mark& mark) {
    const Mark at = place(mark);
    if (text.find("${") != std::string::npos) {
      return Node(text, at, origin_)
          .with(Substitution{text, "", plain, Substitution::State::kPending});
    }
    if (!plain) return Node(text, at, origin_);
    auto value = plain_value(text);
    if (value.ok()) return Node(std::move(*value), at, origin_);
    faults_.push_back({at, tree_.path(), value.reason()});
    Substitution failed{text, text, true, Substitution::State::kFailed};
    return Node(text, at, origin_).with(std::move(failed));
  }

  void add(Node node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    count(1, mark);
    if (anchor != YAML::NullAnchor) anchors_.insert_or_assign(anchor, Anchored{node, 1, 0});
    tree_.value(std::move(node));
  }

  void open(bool object, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (tree_.wants_key()) refuse(mark, "a key must be text, or a bracket is not closed");
    check_tag(tag == kStringTag ? "!!str" : tag, mark);
    if (tree_.depth() >= kDepthMax) too_deep(mark);
    count(1, mark);
    opened_anchors_.push_back(anchor);
    tree_.open(object, place(mark));
  }

  void close() {
    const auto anchor = opened_anchors_.back();
    opened_anchors_.pop_back();
    const Node& node = tree_.close(origin_);
    if (anchor == YAML::NullAnchor) return;
    anchors_.insert_or_assign(anchor, Anchored{node, count_of(node), depth_of(node)});
  }

  const SourceText& source_;
  const Origin origin_;
  std::vector<Fault>& faults_;
  TreeBuilder tree_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::vector<YAML::anchor_t> opened_anchors_;
  size_t nodes_ = 0;
  int documents_ = 0;
};

// Without "..." after it, yaml-cpp 0.7 takes an open quote at the end for a finished string and an
// open bracket for a key.
std::string with_end_marker(std::string_view text) {
  return join(text, text.ends_with('\n') ? "" : "\n", "...\n");
}

// Where a line at or just after `line` (0-based) is indented with a tab: yaml-cpp only says what it
// expected instead.
std::optional<Mark> tab_near(const SourceText& source, int line) {
  std::string_view rest = source.text();
  for (int at = 0; at <= line + 1 && !rest.empty(); ++at) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    const size_t tab = text.find_first_not_of(' ');
    if (at >= line - 1 && tab != text.npos && text[tab] == '\t')
      return source.mark(at, static_cast<int>(tab));
    rest.remove_prefix(std::min(text.size() + 1, rest.size()));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Node> read_yaml(const SourceText& source, Origin origin, std::string_view path,
                              std::vector<Fault>& faults) {
  if (auto fault = source.unreadable()) {
    faults.push_back(*std::move(fault));
    return std::nullopt;
  }
  Events events(source, origin, path, faults);
  std::istringstream in(with_end_marker(source.text()));
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& error) {
    if (const auto tab = tab_near(source, error.mark.line)) {
      faults.push_back({*tab, std::string(path), "indented with a tab; YAML takes spaces only"});
      return std::nullopt;
    }
    const bool at_end = source.offset(error.mark.line, error.mark.column) == source.text().size();
    faults.push_back(
        {source.mark(error.mark.line, error.mark.column), std::string(path),
         join("not readable as YAML: ", at_end ? std::string(kEndedEarly) : error.msg)});
    return std::nullopt;
  }
  return events.take();
}

}  // namespace gantry::config
