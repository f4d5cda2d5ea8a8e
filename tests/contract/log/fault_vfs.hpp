// A SQLite VFS that fails on demand: SQLite's own one underneath, with the writes and syncs of the
// write-ahead log under the test's control.
#pragma once
namespace gantry::log::test {

struct FaultVfs {
  static constexpr const char* kName = "gantry-fault";
  static constexpr int kAlways = 1'000'000;

  static void install();  // registers it with SQLite, once
  // The next `times` writes (syncs) of the write-ahead log answer `rc` and do nothing.
  static void fail_writes(int rc, int times = kAlways);
  static void fail_syncs(int rc, int times = kAlways);
  static void heal();
  static int injected();  // faults since the last heal()
};

}  // namespace gantry::log::test
