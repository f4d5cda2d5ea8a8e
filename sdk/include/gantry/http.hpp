// Request and Response as handlers see them, Problem to leave a handler early, Pending to answer
// later.
#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gantry/abi/http.h"
#include "gantry/host.hpp"
#include "gantry/json_writer.hpp"

namespace gantry {

// A view of the request; valid until the handler returns (copy what you need when you answer
// later).
class Request {
 public:
  Request(const gantry_request& raw, const gantry_json* json) : raw_(&raw), json_(json) {}

  std::string_view method() const { return from_abi(raw_->method); }
  std::string_view path() const { return from_abi(raw_->path); }
  std::string_view route() const { return from_abi(raw_->route); }
  std::string_view body() const { return from_abi(raw_->body); }
  std::string_view peer() const { return from_abi(raw_->peer); }
  std::string_view request_id() const { return from_abi(raw_->request_id); }
  // Id of the authenticated user; empty on public routes without one.
  std::string_view user() const { return from_abi(raw_->user); }
  bool has_role(std::string_view role) const { return has_word(from_abi(raw_->roles), role); }
  // True when the user has one of the roles that the route demands.
  bool has_route_role() const {
    std::string_view rest = from_abi(raw_->route_roles);
    while (!rest.empty()) {
      const size_t end = rest.find(' ');
      if (has_role(rest.substr(0, end))) return true;
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return false;
  }
  uint32_t access() const { return raw_->access; }  // GANTRY_ACCESS_*
  // False on an event loop: then middleware that must block answers Verdict::worker.
  bool on_worker() const { return raw_->on_worker != 0; }
  Uuid command() const { return Uuid(raw_->command); }
  // How often this handler was called for this request before, see GANTRY_AGAIN.
  uint32_t attempt() const { return raw_->attempt; }

  // Value of a header, its name in lower case; empty when absent.
  std::string_view header(std::string_view name) const {
    for (uint32_t i = 0; i < raw_->header_count; ++i) {
      if (from_abi(raw_->headers[i].name) == name) return from_abi(raw_->headers[i].value);
    }
    return {};
  }

  // Path parameter by place in the pattern (from 0).
  std::string_view param(uint32_t index) const {
    if (index >= raw_->param_count) throw Error(Code::kInternal, "no such path parameter");
    return from_abi(raw_->params[index]);
  }
  Uuid param_uuid(uint32_t index) const {
    const auto id = Uuid::parse(param(index));
    if (!id) throw Error(Code::kNotFound, "no such resource");
    return *id;
  }

  // Body as JSON; the route has a body schema, so it has been checked already.
  Json json() const { return {json_, raw_->json}; }

  // Query parameter, percent-decoded; nullopt when absent. Empty and absent differ.
  //   throws  Problem 400  it stands there twice, so nobody knows which one is meant
  std::optional<std::string> query(std::string_view name) const {
    std::optional<std::string> value;
    std::string_view rest = from_abi(raw_->query);
    while (!rest.empty()) {
      const size_t end = rest.find('&');
      const std::string_view pair = rest.substr(0, end);
      const size_t equals = pair.find('=');
      if (decoded(pair.substr(0, equals)) == name) {
        if (value) repeated(name);
        value = equals == pair.npos ? std::string() : decoded(pair.substr(equals + 1));
      }
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return value;
  }

  // What Gantry-Min-Position (or ?min_position=) asks for: the read model has reached it. 0
  // without.
  gantry_position min_position() const {
    std::string text(header("gantry-min-position"));
    if (text.empty()) text = query("min_position").value_or("");
    gantry_position position = 0;
    std::from_chars(text.data(), text.data() + text.size(), position);
    return position;
  }

  const gantry_request& raw() const { return *raw_; }

 private:
  [[noreturn]] static void repeated(std::string_view parameter);
  static bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
      const size_t end = words.find(' ');
      if (words.substr(0, end) == word) return true;
      words.remove_prefix(end == words.npos ? words.size() : end + 1);
    }
    return false;
  }
  static std::string decoded(std::string_view text) {
    const auto nibble = [](char c) {
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                    : -1;
    };
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '+') {
        out += ' ';
      } else if (text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 &&
                 nibble(text[i + 2]) >= 0) {
        out += static_cast<char>(nibble(text[i + 1]) << 4 | nibble(text[i + 2]));
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  }
  const gantry_request* raw_;
  const gantry_json* json_;
};

// One fault of a request, for 422 answers.
struct RequestFault {
  std::string pointer;  // RFC 6901, "/lines/0/quantity"
  std::string code;     // UPPER_SNAKE
  std::string detail;
};

class Response {
 public:
  static Response ok(std::string json) { return {200, "application/json", std::move(json)}; }
  static Response created(std::string json, std::string_view location) {
    Response response{201, "application/json", std::move(json)};
    response.header("Location", location);
    return response;
  }
  static Response accepted(std::string json) { return {202, "application/json", std::move(json)}; }
  static Response no_content() { return {204, "", ""}; }
  // RFC 9457 problem document. params: one JSON object or empty.
  static Response problem(int status, std::string_view code, std::string_view detail,
                          std::string params = {}) {
    Response response{status, "", ""};
    response.code_ = code;
    response.detail_ = detail;
    response.params_ = std::move(params);
    return response;
  }
  // 422 VALIDATION_FAILED with one entry per fault.
  static Response invalid(const std::vector<RequestFault>& faults) {
    Response response = problem(422, "VALIDATION_FAILED", "the request body breaks a rule");
    JsonWriter json;
    json.array();
    for (const RequestFault& fault : faults) {
      json.object()
          .field("pointer", fault.pointer)
          .field("code", fault.code)
          .field("detail", fault.detail)
          .end();
    }
    response.errors_ = std::move(json.end()).text();
    return response;
  }
  // The same for one query parameter.
  static Response invalid_query(std::string_view parameter, std::string_view code,
                                std::string_view detail) {
    Response response = problem(422, "VALIDATION_FAILED", "the query breaks a rule");
    JsonWriter json;
    json.array().object();
    json.field("parameter", parameter).field("code", code).field("detail", detail);
    response.errors_ = std::move(json.end().end()).text();
    return response;
  }
  // The answer comes through a Pending; see Context::defer().
  static Response later() { return {0, "", ""}; }

