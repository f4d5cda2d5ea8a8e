// What is refused, why, and that nothing of it has run: every test plugin has a constructor that
// writes to the file that $GANTRY_TEST_RAN names.
#include "core/plugins/verify.hpp"

#include <sys/stat.h>

#include <cstdlib>

#include "core/plugins/elf.hpp"
#include "core/plugins/load.hpp"
#include "core/plugins/stage.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {
using testing::HasSubstr;

class Refused : public testing::Test {
 protected:
  Refused() { ::setenv("GANTRY_TEST_RAN", ran_.c_str(), 1); }
  ~Refused() override {
    EXPECT_FALSE(std::filesystem::exists(ran_)) << "code ran: " << read_all(ran_);
    ::unsetenv("GANTRY_TEST_RAN");
  }
  std::string reason(const std::string& path, const VerifyOptions& options = {"0.1.0", {}, false}) {
    const auto verified = verify(path, options);
    return verified ? "accepted" : verified.reason().reason;
  }
  Folder folder_;
  Folder elsewhere_;
  const std::string ran_ = elsewhere_.path() + "/ran";
};

TEST_F(Refused, NotAGoodOne) { EXPECT_EQ(reason(folder_.add("actor_good")), "accepted"); }

TEST_F(Refused, WhatIsNoElfFile) {
  EXPECT_THAT(reason(folder_.write("a.so", "#!/bin/sh\necho hello\n")),
              HasSubstr("is not an ELF shared library"));
  EXPECT_THAT(reason(folder_.write("b.so", "")), HasSubstr("is not an ELF shared library"));
  EXPECT_THAT(reason(folder_.path() + "/none.so"), HasSubstr("No such file"));
  std::filesystem::create_directory(folder_.path() + "/folder.so");
  EXPECT_THAT(reason(folder_.path() + "/folder.so"), HasSubstr("is not a regular file"));
}

TEST_F(Refused, AnotherMachine) {
  std::string bytes = read_all(folder_.add("actor_good"));
  bytes[18] = '\x28';  // e_machine: 32-bit ARM
  EXPECT_THAT(reason(folder_.write("arm.so", bytes)), HasSubstr("built for another machine"));
}

TEST_F(Refused, OneThatIsCutShort) {
  const std::string bytes = read_all(folder_.add("actor_good"));
  EXPECT_THAT(reason(folder_.write("cut.so", bytes.substr(0, bytes.size() - 1))),
              HasSubstr("is truncated"));
}

TEST_F(Refused, OneWithoutManifest) {
  EXPECT_THAT(reason(folder_.add("refused_no_manifest")),
              HasSubstr("has no .gantry.manifest section; build it with gantry_add_plugin()"));
}

TEST_F(Refused, AWrongManifestWithAllItsFaultsAndLines) {
  const std::string why = reason(folder_.add("refused_manifest"));
  EXPECT_THAT(why, HasSubstr("plugin.yaml:3:1"));
  EXPECT_THAT(why, HasSubstr("summary"));
  EXPECT_THAT(why, HasSubstr("plugin.yaml:4:"));
}

TEST_F(Refused, OneWithoutEntry) {
  EXPECT_THAT(reason(folder_.add("refused_no_entry")),
              HasSubstr("does not export gantry_plugin_entry"));
}

TEST_F(Refused, OneThatNeedsMoreOfAnInterface) {
  EXPECT_THAT(reason(folder_.add("refused_newer")),
              HasSubstr("needs gantry.log/1 with at least 4096 bytes, this host 0.1.0 has"));
}

TEST_F(Refused, OneThatNeedsAnUnknownInterface) {
  EXPECT_THAT(reason(folder_.add("refused_unknown")), HasSubstr("needs gantry.warp/1"));
}

TEST_F(Refused, ADraftUnlessTheConfigurationAllowsIt) {
  const std::string path = folder_.add("refused_draft");
  EXPECT_THAT(reason(path), HasSubstr("allow_draft"));
  EXPECT_EQ(reason(path, {"0.1.0", {}, true}), "accepted");
}

