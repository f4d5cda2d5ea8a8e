// Plan: the host's side of gantry_plan. Records what a plugin declares in prepare() and refuses
// entries that are malformed by themselves; conflicts between plugins are found when the snapshot
// is built.
#pragma once
#include "core/plugins/context.hpp"
#include "core/plugins/prepared.hpp"
#include "gantry/abi/plan.h"

namespace gantry::plugins {

class Plan {
 public:
  // What is recorded calls into the plugin and through `context`, and must not be used after the
  // plugin is destroyed.
  Plan(Context& context, pipeline::OwnerPtr owner);
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const gantry_plan& table() const { return table_; }
  // Ends recording; a plugin that kept the table is answered GANTRY_DENIED from now on, as long as
  // this lives.
  Prepared take();

  // The entries of gantry_plan; each throws gantry::Error with the reason.
  void add(const gantry_route& route);
  void add(const gantry_middleware& middleware);
  void add(const gantry_subscription& subscription);
  void add(const gantry_projection& projection);
  void add(const gantry_migration& migration);
  void add(const gantry_health_check& check);
  void add(const gantry_event_type& type);
  void provide(std::string_view service, const void* table);
  void need(std::string_view service);

 private:
  // "<plugin>.<what>", unique among its like.
  template <class List>
  void demand_own_name(std::string_view name, const List& others) const;

  Context& context_;
  Prepared prepared_;
  bool taken_ = false;
  gantry_plan table_;
};

}  // namespace gantry::plugins
