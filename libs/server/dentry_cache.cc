#include "libs/server/dentry_cache.h"

#include <functional>

namespace server {

size_t DentryCache::Hash::operator()(const Key& key) const {
  return std::hash<std::string_view>()(key.name) ^
         (reinterpret_cast<uintptr_t>(key.directory) / alignof(std::max_align_t) * 0x9e3779b1u);
}

DentryCache::Found DentryCache::find(Node& directory, std::string_view name, NodeRef& node) {
  const auto found = entries_.find({&directory, name});
  if (found == entries_.end()) return Found::kUnknown;
  lru_.splice(lru_.begin(), lru_, found->second);
  node = found->second->node;
  return node ? Found::kNode : Found::kNegative;
}

void DentryCache::enter(Node& directory, std::string_view name, NodeRef node) {
  if (const auto found = entries_.find({&directory, name}); found != entries_.end()) {
    found->second->node = std::move(node);
    return;
  }
  if (entries_.size() >= capacity_) erase(std::prev(lru_.end()));
  lru_.push_front({NodeRef(&directory), std::string(name), std::move(node)});
  entries_.emplace(Key{&directory, lru_.front().name}, lru_.begin());
}

void DentryCache::erase(Lru::iterator at) {
  // The references go last: releasing them may reach code that looks at this cache.
  const NodeRef directory = at->directory;
  const NodeRef node = std::move(at->node);
  entries_.erase({directory.get(), at->name});
  lru_.erase(at);
}

void DentryCache::forget(Node& directory, std::string_view name) {
  const auto found = entries_.find({&directory, name});
  if (found != entries_.end()) erase(found->second);
}

void DentryCache::forget_all_in(Node& directory) {
  for (auto at = lru_.begin(); at != lru_.end();) {
    const auto next = std::next(at);
    if (at->directory == &directory) erase(at);
    at = next;
  }
}

void DentryCache::clear() {
  while (!lru_.empty()) erase(lru_.begin());
}

}  // namespace server
