// Node and FileSystem: what a server implements to have its objects named, opened and read.
#pragma once

#include <mach/port.h>
#include <servers/posix_types.h>
#include <sys/stat.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace server {

class FileSystem;
class Node;
class OpenObject;
struct View;

using NodeRef = base::Ref<Node>;

// What a file is made with. The caller has checked permissions.
struct NewNode {
  uint32_t mode = 0;  // type and permissions
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint32_t rdev = 0;
  std::string_view target = {};  // of a symbolic link
};

// One io_setattr: `which` are FS_SET_* bits.
struct AttributeChange {
  uint32_t which = 0;
  uint32_t mode = 0;
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint64_t size = 0;
  posix_timespec_t atime = {};
  posix_timespec_t mtime = {};
};

// One io_window: which part of a file is to be mapped where.
struct WindowRequest {
  mach_port_t task = MACH_PORT_NULL;
  uint32_t address = 0;
  uint64_t offset = 0;
  uint32_t size = 0;
  bool readable = false;
  bool write = false;
};
struct Window {
  bool writable = false;
  uint32_t epoch = 0;
  uint64_t room_end = 0;  // beyond the end of the file: how far it may be written, too
};
// One io_grown.
struct Growth {
  uint64_t position = 0;
  uint64_t end = 0;
  uint32_t epoch = 0;
};

struct DirectoryEntry {
  uint64_t inode;
  uint8_t type;  // DT_*
  std::string_view name;
  int64_t next;  // position behind this entry
};

// Where the contents of a file lie.
struct DiskPlace {
  struct Run {
    uint32_t first;  // sectors of 512 bytes
    uint32_t count;
  };
  std::string device;  // "hd0s1"
  std::vector<Run> runs;
};

// Takes directory entries until it is full.
class DirectorySink {
 public:
  virtual ~DirectorySink() = default;
  // False: there was no room, and the entry is not taken.
  virtual bool add(const DirectoryEntry& entry) = 0;
};

// A file of any type. Every method is called under the server's tree lock; one that has to wait or
// touches mapped file data gives the lock up meanwhile (see README.md). Errors are errno values.
// Names given to directories are single components of 1 to 255 bytes other than `.` and `..`, and
// permission has been checked; create() and link() are called only for names that lookup() did not
// find. What the method itself must check is type and existence otherwise. The defaults answer as a
// file that cannot do the thing: ENOTDIR, EINVAL, EPERM ...
class Node : public base::RefCounted<Node> {
 public:
  virtual ~Node() = default;
  // The last reference is gone. Overridden by nodes that live in a table.
  virtual void on_last_release() { delete this; }

  [[nodiscard]] virtual FileSystem& file_system() const = 0;
  [[nodiscard]] virtual uint64_t number() const = 0;
  [[nodiscard]] virtual uint32_t mode() const = 0;
  virtual base::Result<io_stat_t> attributes() = 0;
  virtual base::Status change(const AttributeChange& change);

  // Whether any directory still has a name for the file.
  [[nodiscard]] virtual bool has_names() const { return true; }

  [[nodiscard]] bool is_directory() const { return S_ISDIR(mode()); }
  [[nodiscard]] bool is_symlink() const { return S_ISLNK(mode()); }
  [[nodiscard]] bool is_regular() const { return S_ISREG(mode()); }

  // Directories.
  virtual base::Result<NodeRef> lookup(std::string_view name);
  // The directory this directory is in; itself at the root of its file system.
  virtual base::Result<NodeRef> parent();
  virtual base::Result<NodeRef> create(std::string_view name, const NewNode& what);
  virtual base::Status link(std::string_view name, Node& target);
  virtual base::Status unlink(std::string_view name);
  virtual base::Status remove_directory(std::string_view name);
  // `to` is a directory of the same file system. An existing `to_name` of a fitting type goes away;
  // with `exchange` the two change places. The caller has ruled out moving a directory below
  // itself.
  enum class Rename { kReplace, kExchange };
  virtual base::Status rename(std::string_view name, Node& to, std::string_view to_name,
                              Rename how);
  // Entries from `position` on, `.` and `..` included.
  virtual base::Status read_directory(int64_t position, DirectorySink& sink);

  // Symbolic links.
  virtual base::Result<std::string> read_link();

  // Contents. read() answers less than asked only at the end; write() extends the file. `position`
  // kAppend means the end of file; `end` receives the position behind what was written.
  static constexpr uint64_t kAppend = ~0ull;
  virtual base::Result<size_t> read(uint64_t position, std::span<uint8_t> data);
  virtual base::Result<size_t> write(uint64_t position, std::span<const uint8_t> data,
                                     uint64_t* end);
  enum class Sync { kAll, kDataOnly };
  virtual base::Status sync(Sync what);
  // The name of a send right for the file's memory object, which stays the node's. `protection`:
  // VM_PROT_*.
  virtual base::Result<mach_port_t> memory_object(int protection);

  // The file's slot (<servers/file_slots.h>), made when it is first wanted; 0: it has none.
  virtual uint32_t slot() { return 0; }
  // What attributes() said, to be shown in the slot.
  virtual void show(const io_stat_t&) {}
  // Maps a part of the file into a client; the request has been checked.
  virtual base::Result<Window> map_window(const WindowRequest& request);
  // What a client wrote behind the end is part of the file now. EAGAIN: it is lost.
  virtual base::Status grow(const Growth& growth);
  // Nobody who has such room needs it.
  virtual void release_room() {}
  // Maps all slots read-only at `address` of a client.
  virtual base::Status map_slots(mach_port_t task, uint32_t address);

  // Keeps the contents where they are (fs_pin of fs_control.defs), or ends that.
  virtual base::Result<DiskPlace> pin();
  virtual base::Status unpin();

  // The object behind the port that a lookup returns. `flags`: Linux O_*; access has been checked.
  // The default serves the methods above (NodeFile).
  virtual base::Result<base::Ref<OpenObject>> open(const base::Ref<View>& view, int flags);
};

// One tree of nodes.
class FileSystem {
 public:
  enum class Shutdown { kNo, kYes };

  virtual ~FileSystem() = default;
  virtual NodeRef root() = 0;
  [[nodiscard]] virtual std::string_view type() const = 0;
  virtual base::Result<fs_statfs_t> statistics() = 0;
  // Everything to stable storage; with kYes no changes are accepted from then on.
  virtual base::Status sync(Shutdown) { return {}; }
  // Before an unmount: lets go of what only caches keep. Gives the lock up meanwhile.
  virtual void settle() {}
  // Whether clients use nodes of this tree apart from the root: then it cannot be unmounted.
  [[nodiscard]] virtual bool is_busy() const { return true; }
  // Whether a name keeps its meaning until somebody changes it through this server. Names that
  // come and go by themselves, as in /proc, must not be remembered.
  [[nodiscard]] virtual bool names_are_stable() const { return true; }
};

}  // namespace server
