#pragma once

#include <string>

#include "libs/mig/emit_common.h"

// What the kernel makes of the types of an interface.
namespace mig {

/// Not a value: arrays and strings.
bool is_array(const Type& type);

/// Many port rights / one port right.
bool is_right_array(const Type& type);
bool is_right(const Type& type);

/// The owner class of a right with this msgt_name: SendRight ...; AnyRight when it is open.
std::string right_class(int name);

/// "mig::RightArray<SendRight>"
std::string right_array(int name);

/// The descriptor of a reply: rights are there already, no disposition remains to be applied.
Descriptor kernel_form(const Item& item);

}  // namespace mig
