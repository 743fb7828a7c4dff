#include "libs/mig/emit_kernel.h"

#include "libs/mig/emit_common.h"
#include "libs/mig/kernel_stub.h"

namespace mig {
namespace {

void emit_declarations(Writer& out, const Subsystem& subsystem) {
  for (const Routine& routine : subsystem.routines) {
    const KernelStub stub(out, routine);
    out.line("kern_return_t ", subsystem.server_prefix, routine.name, "(\n    ",
             join(stub.parameters(), ",\n    "), ");");
  }
  out.blank();
}

void emit_handlers(Writer& out, const Subsystem& subsystem) {
  for (const Routine& routine : subsystem.routines) {
    out.line("inline int handle_", routine.id, "_", routine.name,
             "(char *b0_, [[maybe_unused]] char *r0_) {");
    KernelStub(out, routine).emit_handler(subsystem.server_prefix + routine.name);
    out.line("}");
    out.blank();
  }
}

void emit_table(Writer& out, const Subsystem& subsystem) {
  const std::string name = pascal_case(subsystem.name);
  out.line("inline constexpr mig::KernelRoutine k", name, "Routines[] = {");
  uint32_t next = subsystem.base;
  for (const Routine& routine : subsystem.routines) {
    for (; next < routine.id; ++next) out.line("{},");
    const KernelStub stub(out, routine);
    if (routine.simple) {
      out.line("{&handle_", routine.id, "_", routine.name, ", 0, true, false},");
    } else {
      out.line("{&handle_", routine.id, "_", routine.name, ", ", stub.reply_size(), ", false, ",
               stub.in_place() ? "true" : "false", "},");
    }
    ++next;
  }
  out.line("};");
  out.line("inline constexpr mig::KernelSubsystem k", name, "Subsystem = {", subsystem.base, ", ",
           next - subsystem.base, ", k", name, "Routines};");
}

}  // namespace

std::string emit_kernel(const Subsystem& subsystem, const std::string& types) {
  if (subsystem.routines.empty()) {
    throw DefsError({subsystem.name, 0}, "an interface without routines cannot be dispatched");
  }
  Writer out;
  emit_banner(out, subsystem, "Kernel side");
  out.line("#pragma once");
  out.blank();
  out.line("#include <mach/kern_return.h>");
  out.line("#include <mach/message.h>");
  out.line("#include <mach/mig_errors.h>");
  emit_imports(out, subsystem, Side::kServer);
  out.blank();
  if (!types.empty()) out.line("#include \"", types, "\"");
  out.line("#include \"libs/mig/runtime/kernel.h\"");
  out.blank();
  out.line("namespace rpc {");
  out.blank();
  emit_declarations(out, subsystem);
  emit_handlers(out, subsystem);
  emit_table(out, subsystem);
  out.blank();
  out.line("}  // namespace rpc");
  return out.text();
}

}  // namespace mig
