// Fault: one thing that is wrong with a configuration, with its place. Faults are values:
// everything in this folder collects them and goes on, so that one run shows all of them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace gantry::config {

// A place in a source. `line` and `column` are 1-based and count characters, not bytes; line 0
// means the source as a whole. For `--set` arguments, file is "--set", line the number of the
// argument and column the place in `key=value`.
struct Mark {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Mark&, const Mark&) = default;
};

// `path` is the dotted key ("http.listen", "loader.directories[1]"), empty for the whole source.
// `message` is one sentence for the deployer and never contains a secret.
struct Fault {
  Mark mark;
  std::string path;
  std::string message;
};

// Faults stop the start; warnings (retired keys, files that were passed over) do not.
struct Findings {
  std::vector<Fault> faults;
  std::vector<Fault> warnings;

  bool ok() const { return faults.empty(); }
  void add(Findings more);
  // By file, line, column; equal places keep the order in which they were found.
  void sort();
};

// "config/gantry.yaml:12:3: http.lissten: unknown key "lissten"; did you mean "listen"?"
std::string to_text(const Fault& fault);
// One line per fault, in the order given, each ended by a newline.
std::string to_text(const std::vector<Fault>& faults);

// "http" + "listen" = "http.listen"; a key that is not a plain word is put in quotes.
std::string path_of(std::string_view parent, std::string_view key);
std::string path_of(std::string_view parent, size_t index);

}  // namespace gantry::config
