#pragma once

#include <new>

#include "libs/mig/runtime/wire.h"

// What the kernel's generated dispatch shares. Freestanding; the kernel's own types come in as
// template parameters. libs/mig/README.md explains who owns what.
namespace mig {

/// A kernel pointer as it stands in a message.
inline uint32_t to_word(const void* pointer) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

template <typename T>
T* from_word(uint32_t word) {
  return reinterpret_cast<T*>(uintptr_t{word});
}

/// What the kernel puts into an array for which the caller says how much room it has (CountInOut), at most, in elements.
/// The declared maxima are for servers of any kind; a reply for so much would need neighbouring pages of memory.
inline constexpr uint32_t kMostCounted = 256;
constexpr uint32_t most_counted(uint32_t declared) { return declared < kMostCounted ? declared : kMostCounted; }

/// One routine of an interface. The handler checks the request, calls rpc::<routine> and, on
/// success, fills in the reply's body (RetCode too), its size and its complex bit. It takes over
/// every right and all memory in the request's body and then clears the request's complex bit; a
/// request that fails the checks is left as it was.
struct KernelRoutine {
  int (*handler)(char* request, char* reply) = nullptr;
  uint32_t reply_size = 0;  // room the handler needs at `reply`
  bool simple = false;      // no reply is due
  bool in_place = false;    // `reply` may be `request`
};

/// An interface: routine number id - first_id, null handlers for ids that are not in use.
struct KernelSubsystem {
  uint32_t first_id = 0;
  uint32_t count = 0;
  const KernelRoutine* routines = nullptr;

  /// Null when the id is not of this interface.
  const KernelRoutine* find(uint32_t id) const {
    const uint32_t index = id - first_id;
    return index < count && routines[index].handler != nullptr ? &routines[index] : nullptr;
  }
};

/// Port rights of one kind on their way through a message: in the message itself or, as
/// out-of-line data, in an array from operator new[]. Rights that nobody takes are released.
/// `Right` is a move-only right with adopt(Port*) and leak().
template <typename Right>
class RightArray {
 public:
  RightArray() = default;
  RightArray(RightArray&& other) noexcept
      : words_(other.words_), count_(other.count_), owned_(other.owned_) {
    other.words_ = nullptr;
    other.count_ = 0;
    other.owned_ = false;
  }
  RightArray& operator=(RightArray&& other) noexcept {
    swap(words_, other.words_);
    swap(count_, other.count_);
    swap(owned_, other.owned_);
    return *this;
  }
  ~RightArray() { clear(); }

  /// Rights that are words of a message, which must outlive this.
  static RightArray in_message(char* words, uint32_t count) {
    return RightArray(reinterpret_cast<Word*>(words), count, false);
  }
  /// Takes over an out-of-line array.
  static RightArray adopt(uint32_t array_word, uint32_t count) {
    return RightArray(from_word<Word>(array_word), array_word == 0 ? 0 : count, true);
  }
  /// Room for `count` rights, all null at first. False: out of memory, the array stays empty.
  [[nodiscard]] bool create(uint32_t count) {
    clear();
    if (count == 0) return true;
    Word* const words = new (std::nothrow) Word[count];
    if (words == nullptr) return false;
    for (uint32_t i = 0; i < count; ++i) words[i] = 0;
    words_ = words;
    count_ = count;
    owned_ = true;
    return true;
  }

  uint32_t size() const { return count_; }
  /// Gives right number i away, leaving null.
  [[nodiscard]] Right take(uint32_t i) {
    const uint32_t word = words_[i];
    words_[i] = 0;
    return Right::adopt(from_word<Port>(word));
  }
  /// Puts a right in place i, releasing what was there.
  void set(uint32_t i, Right right) {
    Right old = take(i);
    words_[i] = to_word(right.leak());
  }
  /// Keeps the first `count` rights and releases the others.
  void shrink(uint32_t count) {
    while (count_ > count) Right dropped = take(--count_);
  }
  /// Gives the whole array away as the word of an out-of-line item. It must not be in a message.
  [[nodiscard]] uint32_t leak() {
    Word* const words = words_;
    words_ = nullptr;
    count_ = 0;
    owned_ = false;
    return to_word(words);
  }
  /// Moves all rights to words of a message and frees the array.
  void move_to(char* data) {
    for (uint32_t i = 0; i < count_; ++i) word(data, i * 4) = words_[i];
    count_ = 0;
    clear();
  }

 private:
  template <typename T>
  struct Pointee;
  template <typename T>
  struct Pointee<T*> {
    using Type = T;
  };
  using Port = typename Pointee<decltype(Right().leak())>::Type;

  RightArray(Word* words, uint32_t count, bool owned)
      : words_(words), count_(count), owned_(owned) {}

  template <typename T>
  static void swap(T& a, T& b) {
    T old = a;
    a = b;
    b = old;
  }
  void clear() {
    shrink(0);
    if (owned_) delete[] words_;
    words_ = nullptr;
    owned_ = false;
  }

  Word* words_ = nullptr;
  uint32_t count_ = 0;
  bool owned_ = false;
};

}  // namespace mig
