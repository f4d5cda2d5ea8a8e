// Result<T, E>: a value, or the reason there is none. For outcomes that are part of the business
// (style: the business says no); the world saying no is a thrown gantry::Error.
// Own type because libstdc++ 12 has no usable std::expected in C++20.
#pragma once
#include <utility>
#include <variant>

namespace gantry {

template <class E>
struct Refused {
  E reason;
};
template <class E>
Refused(E) -> Refused<E>;

template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T made) : state_(std::in_place_index<0>, std::move(made)) {}  // NOLINT
  Result(Refused<E> refused)
      : state_(std::in_place_index<1>, std::move(refused.reason)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const E& reason() const { return std::get<1>(state_); }

  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
};

// For std::visit; the guide is explicit because clang 14 has no CTAD for aggregates.
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace gantry
