#include "libs/mig/kernel_types.h"

namespace mig {
namespace {

/// msgt_name of a right once it has arrived.
int arrived(int name) {
  if (name == kCopySend || name == kMakeSend) return kMoveSend;
  return name == kMakeSendOnce ? kMoveSendOnce : name;
}

}  // namespace

bool is_array(const Type& type) {
  return type.shape != Shape::kScalar && type.shape != Shape::kStruct;
}

bool is_right_array(const Type& type) { return type.is_port() && is_array(type); }
bool is_right(const Type& type) { return type.is_port() && !is_array(type); }

std::string right_class(int name) {
  switch (arrived(name)) {
    case kMoveReceive:
      return "ReceiveRight";
    case kMoveSend:
      return "SendRight";
    case kMoveSendOnce:
      return "SendOnceRight";
    default:
      return "AnyRight";
  }
}

std::string right_array(int name) { return "mig::RightArray<" + right_class(name) + ">"; }

Descriptor kernel_form(const Item& item) {
  Descriptor form = item.sent;
  if (!item.arg->type.is_port() || item.arg->type.sent_name == kPolymorphic) return form;
  uint32_t& word = form.long_form ? form.name_size : form.word;
  word = (word & ~kNameMask) | static_cast<uint32_t>(arrived(item.arg->type.sent_name));
  return form;
}

}  // namespace mig
