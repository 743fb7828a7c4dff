#include "libs/mig/user_args.h"

#include <vector>

#include "libs/mig/emit_common.h"

namespace mig {
namespace {

bool by_reference(const Argument& arg) {
  const bool array_in_place =
      arg.type.place == Place::kInline &&
      (arg.type.shape == Shape::kFixedArray || arg.type.shape == Shape::kVarArray ||
       arg.type.shape == Shape::kString);
  return arg.out && !array_in_place;
}

void data_params(const Argument& arg, std::vector<std::string>& params) {
  const Type& type = arg.type;
  std::string text = user_type(type);
  if (arg.is_const || (arg.in && !arg.out && type.shape == Shape::kString)) text = "const " + text;
  if (by_reference(arg)) text += text.back() == '*' ? "*" : " *";
  params.push_back(declare(text, arg.name));
  const std::string star = arg.out ? "*" : "";
  const int name = arg.in ? type.sent_name : type.received_name;
  if (name == kPolymorphic) params.push_back("mach_msg_type_name_t " + star + arg.name + "Poly");
  if (type.has_count()) params.push_back("mach_msg_type_number_t " + star + arg.name + "Cnt");
  if (arg.in && type.dealloc == Dealloc::kArgument) {
    params.push_back("boolean_t " + arg.name + "Dealloc");
  }
}

}  // namespace

std::string user_prototype(const Subsystem& subsystem, const Routine& routine) {
  std::vector<std::string> params;
  for (const Argument& arg : routine.args) {
    switch (arg.role) {
      case Role::kData:
        data_params(arg, params);
        break;
      case Role::kRequestPort:
      case Role::kReplyPort:
      case Role::kUserReplyPort:
        params.push_back(declare(user_type(arg.type), arg.name));
        if (arg.type.sent_name == kPolymorphic) {
          params.push_back("mach_msg_type_name_t " + arg.name + "Poly");
        }
        break;
      case Role::kWaitTime:
      case Role::kMsgOption:
        params.push_back(declare(user_type(arg.type), arg.name));
        break;
      case Role::kServerReplyPort:
      case Role::kMsgSeqno:
        break;
    }
  }
  return "kern_return_t " + subsystem.user_prefix + routine.name + "(\n    " +
         join(params, ",\n    ") + ")";
}

}  // namespace mig
