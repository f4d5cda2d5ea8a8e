#include "core/config/source_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "gantry/text.hpp"

namespace gantry::config {
namespace {

// Bytes of the valid UTF-8 sequence at the start of `text`, 0 when there is none. RFC 3629,
// section 4.
size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool too_big = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_big ? 0 : length;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
}

}  // namespace

Result<std::string, std::string> read_file(const std::string& path, size_t bytes_max) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return Refused{std::string("is a directory")};
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return Refused{std::string(std::strerror(errno ? errno : ENOENT))};
  // Piece by piece: what the file says of its size need not be true, and bytes_max may be large.
  std::string content;
  std::array<char, 64 * 1024> piece;
  while (in && content.size() <= bytes_max) {
    in.read(piece.data(), piece.size());
    content.append(piece.data(), static_cast<size_t>(in.gcount()));
  }
  if (in.bad()) return Refused{std::string("reading stopped with an error")};
  if (content.size() > bytes_max) return Refused{join("is larger than ", bytes_max, " bytes")};
  return content;
}

std::optional<size_t> first_bad_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = utf8_sequence(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

size_t characters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

SourceText::SourceText(std::string text, Mark start)
    : text_(std::move(text)), start_(std::move(start)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);  // byte order mark
  lines_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') lines_.push_back(i + 1);
  }
}

size_t SourceText::offset(int line, int byte_column) const {
  const auto row = static_cast<size_t>(std::max(line, 0));
  if (row >= lines_.size()) return text_.size();
  return std::min(lines_[row] + static_cast<size_t>(std::max(byte_column, 0)), text_.size());
}

Mark SourceText::mark(int line, int byte_column) const {
  return mark_at(offset(line, byte_column));
}

Mark SourceText::mark_at(size_t offset) const {
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const auto row = static_cast<size_t>(next - lines_.begin()) - 1;
  const auto before = std::string_view(text_).substr(lines_[row], offset - lines_[row]);
  const int column = (row == 0 ? start_.column : 1) + static_cast<int>(characters(before));
  return {start_.file, start_.line + static_cast<int>(row), column};
}

std::optional<Fault> SourceText::unreadable() const {
  const size_t bad = first_bad_utf8(text_).value_or(text_.size());
  const auto control = std::find_if(text_.begin(), text_.end(), is_control);
  const auto at = static_cast<size_t>(control - text_.begin());
  if (at < bad) return Fault{mark_at(at), "", "control characters are not allowed here"};
  if (bad < text_.size()) return Fault{mark_at(bad), "", "this is not valid UTF-8"};
  return std::nullopt;
}

}  // namespace gantry::config
