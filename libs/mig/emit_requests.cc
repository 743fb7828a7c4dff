#include "libs/mig/emit_requests.h"

#include "libs/mig/emit_common.h"
#include "libs/mig/layout.h"

namespace mig {
namespace {

const char* data_kind(const Item& item) {
  if (item.kind == Item::Kind::kCount) return "kCount";
  const Type& type = item.arg->type;
  if (type.place == Place::kOutOfLine) return type.is_port() ? "kFarRights" : "kFarData";
  if (type.is_port()) return "kRights";
  return type.shape == Shape::kString ? "kString" : "kData";
}

void emit_items(Writer& out, const Routine& routine) {
  const MessageLayout layout = request_layout(routine);
  if (layout.items.empty()) return;
  out.line("inline constexpr mig::RequestItem kItems", routine.id, "[] = {");
  for (const Item& item : layout.items) {
    const bool polymorphic =
        item.kind == Item::Kind::kData && item.arg->type.sent_name == kPolymorphic;
    out.line("{mig::RequestItem::Kind::", data_kind(item), ", ",
             item.sent.long_form ? "true" : "false", ", ", item.variable ? "true" : "false", ", ",
             polymorphic ? "true" : "false", ", ", item.sent.word, "u, ", item.sent.name_size, "u, ",
             item.sent.number, "u, ", item.data_bytes, "u},  // ", item.arg->name);
  }
  out.line("};");
}

}  // namespace

std::string emit_requests(const Subsystem& subsystem) {
  Writer out;
  emit_banner(out, subsystem, "Shapes of the requests");
  out.line("#pragma once");
  out.blank();
  out.line("#include \"libs/mig/runtime/requests.h\"");
  out.blank();
  out.line("namespace mig::requests {");
  out.blank();
  for (const Routine& routine : subsystem.routines) emit_items(out, routine);
  out.line("inline constexpr mig::RequestShape k", pascal_case(subsystem.name), "[] = {");
  for (const Routine& routine : subsystem.routines) {
    const bool empty = request_layout(routine).items.empty();
    out.line("{", routine.id, "u, \"", routine.name, "\", ",
             empty ? std::string("{}") : cat("kItems", routine.id), "},");
  }
  out.line("};");
  out.blank();
  out.line("}  // namespace mig::requests");
  return out.text();
}

}  // namespace mig
