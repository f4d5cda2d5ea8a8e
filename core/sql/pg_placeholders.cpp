#include "core/sql/pg_placeholders.hpp"

#include <algorithm>
#include <cctype>

#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) {
  return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         (c & 0x80) != 0;
}

// Takes `word` off the front, with the space before it; keywords have no case.
bool take_word(std::string_view& text, std::string_view word) {
  std::string_view rest = text;
  while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
  if (rest.size() < word.size() || (rest.size() > word.size() && is_word(rest[word.size()])))
    return false;
  const bool same = std::equal(word.begin(), word.end(), rest.begin(), [](char a, char b) {
    return a == std::toupper(static_cast<unsigned char>(b));
  });
  if (same) text = rest.substr(word.size());
  return same;
}

bool is_null_test(std::string_view rest) {
  if (!take_word(rest, "IS")) return false;
  take_word(rest, "NOT");
  return take_word(rest, "NULL");
}

// The length of what is in quotes at the front; a doubled quote is one of its characters.
size_t quoted_length(std::string_view text, bool backslash_escapes) {
  const char quote = text.front();
  for (size_t i = 1; i < text.size(); ++i) {
    if (backslash_escapes && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return text.size();
}

// Of $tag$ … $tag$; 1 when the '$' begins no such string.
size_t dollar_quoted_length(std::string_view text) {
  const size_t end_of_tag = text.find('$', 1);
  if (end_of_tag == text.npos) return 1;
  const std::string_view tag = text.substr(0, end_of_tag + 1);
  const auto inside = tag.substr(1, tag.size() - 2);
  const bool is_tag =
      inside.empty() || (std::isdigit(static_cast<unsigned char>(inside.front())) == 0 &&
                         std::all_of(inside.begin(), inside.end(), is_word));
  if (!is_tag) return 1;
  const size_t end = text.find(tag, tag.size());
  return end == text.npos ? text.size() : end + tag.size();
}

// Comments of this kind nest.
size_t block_comment_length(std::string_view text) {
  size_t depth = 0, i = 0;
  while (i + 1 < text.size()) {
    if (text[i] == '/' && text[i + 1] == '*') {
      ++depth, i += 2;
    } else if (text[i] == '*' && text[i + 1] == '/') {
      i += 2;
      if (--depth == 0) return i;
    } else {
      ++i;
    }
  }
  return text.size();
}

// How much at the front is to be copied as it is; 0 at a placeholder. `before` is the character in
// front of it, `early` the one before that.
size_t verbatim_length(std::string_view text, char before, char early) {
  switch (text.front()) {
    case '?':
      return 0;
    case '\'': {
      const bool escapes = (before == 'e' || before == 'E') && !is_word(early);
      return quoted_length(text, escapes);
    }
    case '"':
      return quoted_length(text, false);
    case '$':
      return is_word(before) ? 1 : dollar_quoted_length(text);
    case '-':
      return text.starts_with("--") ? std::min(text.find('\n'), text.size()) : 1;
    case '/':
      return text.starts_with("/*") ? block_comment_length(text) : 1;
    default:
      return 1;
  }
}

}  // namespace

PgText with_numbered_parameters(std::string_view statement) {
  PgText out;
  out.sql.reserve(statement.size() + 32);
  size_t at = 0;
  while (at < statement.size()) {
    const char before = at > 0 ? statement[at - 1] : ' ', early = at > 1 ? statement[at - 2] : ' ';
    const size_t length = verbatim_length(statement.substr(at), before, early);
    if (length > 0) {
      out.sql += statement.substr(at, length);
      at += length;
      continue;
    }
    const bool null_test = is_null_test(statement.substr(++at));
    out.only_null_counts.push_back(null_test);
    const size_t number = out.only_null_counts.size();
    out.sql += null_test ? join("CAST($", number, " AS text)") : join("$", number);
  }
  return out;
}

}  // namespace gantry::sql
