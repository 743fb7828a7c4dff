#include "libs/server/lock_table.h"

#include <fcntl.h>

namespace server {

std::optional<RecordLock> LockTable::conflict(Node& node, const RecordLock& wanted) const {
  const auto found = nodes_.find(&node);
  if (found == nodes_.end() || wanted.type == F_UNLCK) return std::nullopt;
  for (const RecordLock& lock : found->second.locks) {
    const bool overlaps = lock.start < wanted.end && wanted.start < lock.end;
    const bool exclusive = lock.type == F_WRLCK || wanted.type == F_WRLCK;
    if (overlaps && exclusive && lock.owner != wanted.owner) return lock;
  }
  return std::nullopt;
}

// Takes [start, end) out of the owner's locks.
void LockTable::cut(std::list<RecordLock>& locks, int owner, int64_t start, int64_t end) {
  for (auto at = locks.begin(); at != locks.end();) {
    const bool overlaps = at->owner == owner && at->start < end && start < at->end;
    if (!overlaps) {
      ++at;
      continue;
    }
    RecordLock tail = *at;
    tail.start = end;
    const bool keeps_tail = tail.start < tail.end;
    const bool keeps_head = at->start < start;
    at->end = start;
    const auto next = std::next(at);
    if (keeps_tail) locks.insert(next, tail);
    if (!keeps_head) locks.erase(at);
    at = next;
  }
}

void LockTable::set(Node& node, const RecordLock& lock) {
  auto found = nodes_.find(&node);
  if (found == nodes_.end()) {
    if (lock.type == F_UNLCK) return;
    found = nodes_.emplace(&node, Locked{NodeRef(&node), {}}).first;
  }
  std::list<RecordLock>& locks = found->second.locks;
  cut(locks, lock.owner, lock.start, lock.end);
  if (lock.type != F_UNLCK) locks.push_back(lock);
  if (locks.empty()) nodes_.erase(found);
}

bool LockTable::clear_through(Node& node, const OpenObject& object) {
  const auto found = nodes_.find(&node);
  if (found == nodes_.end()) return false;
  const size_t removed = found->second.locks.remove_if(
      [&](const RecordLock& lock) { return lock.through == &object; });
  if (found->second.locks.empty()) nodes_.erase(found);
  return removed != 0;
}

}  // namespace server
