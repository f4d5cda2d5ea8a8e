// The files of tests/golden: samples of every version of every event type that was ever shipped.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace gantry::golden {

std::string read_text(const std::string& path);  // below tests/golden; empty when absent

// Types that have samples, ascending.
std::vector<std::string> types();
// The samples of a type as JSON texts in canonical form; none when it has no file.
std::vector<std::string> samples(const std::string& type);
// What they must become: as in current/<type>.json, or the samples themselves when there is no such
// file.
std::vector<std::string> expected(const std::string& type);

// Lines of SHA256SUMS: digest by file name.
std::map<std::string, std::string> digests();

}  // namespace gantry::golden
