#include "tests/contract/log/fault_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <new>
#include <string_view>

namespace gantry::log::test {

namespace {

struct Fault {
  std::atomic<int> rc{SQLITE_OK};
  std::atomic<int> times{0};

  void set(int code, int count) {
    rc = code;
    times = count;
  }
  int next() { return times > 0 && times-- > 0 ? rc.load() : SQLITE_OK; }
};
Fault writes, syncs;
std::atomic<int> injections{0};

// SQLite allocates szOsFile bytes: this header, then the real file.
struct File {
  sqlite3_file base;
  bool is_wal;
};
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
}
sqlite3_vfs* own() { return sqlite3_vfs_find("unix"); }

int injected(const sqlite3_file* file, Fault& fault) {
  const int rc = reinterpret_cast<const File*>(file)->is_wal ? fault.next() : SQLITE_OK;
  if (rc != SQLITE_OK) ++injections;
  return rc;
}

int x_close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int x_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return real(f)->pMethods->xRead(real(f), to, n, at);
}
int x_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (const int rc = injected(f, writes)) return rc;
  return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int x_truncate(sqlite3_file* f, sqlite3_int64 n) {
  return real(f)->pMethods->xTruncate(real(f), n);
}
int x_sync(sqlite3_file* f, int flags) {
  if (const int rc = injected(f, syncs)) return rc;
  return real(f)->pMethods->xSync(real(f), flags);
}
int x_size(sqlite3_file* f, sqlite3_int64* n) { return real(f)->pMethods->xFileSize(real(f), n); }
int x_lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int x_unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int x_reserved(sqlite3_file* f, int* is) {
  return real(f)->pMethods->xCheckReservedLock(real(f), is);
}
int x_control(sqlite3_file* f, int op, void* arg) {
  return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int x_sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int x_device(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int x_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** at) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, at);
}
int x_shm_lock(sqlite3_file* f, int at, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}
void x_shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) {
  return real(f)->pMethods->xShmUnmap(real(f), remove);
}

const sqlite3_io_methods kMethods = {
    2,          x_close,       x_read,      x_write,   x_truncate, x_sync,   x_size,
    x_lock,     x_unlock,      x_reserved,  x_control, x_sector,   x_device, x_shm_map,
    x_shm_lock, x_shm_barrier, x_shm_unmap, nullptr,   nullptr,
};

int x_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
  auto* file = new (f) File{};
  file->is_wal = name != nullptr && std::string_view(name).ends_with("-wal");
  const int rc = own()->xOpen(own(), name, real(f), flags, out);
  if (real(f)->pMethods != nullptr) file->base.pMethods = &kMethods;
  return rc;
}

}  // namespace

void FaultVfs::install() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *own();
    made.zName = kName;
    made.szOsFile += static_cast<int>(sizeof(File));
    made.pNext = nullptr;
    made.xOpen = x_open;
    return made;
  }();
  sqlite3_vfs_register(&vfs, 0);
}

void FaultVfs::fail_writes(int rc, int times) { writes.set(rc, times); }
void FaultVfs::fail_syncs(int rc, int times) { syncs.set(rc, times); }
void FaultVfs::heal() {
  writes.set(SQLITE_OK, 0);
  syncs.set(SQLITE_OK, 0);
  injections = 0;
}
int FaultVfs::injected() { return injections; }

}  // namespace gantry::log::test
