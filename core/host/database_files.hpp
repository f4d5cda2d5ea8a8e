// DatabaseFiles: the files of the SQLite databases. Kept from other servers, whatever data
// directory those have, and watched: an unlinked file still takes writes that nobody will ever find
// again.
#pragma once
#include <sys/types.h>

#include <map>
#include <memory>
#include <string>

#include "core/host/file_lock.hpp"
#include "core/sql/database.hpp"

namespace gantry::host {

// The same for two ways to one file; its folder is made when missing. Its lock is this with
// ".lock".
//   throws  Unavailable  the folder cannot be made
std::string canonical_file(const std::string& file);

class DatabaseFiles {
 public:
  static constexpr uint64_t kFreeBytesMin = 1 << 20;

  // Locks <file>.lock of each file and makes the file when missing (mode 0600). Before any of them
  // is opened: closing a file gives up SQLite's own locks on it.
  //   throws  Unavailable  another server uses one (says its process id), or it cannot be written
  explicit DatabaseFiles(const std::map<std::string, sql::DatabaseOptions>& databases);

  // What is wrong with the file of a logical database, as one word: file_gone, file_replaced,
  // no_space; empty: nothing, or it has no file.  [any]
  std::string trouble(const std::string& database) const;

 private:
  struct File {
    File(const std::string& path, const std::string& database);
    std::string path;
    FileLock lock;
    dev_t device = 0;
    ino_t inode = 0;
  };
  std::map<std::string, std::shared_ptr<File>> files_;  // several databases may be in one file
};

}  // namespace gantry::host
