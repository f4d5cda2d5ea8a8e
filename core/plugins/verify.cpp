#include "core/plugins/verify.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/plugins/elf.hpp"
#include "core/plugins/interfaces.hpp"
#include "core/sql/migrations.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string error_text() { return std::strerror(errno); }

// Who may write a plugin may run code in the host: only its owner, and that is root or the host's
// user.
std::string owner_fault(const struct stat& status, std::string_view path) {
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return join("is writable by group or others; run chmod go-w ", path);
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return join("belongs to user ", status.st_uid,
                "; give it to root or to the user that runs the host");
  return {};
}

Result<std::string, std::string> read_checked(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  struct stat status {};
  if (::stat(folder.empty() ? "." : folder.c_str(), &status) != 0)
    return Refused{join("cannot be read: its directory: ", error_text())};
  if (auto fault = owner_fault(status, folder.string()); !fault.empty())
    return Refused{join("is in a directory that ", fault)};
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd() < 0) return Refused{join("cannot be read: ", error_text())};
  if (::fstat(file.fd(), &status) != 0) return Refused{join("cannot be read: ", error_text())};
  if (!S_ISREG(status.st_mode)) return Refused{std::string("is not a regular file")};
  if (auto fault = owner_fault(status, path); !fault.empty()) return Refused{std::move(fault)};
  std::string bytes;
  char page[64 * 1024];
  for (;;) {
    const ssize_t count = ::read(file.fd(), page, sizeof page);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Refused{join("cannot be read: ", error_text())};
    if (count == 0) return bytes;
    if (bytes.size() + static_cast<size_t>(count) > kPluginBytesMax)
      return Refused{join("is larger than ", kPluginBytesMax, " bytes; strip it")};
    bytes.append(page, static_cast<size_t>(count));
  }
}

std::string manifest_reason(const std::vector<config::Fault>& faults) {
  std::string text = "has a wrong manifest: ";
  for (size_t i = 0; i < faults.size(); ++i)
    text += (i == 0 ? "" : " · ") + config::to_text(faults[i]);
  return text;
}

bool same_digest(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}
}  // namespace

Result<Verified, Refusal> verify(const std::string& path, const VerifyOptions& options) {
  auto bytes = read_checked(path);
  if (!bytes) return Refused{Refusal{bytes.reason(), {}}};
  const auto elf = Elf::read(*bytes);
  if (!elf) return Refused{Refusal{elf.reason(), {}}};
  const auto text = elf->section(".gantry.manifest");
  if (!text)
    return Refused{
        Refusal{"has no .gantry.manifest section; build it with gantry_add_plugin()", {}}};
  auto manifest = read_manifest(*text, "plugin.yaml");
  if (!manifest) return Refused{Refusal{manifest_reason(manifest.reason()), {}}};
  const auto refuse = [&](std::string reason) {
    return Refused{Refusal{std::move(reason), std::move(*manifest)}};
  };
  if (!elf->exports_function("gantry_plugin_entry"))
    return refuse("does not export gantry_plugin_entry; define it with default visibility");
  if (auto reason = interface_refusal(*manifest, options.host_version, options.allow_draft);
      !reason.empty()) {
    return refuse(std::move(reason));
  }
  const auto schema = elf->section(".gantry.config_schema");
  auto sha256 = sql::sha256_hex(*bytes);
  if (options.sha256 && !same_digest(*options.sha256, sha256)) {
    return refuse(join("has sha256 ", sha256, ", the configuration wants ", *options.sha256,
                       "; install the right file or correct the configuration"));
  }
  return Verified{path, std::move(*bytes), std::move(sha256), std::move(*manifest),
                  std::string(schema.value_or(""))};
}

}  // namespace gantry::plugins
