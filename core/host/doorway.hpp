// Doorway: the edge needs its handler to exist, the pipeline needs the edge's loops to exist. The
// doorway stands in for the pipeline until it is there, which is before the server starts.
#pragma once
#include "core/pipeline/exchange.hpp"

namespace gantry::host {

class Doorway final : public pipeline::Handler {
 public:
  void open(pipeline::Handler& handler) { handler_ = &handler; }
  void head(pipeline::Exchange& exchange) override { handler_->head(exchange); }
  void request(pipeline::Exchange& exchange) override { handler_->request(exchange); }
  void refuse(pipeline::Exchange& exchange, int status, std::string_view code,
              std::string_view detail) override {
    handler_->refuse(exchange, status, code, detail);
  }
  void ended(pipeline::Exchange& exchange, bool sent) override { handler_->ended(exchange, sent); }

 private:
  pipeline::Handler* handler_ = nullptr;
};

}  // namespace gantry::host
