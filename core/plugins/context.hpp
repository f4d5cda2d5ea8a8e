// Context: what the tables of one plugin generation share; the `self` of each of them. Kept for a
// while after the generation is gone (Registry::kRetiredMax): a plugin that still calls then is
// answered GANTRY_STALE.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/plugins/gate.hpp"
#include "core/plugins/handle_table.hpp"
#include "core/plugins/holders.hpp"
#include "core/plugins/manifest.hpp"
#include "core/plugins/open_units.hpp"
#include "core/plugins/ports.hpp"
#include "core/plugins/series_table.hpp"
#include "core/plugins/service_directory.hpp"
#include "core/plugins/tables/tables.hpp"
#include "gantry/abi/host.h"

namespace gantry::plugins {

// A session on loan, or lent by a projection for one event.
struct OpenSession {
  ~OpenSession() {
    if (in_transaction && session) session->rollback();
  }
  std::recursive_mutex mutex;  // held while it is used; a row visitor may use it again
  std::string database;
  sql::Lease lease;                 // empty for a projection
  sql::Session* session = nullptr;  // null: taken back
  bool in_transaction = false;
  bool of_projection = false;
};

class Context {
 public:
  // config: the plugin's section, one JSON object with defaults filled in.
  //   throws  gantry::Error Invalid  config is no JSON object
  Context(const Ports& ports, const Manifest& manifest, std::string_view config,
          SeriesTable& series);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const std::string& id() const { return manifest_.id; }
  const Manifest& manifest() const { return manifest_; }
  const Ports& ports() const { return ports_; }
  const gantry_host& host() const { return host_; }
  SeriesTable& series() const { return series_; }
  // Null once the plugin is gone.
  const gantry_json_node* config() const { return section_.load(std::memory_order_acquire); }

  // The table of that interface; null unless the manifest asks for it.
  const void* table(std::string_view interface) const;

  bool is_open() const { return open_.load(std::memory_order_acquire); }
  // The plugin is gone: its handles are stale and every function answers GANTRY_STALE. Returns how
  // many handles it had left open.
  size_t close();

  OpenUnits& units;  // of all plugins
  HandleTable<OpenSession> sessions;
  HandleTable<base::JsonDocument> documents;
  HandleTable<ServiceLoan> leases;  // services it borrows
  Holders borrowers;                // of the services it offers
  Holders commits;                  // commits that will call it back
  Holders asks;                     // asks whose answer it will be told
  Holders watches;                  // units of anybody whose outcome it will be told
  const std::shared_ptr<Gate> upcasts =
      std::make_shared<Gate>();  // calls of its upcasters; second owner: the event types

 private:
  const Ports& ports_;
  const Manifest manifest_;
  SeriesTable& series_;
  std::unique_ptr<base::JsonDocument> config_;  // until close()
  std::atomic<const gantry_json_node*> section_{nullptr};
  Tables tables_;
  gantry_host host_;
  std::atomic<bool> open_{true};
};

}  // namespace gantry::plugins
