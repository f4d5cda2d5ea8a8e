#include "core/pipeline/chain.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/pipeline/near.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

using Faults = std::vector<SnapshotFault>;

// Every entry that a chain may name, by name.
using Entries = std::map<std::string, ChainEntry>;

ChainEntry built_in(std::string name, Phase phase) {
  ChainEntry entry;
  entry.name = std::move(name);
  entry.phase = phase;
  return entry;
}

void add_contributed(Entries& entries, const Contribution& contribution, Faults& faults) {
  const std::string& plugin = contribution.owner->id();
  for (const MiddlewareSpec& spec : contribution.middleware) {
    const auto phase = phase_of(spec.phase);
    if (!phase) {
      faults.push_back({"", join("middleware \"", spec.name, "\" of ", plugin, " has the phase \"",
                                 spec.phase, "\", which there is not")});
      continue;
    }
    ChainEntry entry = built_in(spec.name, *phase);
    entry.owner = contribution.owner;
    entry.self = spec.self;
    entry.on_request = spec.on_request;
    entry.on_response = spec.on_response;
    const auto [other, fresh] = entries.emplace(spec.name, std::move(entry));
    if (fresh) continue;
    const std::string owner = other->second.owner ? other->second.owner->id() : "gantry";
    faults.push_back(
        {"", join("middleware \"", spec.name, "\" is declared by ", owner, " and by ", plugin)});
  }
}

Entries all_entries(const std::vector<Contribution>& contributions, const KnownMiddleware& known,
                    Faults& faults) {
  Entries entries;
  for (const auto& [name, phase] : built_in_middleware())
    entries.emplace(name, built_in(name, phase_of(phase).value_or(Phase::kEdge)));
  for (const Contribution& contribution : contributions)
    add_contributed(entries, contribution, faults);
  for (const auto& [name, phase] : known) {
    // A phase we cannot read is taken for the strictest one: missing is missing.
    ChainEntry entry = built_in(name, phase_of(phase).value_or(Phase::kAuthz));
    entry.missing = true;
    entries.emplace(name, std::move(entry));  // no effect when it is there after all
  }
  return entries;
}

std::string unknown_text(const std::string& name, const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& [known, entry] : entries) names.push_back(known);
  const std::string meant = near(name, names);
  std::string text = join("no plugin declares a middleware \"", name, "\"");
  return meant.empty() ? text : join(text, "; did you mean \"", meant, "\"?");
}

void append_entry(Chain& chain, const ChainEntry& entry, const std::string& path, Faults& faults) {
  for (const ChainEntry& before : chain.entries) {
    if (before.name == entry.name)
      faults.push_back({path, join("\"", entry.name, "\" stands in this chain twice")});
  }
  if (!chain.entries.empty() && entry.phase < chain.entries.back().phase) {
    const ChainEntry& last = chain.entries.back();
    faults.push_back(
        {path, join("\"", entry.name, "\" (phase ", name_of(entry.phase), ") cannot come after \"",
                    last.name, "\" (phase ", name_of(last.phase), ")")});
  }
  chain.access_log |= entry.name == "access_log";
  chain.idempotency |= entry.name == "idempotency";
  if (entry.missing && chain.missing.empty()) chain.missing = entry.name;
  chain.entries.push_back(entry);
}

}  // namespace

const KnownMiddleware& built_in_middleware() {
  static const KnownMiddleware all = {
      {"request_id", "edge"}, {"access_log", "trace"}, {"idempotency", "cache"}};
  return all;
}

bool Chain::has(Phase phase) const {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const ChainEntry& entry) { return entry.phase == phase; });
}

std::map<std::string, Chain> build_chains(const std::vector<Contribution>& contributions,
                                          const ChainConfig& config, const KnownMiddleware& known,
                                          Faults& faults) {
  const Entries entries = all_entries(contributions, known, faults);
  std::map<std::string, Chain> chains;
  for (const auto& [name, names] : config) {
    Chain& chain = chains[name];
    chain.name = name;
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string path = join("chains.", name, "[", i, "]");
      const auto entry = entries.find(names[i]);
      if (entry != entries.end()) {
        append_entry(chain, entry->second, path, faults);
        continue;
      }
      chain.misspelt = true;
      faults.push_back({path, unknown_text(names[i], entries)});
    }
  }
  return chains;
}

}  // namespace gantry::pipeline
