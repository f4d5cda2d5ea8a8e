// gantry: arguments → configuration → host → exit code. The commands are in core/cli.
#include <exception>
#include <iostream>

#include "core/cli/cli.hpp"
#include "gantry/error.hpp"

namespace {
int failed(std::string_view why) {
  std::cerr << "gantry: " << why << '\n';
  return gantry::cli::kFailed;
}
}  // namespace

int main(int argc, char** argv) {
  try {
    return gantry::cli::run(argc, argv);
  } catch (const gantry::Error& error) {
    return failed(error.detail());
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("ended by something that is not a std::exception");
  }
}
