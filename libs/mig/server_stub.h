#pragma once

#include <string>
#include <vector>

#include "libs/mig/emit_common.h"

namespace mig {

enum class Language { kC, kCxx };

/// Emits what a server does with one routine: check the request, call the server's function, fill
/// in the reply. The C and the C++ server differ only in how types are spelled.
class ServerStub {
 public:
  ServerStub(Writer& out, const Routine& routine, Language language);

  /// Parameters of the server's function.
  std::vector<std::string> parameters() const;

  /// Statements of the handler; b0_ is the request, r0_ the reply. `callee` is the function.
  void emit_handler(const std::string& callee);

  /// Parameters of the function that sends the reply later: only what the reply carries.
  std::vector<std::string> late_parameters() const;

  /// Statements of that function; `port_type` is the disposition of reply_port.
  void emit_late_reply(const std::string& port_type);

  const MessageLayout& request() const { return request_; }
  const MessageLayout& reply() const { return reply_; }

 private:
  enum class Pack { kInPlace, kCopy };

  void add_data_parameters(const Argument& arg, std::vector<std::string>& params) const;
  std::string value_type(const Type& type) const;
  std::string array_type(const Argument& arg) const;
  void load(const Argument& arg);
  void load_in(const Argument& arg, const Item& item);
  void prepare_out(const Argument& arg);
  void prepare_array(const Argument& arg, const Item& item);
  std::string request_port(const Argument& arg) const;
  std::string header_word(const char* field) const;
  void finish_call();
  void emit_reply(Pack mode);
  void limit(const Item& item, Pack mode);
  void pack(const Item& item, Pack mode);
  void pack_array(const Item& item, Pack mode);
  void pack_value(const Item& item);
  bool is_array(const Type& type) const {
    return type.shape != Shape::kScalar && type.shape != Shape::kStruct;
  }
  std::string local(const Type& type, const std::string& name) const;

  Writer& out_;
  const Routine& routine_;
  const Language language_;
  const Dialect dialect_;
  const Dialect reply_dialect_;
  const MessageLayout request_;
  const MessageLayout reply_;
  std::vector<std::string> call_;     // expressions of the call
  std::vector<std::string> cleanup_;  // statements after it
};

}  // namespace mig
