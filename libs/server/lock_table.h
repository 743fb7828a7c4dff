// LockTable: advisory record locks (fcntl) of a server's files.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>

#include "libs/server/node.h"

namespace server {

class OpenObject;

struct RecordLock {
  int type;      // F_RDLCK, F_WRLCK
  int owner;     // a process
  int64_t start;
  int64_t end;   // exclusive; INT64_MAX for "to the end, however far"
  const OpenObject* through = nullptr;
};

// Locks of one owner never conflict with each other and are merged or split as POSIX says. Under
// the tree lock. Nodes stay referenced while they have locks.
class LockTable {
 public:
  // A lock that keeps `wanted` from being granted.
  [[nodiscard]] std::optional<RecordLock> conflict(Node& node, const RecordLock& wanted) const;
  // Sets (or with type F_UNLCK clears) the range for the owner. The caller has ruled out conflicts.
  void set(Node& node, const RecordLock& lock);
  // Clears what was locked through an open object that is being closed. True when there was any.
  bool clear_through(Node& node, const OpenObject& object);

 private:
  struct Locked {
    NodeRef node;
    std::list<RecordLock> locks;
  };
  void cut(std::list<RecordLock>& locks, int owner, int64_t start, int64_t end);

  std::map<const Node*, Locked> nodes_;
};

}  // namespace server
