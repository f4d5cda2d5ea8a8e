// SchemaReader: from a schema's JSON tree to rules. Used by Schema::parse only.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/node.hpp"
#include "core/config/rule.hpp"

namespace gantry::config {

class SchemaReader {
 public:
  explicit SchemaReader(std::vector<Fault>& faults) : faults_(faults) {}

  // The first rule is the root. The result may only be used when no fault was added.
  std::vector<std::unique_ptr<Rule>> read(const Node& document);

 private:
  using Keyword = void (SchemaReader::*)(Rule&, const Node&);
  static const std::map<std::string_view, Keyword>& keywords();

  Rule* read_rule(const Node& node, const std::string& path);
  void fill(Rule& rule, const Node& node, const std::string& path);
  void refuse(const Node& at, std::string why);
  void check_required(const Rule& rule, const Node& node);
  void resolve_references();
  void refuse_circles();
  bool leads_back_to(const Rule& from, const Rule& goal, size_t steps_left) const;

  void ignore(Rule&, const Node&) {}
  void type(Rule& rule, const Node& value);
  void properties(Rule& rule, const Node& value);
  void required(Rule& rule, const Node& value);
  void additional_properties(Rule& rule, const Node& value);
  void items(Rule& rule, const Node& value);
  void unique_items(Rule& rule, const Node& value);
  void choices(Rule& rule, const Node& value);
  void constant(Rule& rule, const Node& value);
  void pattern(Rule& rule, const Node& value);
  void format(Rule& rule, const Node& value);
  void any_of(Rule& rule, const Node& value);
  void one_of(Rule& rule, const Node& value);
  void reference(Rule& rule, const Node& value);
  void definitions(Rule& rule, const Node& value);
  void fallback(Rule& rule, const Node& value);
  void title(Rule& rule, const Node& value);
  void description(Rule& rule, const Node& value);
  void examples(Rule& rule, const Node& value);
  void extension(Rule& rule, const Node& value);
  void retired(Rule& rule, const Node& value);
  template <std::optional<int64_t> Rule::*Field>
  void count(Rule& rule, const Node& value);
  template <std::optional<Node> Rule::*Field>
  void bound(Rule& rule, const Node& value);
  std::vector<const Rule*> branches(const Node& value);

  struct Reference {
    Rule* from;
    std::string target;
    const Node* at;
  };

  std::vector<Fault>& faults_;
  std::string path_;  // of the keyword being read
  std::vector<std::unique_ptr<Rule>> rules_;
  std::map<std::string, const Rule*> definitions_;
  std::vector<Reference> references_;
};

}  // namespace gantry::config
