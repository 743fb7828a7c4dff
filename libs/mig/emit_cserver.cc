#include "libs/mig/emit_cserver.h"

#include "libs/mig/emit_common.h"
#include "libs/mig/server_stub.h"

namespace mig {
namespace {

std::string demux_prototype(const Subsystem& subsystem) {
  return cat("boolean_t ", subsystem.demux_name(),
             "(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg)");
}

void emit_demux(Writer& out, const Subsystem& subsystem) {
  out.line(demux_prototype(subsystem));
  out.line("{");
  out.line("static const struct {");
  out.line("kern_return_t (*handler)(char *request, char *reply);");
  out.line("boolean_t simple;");
  out.line("} table[", subsystem.id_count, "] = {");
  for (const Routine& routine : subsystem.routines) {
    out.line("[", routine.id - subsystem.base, "] = {handle_", routine.name, ", ",
             routine.simple ? 1 : 0, "},");
  }
  out.line("};");
  out.line("const unsigned int index = (unsigned int)in_msg->msgh_id - ", subsystem.base, "u;");
  out.line("char *const reply = (char *)out_msg;");
  out.line("kern_return_t code;");
  out.line("out_msg->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(in_msg->msgh_bits), 0);");
  out.line("out_msg->msgh_size = 32;");
  out.line("out_msg->msgh_remote_port = in_msg->msgh_remote_port;");
  out.line("out_msg->msgh_local_port = MACH_PORT_NULL;");
  out.line("out_msg->msgh_seqno = 0;");
  out.line("out_msg->msgh_id = in_msg->msgh_id + ", kSimpleReplyId, ";");
  out.line("MIG_WORD(reply, 24) = MIG_RETCODE_TYPE;");
  out.line("MIG_WORD(reply, 28) = (mig_word_t)MIG_BAD_ID;");
  out.line("if (index >= ", subsystem.id_count, "u || table[index].handler == 0) return 0;");
  out.line("code = table[index].handler((char *)in_msg, reply);");
  out.line("if (code == KERN_SUCCESS && table[index].simple) code = MIG_NO_REPLY;");
  out.line("if (code != KERN_SUCCESS) out_msg->msgh_size = 32;");
  out.line("MIG_WORD(reply, 28) = (mig_word_t)code;");
  out.line("return 1;");
  out.line("}");
}

}  // namespace

std::string emit_c_server_source(const Subsystem& subsystem, const std::string& header) {
  if (subsystem.routines.empty()) {
    throw DefsError({subsystem.name, 0}, "an interface without routines cannot be served");
  }
  Writer out;
  emit_banner(out, subsystem, "Server routine");
  out.line("#include \"", header, "\"");
  out.blank();
  out.line("#include \"libs/mig/runtime/mig_stub.h\"");
  out.blank();
  for (const Routine& routine : subsystem.routines) {
    out.line("static kern_return_t handle_", routine.name,
             "(char *b0_, char *r0_ __attribute__((__unused__)))");
    out.line("{");
    ServerStub(out, routine, Language::kC).emit_handler(subsystem.server_prefix + routine.name);
    out.line("}");
    out.blank();
  }
  emit_demux(out, subsystem);
  return out.text();
}

std::string emit_c_server_header(const Subsystem& subsystem) {
  Writer out;
  const std::string guard = cat("MIG_SERVER_", subsystem.demux_name(), "_", subsystem.base);
  emit_banner(out, subsystem, "Server functions");
  out.line("#ifndef ", guard);
  out.line("#define ", guard);
  out.blank();
  out.line("#include <mach/kern_return.h>");
  out.line("#include <mach/message.h>");
  out.line("#include <mach/port.h>");
  emit_imports(out, subsystem, Side::kServer);
  out.blank();
  out.line("#ifdef __cplusplus");
  out.line("extern \"C\" {");
  out.line("#endif");
  out.blank();
  out.line("/* Handles a request; FALSE when its id is of another interface. */");
  out.line("extern ", demux_prototype(subsystem), ";");
  out.blank();
  out.line("/* To be supplied by the server. */");
  for (const Routine& routine : subsystem.routines) {
    const ServerStub stub(out, routine, Language::kC);
    out.line("extern kern_return_t ", subsystem.server_prefix, routine.name, "(\n    ",
             join(stub.parameters(), ",\n    "), ");");
  }
  out.blank();
  out.line("#ifdef __cplusplus");
  out.line("}");
  out.line("#endif");
  out.blank();
  out.line("#endif");
  return out.text();
}

}  // namespace mig
