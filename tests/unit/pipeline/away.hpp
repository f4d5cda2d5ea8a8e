// Away: requests that leave the loop.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {

class Away : public testing::Test {
 protected:
  Client& begin(std::string target = "/x",
                std::vector<std::pair<std::string, std::string>> headers = {},
                std::string method = "GET", std::string body = {}) {
    Client& client = *rig.clients.emplace_back(std::make_unique<Client>(rig.pipeline, rig.loop));
    client.begin(std::move(method), std::move(target), std::move(headers), std::move(body));
    return client;
  }
  // A handler that keeps its handle and is PENDING.
  Call pending() {
    return [this](gantry_handle exchange, const gantry_request&) {
      held = exchange;
      return GANTRY_PENDING;
    };
  }
  gantry_rc answer_held(std::string_view body = "\"late\"") {
    return rig.pipeline.answer(held, 200, "application/json", body);
  }
  gantry_rc resume_held(uint32_t verdict = GANTRY_DONE) {
    const gantry_rc rc = rig.pipeline.resume(held, verdict);
    rig.run();
    return rc;
  }
  void publish(std::vector<std::string> chain = {}) {
    rig.publish({acme.contribution}, {{"public", std::move(chain)}});
  }
  // True once no request uses the snapshot of before this call.
  bool drained() {
    const auto done = std::make_shared<bool>(false);
    rig.pipeline.publish(rig.pipeline.current(), {}, [done] { *done = true; });
    rig.run();
    return *done;
  }

  Rig rig;
  Plugin acme;
  gantry_handle held = 0;
  std::vector<std::string> seen;
};

}  // namespace gantry::pipeline
