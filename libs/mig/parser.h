#pragma once

#include <set>
#include <string>
#include <vector>

#include "libs/mig/model.h"
#include "libs/mig/token_stream.h"
#include "libs/mig/type_parser.h"

namespace mig {

/// Turns the tokens of an interface description into a Subsystem.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)), types_(tokens_) {}

  /// Throws DefsError with the place of the first mistake.
  Subsystem parse();

 private:
  void statement();
  void subsystem();
  void import(Side side);
  void routine(bool simple);
  Argument argument();
  void flags(Argument& arg);
  void direction(Argument& arg, bool& given);
  void check(Routine& routine, const std::vector<bool>& given);
  std::string rest_of_statement();

  TokenStream tokens_;
  TypeParser types_;
  Subsystem subsystem_;
  bool named_ = false;
  std::string wait_time_;
  std::string msg_option_;
};

}  // namespace mig
