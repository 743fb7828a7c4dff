#pragma once

#include <string>
#include <vector>

#include "libs/mig/emit_common.h"

namespace mig {

/// Emits what the kernel does with one routine. The message holds pointers to ports, map copies
/// and right arrays in place of names and addresses.
class KernelStub {
 public:
  KernelStub(Writer& out, const Routine& routine);

  /// Parameters of rpc::<routine>.
  std::vector<std::string> parameters() const;

  /// Statements of the handler; b0_ is the request, r0_ the reply.
  void emit_handler(const std::string& callee);

  /// The reply may be built where the request is: nothing the callee gets points into it.
  bool in_place() const;
  /// An expression of the generated code.
  std::string reply_size() const;

 private:
  void add_parameters(const Argument& arg, std::vector<std::string>& params) const;
  void load(const Argument& arg);
  void load_in(const Argument& arg, const Item& item);
  std::string load_right(const Argument& arg, const Item& item);
  std::string load_rights(const Argument& arg, const Item& item);
  void load_array(const Argument& arg, const Item& item);
  void load_value(const Argument& arg, const Item& item);
  void load_reply_port(const Argument& arg);
  void prepare_out(const Argument& arg);
  void prepare_count(const Argument& arg);
  void emit_reply();
  void limit(const Item& item);
  void pack(const Item& item);
  void pack_array(const Item& item);
  void pack_value(const Item& item);

  Writer& out_;
  const Routine& routine_;
  const Dialect dialect_;
  const Dialect reply_dialect_;
  const MessageLayout request_;
  const MessageLayout reply_;
  std::vector<std::string> call_;
  std::vector<std::string> after_call_;
};

/// How many elements an in-line array of a reply has at most, as an expression of the generated code.
std::string most_elements(const Argument& arg);

}  // namespace mig
