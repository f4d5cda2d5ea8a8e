// SourceText: the bytes of one source (a file, a --set argument), checked, and the way from a byte
// in it to the line and column a deployer sees.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fault.hpp"
#include "gantry/result.hpp"

namespace gantry::config {

inline constexpr size_t kSourceBytesMax = 1024 * 1024;

// Reads at most `bytes_max` bytes. The refusal says why in words ("No such file or directory").
Result<std::string, std::string> read_file(const std::string& path, size_t bytes_max);

// The first byte that is not part of valid UTF-8 (RFC 3629), if any.
std::optional<size_t> first_bad_utf8(std::string_view text);

// Unicode code points in valid UTF-8.
size_t characters(std::string_view text);

class SourceText {
 public:
  // `start` is the place of the first character: {file, 1, 1} for a file.
  SourceText(std::string text, Mark start);

  std::string_view text() const { return text_; }
  // The place of a line and byte column, both 0-based; beyond the end is the end.
  Mark mark(int line, int byte_column) const;
  size_t offset(int line, int byte_column) const;
  // Refuses what yaml-cpp would misread: invalid UTF-8, and control characters (it takes byte 4 for
  // the end of the input and would silently drop what follows).
  std::optional<Fault> unreadable() const;

 private:
  Mark mark_at(size_t offset) const;

  std::string text_;
  Mark start_;
  std::vector<size_t> lines_;  // offset of the first byte of each line
};

}  // namespace gantry::config
