// Elf: what the loader must know of a shared library before any of it runs. Reads the bytes of the
// file and trusts none of them: every offset is checked against the size. ELF64 of this machine
// only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/result.hpp"

namespace gantry::plugins {

class Elf {
 public:
  // Borrows `file`, which must outlive the result. The refusal reads on after the file's name: "is
  // …".
  static Result<Elf, std::string> read(std::string_view file);

  // Contents of the first section of that name; nullopt when there is none.
  std::optional<std::string_view> section(std::string_view name) const;
  // True when .dynsym defines a global function of that name with default visibility.
  bool exports_function(std::string_view name) const;

 private:
  struct Section {
    std::string_view name;
    std::string_view bytes;  // empty for sections without contents in the file
    uint32_t type = 0;
    uint32_t link = 0;
  };
  std::vector<Section> sections_;
};

}  // namespace gantry::plugins