  Response(int status, std::string_view content_type, std::string body)
      : status_(status), content_type_(content_type), body_(std::move(body)) {}

  Response& header(std::string_view name, std::string_view value) {
    headers_.emplace_back(name, value);
    return *this;
  }
  // ETag of a single resource: the version of its stream.
  Response& etag(int64_t version) { return header("ETag", join('"', version, '"')); }
  // Position of the last event written; readers wait for it with Gantry-Min-Position.
  Response& position(gantry_position position) {
    return header("Gantry-Position", to_text(position));
  }

  int status() const { return status_; }
  bool is_later() const { return status_ == 0; }
  const std::string& body() const { return body_; }

  // Puts this answer on the exchange. Again on the same one: only the headers added since.
  void apply(const gantry_http& http, gantry_handle exchange) const {
    if (applied_to_ != exchange) {
      applied_headers_ = 0;
      apply_body(http, exchange);
      applied_to_ = exchange;
    }
    for (; applied_headers_ < headers_.size(); ++applied_headers_) {
      const auto& [name, value] = headers_[applied_headers_];
      check(http.header(http.self, exchange, to_abi(name), to_abi(value)), "header");
    }
  }

 private:
  void apply_body(const gantry_http& http, gantry_handle exchange) const {
    if (!code_.empty()) {
      check(http.problem(http.self, exchange, static_cast<uint32_t>(status_), to_abi(code_),
                         to_abi(detail_), to_abi(params_), to_abi(errors_)),
            "problem");
    } else {
      check(http.answer(http.self, exchange, static_cast<uint32_t>(status_), to_abi(content_type_),
                        to_abi(body_)),
            "answer");
    }
  }

  int status_;
  std::string content_type_, body_;
  std::string code_, detail_, params_, errors_;
  std::vector<std::pair<std::string, std::string>> headers_;
  mutable gantry_handle applied_to_ = 0;
  mutable size_t applied_headers_ = 0;
};

// Thrown to leave a handler with an answer: throw Problem(404, "EVENT_NOT_FOUND", "...").
class Problem : public std::exception {
 public:
  Problem(int status, std::string_view code, std::string_view detail, std::string params = {})
      : response_(Response::problem(status, code, detail, std::move(params))), detail_(detail) {}
  explicit Problem(Response response) : response_(std::move(response)), detail_("refused") {}
  const Response& response() const { return response_; }
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  Response response_;
  std::string detail_;
};

inline void Request::repeated(std::string_view parameter) {
  throw Problem(400, "BAD_REQUEST", join("the query parameter ", parameter, " stands there twice"));
}

// The right to answer one request later, exactly once, from any thread. Dropped without an answer
// it answers 500. After the request has timed out an answer has no effect.
class Pending {
 public:
  Pending(const Host& host, gantry_handle exchange) : http_(&host.http()), exchange_(exchange) {}
  Pending(Pending&& other) noexcept
      : http_(std::exchange(other.http_, nullptr)), exchange_(other.exchange_) {}
  Pending& operator=(Pending&& other) noexcept {
    std::swap(http_, other.http_);
    std::swap(exchange_, other.exchange_);
    return *this;
  }
  ~Pending() {
    if (http_) fail(Error(Code::kInternal, "the plugin dropped the request without an answer"));
  }

  void answer(const Response& response) noexcept {
    if (stage(response)) send();
  }
  // The two halves of answer(), for Unit::store_answer(exchange()) in between. stage() is false
  // when the request is over; then nothing is left to do.
  bool stage(const Response& response) noexcept {
    if (guarded(nullptr, [&] { response.apply(*http_, exchange_); }) == GANTRY_OK) return true;
    http_ = nullptr;  // GANTRY_STALE
    return false;
  }
  void send() noexcept {
    if (http_) resume(GANTRY_DONE);
  }
  // Instead of send(), when committing the answer was a Conflict: the request gets the answer that
  // another server has stored under its Idempotency-Key, or the handler is called again.
  void again() noexcept {
    if (http_) resume(GANTRY_AGAIN);
  }
  void fail(const Error& error) noexcept {
    http_->fail(http_->self, exchange_, static_cast<gantry_rc>(error.code()),
                to_abi(error.detail()));
    resume(GANTRY_DONE);
  }
  gantry_handle exchange() const { return exchange_; }

 private:
  void resume(uint32_t verdict) noexcept {
    http_->resume(http_->self, exchange_, verdict);
    http_ = nullptr;
  }
  const gantry_http* http_;
  gantry_handle exchange_;
};

}  // namespace gantry
