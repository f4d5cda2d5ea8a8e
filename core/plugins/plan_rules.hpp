// What one entry of a plan must look like by itself. Each demand throws gantry::Error Invalid with
// a sentence.
#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/event_type.hpp"
#include "gantry/abi/plan.h"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

// "payments.settle": lower-case words joined by dots, at most 128 bytes.
bool is_dotted_name(std::string_view name);
// "gantry.payment_provider/1"
bool is_interface_name(std::string_view name);
bool contains(const std::vector<std::string>& list, std::string_view text);

void demand_route(const gantry_route& route);
void demand_middleware(const gantry_middleware& middleware);
void demand_database(std::string_view name);
// owner: id of the plugin; before: what it has declared already.
void demand_event_type(const log::DeclaredType& type, std::string_view owner,
                       const std::vector<log::DeclaredType>& before);

// A copy of an entry whose size says that the plugin filled at least what version 1 of its struct
// had.
template <class T>
T checked_entry(const T* entry) {
  if (!entry || entry->size < sizeof(T)) {
    throw Error(Code::kInvalid, join("a plan entry has size ", entry ? entry->size : 0, ", not ",
                                     sizeof(T), "; set size = sizeof of the struct"));
  }
  T copy;
  std::memcpy(&copy, entry, sizeof copy);
  return copy;
}

}  // namespace gantry::plugins
