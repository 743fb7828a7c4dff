#include "libs/mig/emit_cxxserver.h"

#include <algorithm>

#include "libs/mig/emit_common.h"
#include "libs/mig/server_stub.h"

namespace mig {
namespace {

class InterfaceEmitter {
 public:
  InterfaceEmitter(Writer& out, const Subsystem& subsystem)
      : out_(out), subsystem_(subsystem), name_(pascal_case(subsystem.name) + "Interface") {}

  void emit() {
    emit_banner(out_, subsystem_, "C++ server side");
    out_.line("#pragma once");
    out_.blank();
    out_.line("#include <mach/mach_types.h>");
    out_.line("#include <mach/message.h>");
    out_.line("#include <mach/mig_errors.h>");
    emit_imports(out_, subsystem_, Side::kServer);
    out_.blank();
    out_.line("#include \"libs/mig/runtime/server.h\"");
    out_.blank();
    declare();
    for (const Routine& routine : subsystem_.routines) handler(routine);
    table();
    for (const Routine& routine : subsystem_.routines) {
      if (!routine.simple) late_reply(routine);
    }
  }

 private:
  std::string parameters(const std::vector<std::string>& list) const {
    return "\n      " + join(list, ",\n      ");
  }

  std::string late_signature(const Routine& routine) const {
    std::vector<std::string> params = {"mach_port_t reply_port"};
    if (polymorphic_reply(routine)) params.push_back("mach_msg_type_name_t reply_port_type");
    params.push_back("kern_return_t code");
    Writer unused;
    for (const std::string& param : ServerStub(unused, routine, Language::kCxx).late_parameters()) {
      params.push_back(param);
    }
    return cat("reply_", routine.name, "(", parameters(params), ")");
  }

  static bool polymorphic_reply(const Routine& routine) {
    for (Role role : {Role::kServerReplyPort, Role::kReplyPort}) {
      const Argument* arg = routine.find(role);
      if (arg != nullptr && arg->type.received_name == kPolymorphic) return true;
    }
    return false;
  }

  void declare() {
    uint32_t request_max = kHeaderBytes, reply_max = kReplyHeaderBytes;
    for (const Routine& routine : subsystem_.routines) {
      request_max = std::max(request_max, request_layout(routine).max_size);
      if (!routine.simple) reply_max = std::max(reply_max, reply_layout(routine).max_size);
    }
    out_.line("/// Derive from this to serve the ", subsystem_.name, " interface.");
    out_.line("class ", name_, " {");
    out_.line("public:");
    out_.line("static constexpr uint32_t kFirstId = ", subsystem_.base, ";");
    out_.line("static constexpr uint32_t kIdCount = ", subsystem_.id_count, ";");
    out_.line("static constexpr uint32_t kMaxRequestSize = ", request_max, ";");
    out_.line("static constexpr uint32_t kMaxReplySize = ", reply_max, ";");
    out_.blank();
    out_.line(
        "/// Handles one request. FALSE: the id is not of this interface; `out` says MIG_BAD_ID.");
    out_.line(
        "boolean_t dispatch(mach_msg_header_t *in, mach_msg_header_t *out, mach_msg_size_t "
        "out_size);");
    out_.blank();
    for (const Routine& routine : subsystem_.routines) {
      Writer unused;
      const ServerStub stub(unused, routine, Language::kCxx);
      out_.line("virtual kern_return_t ", routine.name, "(", parameters(stub.parameters()),
                ") = 0;");
    }
    out_.blank();
    for (const Routine& routine : subsystem_.routines) {
      if (!routine.simple) out_.line("static mach_msg_return_t ", late_signature(routine), ";");
    }
    out_.blank();
    out_.line("protected:");
    out_.line("~", name_, "() = default;");
    out_.blank();
    out_.line("private:");
    for (const Routine& routine : subsystem_.routines) {
      out_.line("static kern_return_t handle_", routine.name, "(", name_,
                " &server_, char *b0_, char *r0_);");
    }
    out_.line("};");
    out_.blank();
  }

  void handler(const Routine& routine) {
    out_.line("inline kern_return_t ", name_, "::handle_", routine.name, "(", name_,
              " &server_, char *b0_, [[maybe_unused]] char *r0_) {");
    ServerStub(out_, routine, Language::kCxx).emit_handler("server_." + routine.name);
    out_.line("}");
    out_.blank();
  }

  void table() {
    out_.line(
        "inline boolean_t ", name_,
        "::dispatch(mach_msg_header_t *in, mach_msg_header_t *out, mach_msg_size_t out_size) {");
    out_.line("static constexpr mig::DispatchEntry<", name_, "> kTable[kIdCount] = {");
    uint32_t next = subsystem_.base;
    for (const Routine& routine : subsystem_.routines) {
      for (; next < routine.id; ++next) out_.line("{},");
      const uint32_t size = routine.simple ? kReplyHeaderBytes : reply_layout(routine).max_size;
      out_.line("{&", name_, "::handle_", routine.name, ", ", size, ", ",
                routine.simple ? "true" : "false", "},");
      ++next;
    }
    out_.line("};");
    out_.line("return mig::dispatch(*this, kTable, kIdCount, kFirstId, in, out, out_size);");
    out_.line("}");
    out_.blank();
  }

  void late_reply(const Routine& routine) {
    out_.line("inline mach_msg_return_t ", name_, "::", late_signature(routine), " {");
    ServerStub(out_, routine, Language::kCxx)
        .emit_late_reply(polymorphic_reply(routine) ? "reply_port_type"
                                                    : "MACH_MSG_TYPE_MOVE_SEND_ONCE");
    out_.line("}");
    out_.blank();
  }

  Writer& out_;
  const Subsystem& subsystem_;
  const std::string name_;
};

}  // namespace

std::string emit_cxx_server(const Subsystem& subsystem) {
  Writer out;
  InterfaceEmitter(out, subsystem).emit();
  return out.text();
}

}  // namespace mig