TEST_F(Refused, AnotherDigestThanConfigured) {
  const std::string path = folder_.add("actor_good");
  EXPECT_THAT(reason(path, {"0.1.0", std::string(64, 'a'), false}), HasSubstr("has sha256"));
  std::string digest = verify(path, {"0.1.0", {}, false})->sha256;
  for (char& c : digest) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(reason(path, {"0.1.0", digest, false}), "accepted");
}

TEST_F(Refused, WhatOthersMayWrite) {
  const std::string path = folder_.add("actor_good");
  ::chmod(path.c_str(), 0775);
  EXPECT_THAT(reason(path), HasSubstr("is writable by group or others; run chmod go-w"));
  ::chmod(path.c_str(), 0755);
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_THAT(reason(path), HasSubstr("is in a directory that is writable"));
  ::chmod(folder_.path().c_str(), 0700);
}

TEST_F(Refused, EveryPrefix) {
  const std::string bytes = read_all(folder_.add("actor_good"));
  for (size_t size = 0; size < bytes.size(); size += 97) {
    const std::string part = bytes.substr(0, size);  // its own allocation: reads beyond are found
    EXPECT_FALSE(Elf::read(part).ok()) << size;
  }
}

TEST_F(Refused, OrAcceptedButNeverACrashWhateverBytesAreWrong) {
  const std::string good = read_all(folder_.add("actor_good"));
  uint64_t random = 88172645463325252ULL;  // xorshift64: the same flips in every run
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = good;
    for (int flips = 0; flips < 4; ++flips) {
      random ^= random << 13, random ^= random >> 7, random ^= random << 17;
      // Half of the flips hit the headers, where they hurt.
      const size_t size = round % 2 == 0 ? 64 : bytes.size();
      const size_t at = round % 4 == 1 ? bytes.size() - 1 - random % 1024 : random % size;
      bytes[at] = static_cast<char>(random >> 32);
    }
    const auto elf = Elf::read(bytes);
    if (!elf) continue;
    elf->exports_function("gantry_plugin_entry");
    if (const auto text = elf->section(".gantry.manifest"))
      (void)read_manifest(*text, "plugin.yaml").ok();
  }
}

TEST(Stage, NamesTheCopyByItsContentAndKeepsItOutOfReach) {
  const Folder folder, data;
  const auto verified = verify(folder.add("actor_other"), {"0.1.0", {}, false});
  const std::string path = stage(*verified, data.path());
  EXPECT_EQ(path, join(data.path(), "/plugins/actor_other/", verified->sha256, ".so"));
  EXPECT_EQ(read_all(path), verified->bytes);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0500u);
  EXPECT_EQ(stage(*verified, data.path()), path);
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(data.path() + "/plugins/actor_other"))
    files += entry.is_regular_file();
  EXPECT_EQ(files, 1u);
}

TEST(Stage, SaysWhatIsWrongWithTheDirectory) {
  const Folder folder;
  const auto verified = verify(folder.add("actor_other"), {"0.1.0", {}, false});
  folder.write("file", "");
  EXPECT_THROW(stage(*verified, folder.path() + "/file"), Error);
}

TEST(Load, RunsConstructorsOnlyNow) {
  const Folder folder, elsewhere;
  const std::string ran = elsewhere.path() + "/ran";
  ::setenv("GANTRY_TEST_RAN", ran.c_str(), 1);
  const auto loaded = load(folder.add("actor_asks_nothing"));
  ::unsetenv("GANTRY_TEST_RAN");
  EXPECT_TRUE(loaded.ok());
  EXPECT_EQ(read_all(ran), "actor_asks_nothing\n");
}

TEST(Load, SaysWhyItCannot) {
  const Folder folder;
  const auto loaded = load(folder.write("a.so", "no library"));
  EXPECT_THAT(loaded.reason(), HasSubstr("cannot be loaded"));
}

}  // namespace
}  // namespace gantry::plugins
