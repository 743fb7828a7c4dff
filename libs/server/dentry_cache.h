// DentryCache: what names in directories mean, remembered.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libs/server/node.h"

namespace server {

// A bounded set of (directory, name) -> node or "no such name". Entries hold references to both
// nodes, so this also is what keeps recently used nodes alive. Whoever changes a directory tells
// the cache before it answers its client. Under the tree lock.
class DentryCache {
 public:
  static constexpr size_t kDefaultCapacity = 2048;

  explicit DentryCache(size_t capacity = kDefaultCapacity) : capacity_(capacity) {}
  DentryCache(const DentryCache&) = delete;
  DentryCache& operator=(const DentryCache&) = delete;

  enum class Found { kUnknown, kNegative, kNode };
  // kNode: `node` is what the name means. kNegative: there is no such name.
  Found find(Node& directory, std::string_view name, NodeRef& node);

  // Remembers; a null node means there is no such name.
  void enter(Node& directory, std::string_view name, NodeRef node);
  void forget(Node& directory, std::string_view name);
  // Forgets all names in the directory, which is about to go away.
  void forget_all_in(Node& directory);
  void clear();

  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    NodeRef directory;
    std::string name;
    NodeRef node;
  };
  using Lru = std::list<Entry>;
  struct Key {
    const Node* directory;
    std::string_view name;  // of the entry itself
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const;
  };

  void erase(Lru::iterator at);

  size_t capacity_;
  Lru lru_;  // most recently used first
  std::unordered_map<Key, Lru::iterator, Hash> entries_;
};

}  // namespace server
