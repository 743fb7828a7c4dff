#pragma once

#include <cstdint>
#include <span>

// What a table made by `mig -requests` says: how the requests of an interface look. For tests that
// make up messages.
namespace mig {

/// One typed item of a request: its descriptor as the sender writes it, and its data.
struct RequestItem {
  enum class Kind : uint8_t {
    kData,       // in line
    kString,     // in line, with a NUL
    kRights,     // names in line
    kFarData,    // the address of memory
    kFarRights,  // the address of names
    kCount,      // the caller's room for an out array
  };
  Kind kind;
  bool long_form;      // the descriptor has three words, else one
  bool variable;       // any number of elements up to data_bytes; the descriptor says how many
  bool polymorphic;    // any kind of right; the descriptor says which
  uint32_t word;       // the first word
  uint32_t name_size;  // long form: the other two
  uint32_t number;
  uint32_t data_bytes;  // in the message, padded to 4; the most there can be
};

/// The request of one routine. Items follow the header one after the other.
struct RequestShape {
  uint32_t id;
  const char* name;
  std::span<const RequestItem> items;
};

}  // namespace mig
