#include "libs/mig/parser.h"

#include <array>

#include "libs/mig/text.h"

namespace mig {
namespace {

struct Direction {
  std::string_view keyword;
  Role role;
  bool in, out;
};

constexpr std::array kDirections = {
    Direction{"in", Role::kData, true, false},
    Direction{"out", Role::kData, false, true},
    Direction{"inout", Role::kData, true, true},
    Direction{"requestport", Role::kRequestPort, false, false},
    Direction{"replyport", Role::kReplyPort, false, false},
    Direction{"ureplyport", Role::kUserReplyPort, false, false},
    Direction{"sreplyport", Role::kServerReplyPort, false, false},
    Direction{"waittime", Role::kWaitTime, false, false},
    Direction{"msgoption", Role::kMsgOption, false, false},
    Direction{"msgtype", Role::kMsgOption, false, false},
    Direction{"msgseqno", Role::kMsgSeqno, false, false},
};

}  // namespace

Subsystem Parser::parse() {
  while (tokens_.peek().kind != TokenKind::kEnd) statement();
  if (!named_) tokens_.fail("the file has no subsystem statement");
  return subsystem_;
}

void Parser::statement() {
  if (tokens_.take_keyword("type")) return types_.declaration();
  if (tokens_.take_keyword("subsystem")) return subsystem();
  if (tokens_.take_keyword("routine")) return routine(false);
  if (tokens_.take_keyword("simpleroutine")) return routine(true);
  if (tokens_.take_keyword("import")) return import(Side::kBoth);
  if (tokens_.take_keyword("uimport")) return import(Side::kUser);
  if (tokens_.take_keyword("simport")) return import(Side::kServer);
  if (tokens_.take_keyword("skip")) {
    subsystem_.id_count +=
        tokens_.peek().is(";") ? 1 : static_cast<uint32_t>(number_value(tokens_.next()));
  } else if (tokens_.take_keyword("serverprefix")) {
    subsystem_.server_prefix = tokens_.identifier("a prefix");
  } else if (tokens_.take_keyword("userprefix")) {
    subsystem_.user_prefix = tokens_.identifier("a prefix");
  } else if (tokens_.take_keyword("serverdemux")) {
    subsystem_.server_demux = tokens_.identifier("a function name");
  } else if (tokens_.take_keyword("waittime")) {
    wait_time_ = rest_of_statement();
  } else if (tokens_.take_keyword("nowaittime")) {
    wait_time_.clear();
  } else if (tokens_.take_keyword("msgoption") || tokens_.take_keyword("msgtype")) {
    msg_option_ = rest_of_statement();
  } else if (tokens_.take_keyword("rcsid")) {
    tokens_.next();
  } else if (tokens_.at_keyword("procedure") || tokens_.at_keyword("simpleprocedure") ||
             tokens_.at_keyword("function")) {
    tokens_.fail("'" + tokens_.peek().text + "' is not supported; use routine or simpleroutine");
  } else if (!tokens_.peek().is(";")) {
    tokens_.fail("unknown statement '" + tokens_.peek().text + "'");
  }
  tokens_.expect(";");
}

std::string Parser::rest_of_statement() {
  std::vector<std::string> words;
  while (!tokens_.peek().is(";") && tokens_.peek().kind != TokenKind::kEnd) {
    words.push_back(tokens_.next().text);
  }
  if (words.empty()) tokens_.fail("a value is missing");
  return join(words, " ");
}

void Parser::subsystem() {
  if (named_) tokens_.fail("second subsystem statement");
  for (;;) {
    if (tokens_.take_keyword("kerneluser")) {
      subsystem_.kernel_user = true;
    } else if (tokens_.take_keyword("kernelserver")) {
      subsystem_.kernel_server = true;
    } else {
      break;
    }
  }
  subsystem_.name = tokens_.identifier("the subsystem's name");
  subsystem_.base = static_cast<uint32_t>(number_value(tokens_.next()));
  tokens_.expect(";");
  named_ = true;
}

void Parser::import(Side side) {
  std::string spelled;
  if (tokens_.peek().kind == TokenKind::kString) {
    spelled = "\"" + tokens_.next().text + "\"";
  } else {
    while (!tokens_.peek().is(";") && tokens_.peek().kind != TokenKind::kEnd) {
      spelled += tokens_.next().text;
    }
    if (spelled.size() < 3 || spelled.front() != '<' || spelled.back() != '>') {
      tokens_.fail("import needs \"file\" or <file>");
    }
  }
  tokens_.expect(";");
  subsystem_.imports.push_back({spelled, side});
}

void Parser::routine(bool simple) {
  Routine routine;
  routine.pos = tokens_.peek().pos;
  routine.simple = simple;
  routine.name = tokens_.identifier("a routine's name");
  if (!named_) throw DefsError(routine.pos, "routine before the subsystem statement");
  routine.id = subsystem_.base + subsystem_.id_count++;
  routine.wait_time = wait_time_;
  routine.msg_option = msg_option_;
  tokens_.expect("(");
  std::vector<bool> given;  // whether the argument's direction was spelled out
  while (!tokens_.peek().is(")")) {
    bool spelled = false;
    Argument arg;
    arg.pos = tokens_.peek().pos;
    direction(arg, spelled);
    arg.name = tokens_.identifier("an argument's name");
    tokens_.expect(":");
    arg.type = types_.argument_type();
    flags(arg);
    routine.args.push_back(arg);
    given.push_back(spelled);
    if (!tokens_.take(";")) break;
  }
  tokens_.expect(")");
  tokens_.expect(";");
  check(routine, given);
  subsystem_.routines.push_back(std::move(routine));
}

void Parser::direction(Argument& arg, bool& given) {
  arg.in = true;
  // "in : int" is an argument called in.
  if (tokens_.peek(1).is(":")) return;
  for (const Direction& known : kDirections) {
    if (!tokens_.take_keyword(known.keyword)) continue;
    given = true;
    arg.role = known.role;
    arg.in = known.in;
    arg.out = known.out;
    return;
  }
  tokens_.fail("unknown direction '" + tokens_.peek().text + "'");
}

void Parser::flags(Argument& arg) {
  while (tokens_.take(",")) {
    if (tokens_.take_keyword("dealloc")) {
      arg.type.dealloc = Dealloc::kYes;
      if (tokens_.take("[")) {
        tokens_.expect("]");
        arg.type.dealloc = Dealloc::kArgument;
      }
    } else if (tokens_.take_keyword("notdealloc") || tokens_.take_keyword("nodealloc")) {
      arg.type.dealloc = Dealloc::kNo;
    } else if (tokens_.take_keyword("countinout")) {
      if (!arg.out || arg.in || !arg.type.has_count()) {
        tokens_.fail("CountInOut is for out arrays with a count");
      }
      arg.count_in_out = true;
    } else if (tokens_.take_keyword("const")) {
      arg.is_const = true;
    } else if (tokens_.take_keyword("servercopy")) {
      arg.server_copy = true;
    } else if (tokens_.take_keyword("islong")) {
      arg.type.long_form = true;
    } else if (tokens_.take_keyword("isnotlong")) {
      arg.type.long_form = false;
      TypeParser::finish(arg.type);
    } else {
      tokens_.fail("unknown flag '" + tokens_.peek().text + "'");
    }
  }
  if (arg.type.dealloc == Dealloc::kArgument && arg.type.place == Place::kInline) {
    tokens_.fail("dealloc is for out-of-line memory");
  }
}

void Parser::check(Routine& routine, const std::vector<bool>& given) {
  if (routine.find(Role::kRequestPort) == nullptr) {
    if (routine.args.empty() || given[0] || !routine.args[0].type.is_port()) {
      throw DefsError(routine.pos, "the first argument of '" + routine.name +
                                       "' must be the port the request goes to");
    }
    routine.args[0].role = Role::kRequestPort;
    routine.args[0].in = false;
  }
  std::set<std::string> names;
  std::set<Role> roles;
  for (const Argument& arg : routine.args) {
    if (!names.insert(arg.name).second) {
      throw DefsError(arg.pos, "argument '" + arg.name + "' is declared twice");
    }
    if (arg.role != Role::kData && !roles.insert(arg.role).second) {
      throw DefsError(arg.pos, "second argument with the role of '" + arg.name + "'");
    }
    if (arg.out && routine.simple) {
      throw DefsError(arg.pos, "a simpleroutine has no reply to carry '" + arg.name + "'");
    }
    if (arg.in && arg.out && arg.type.shape != Shape::kScalar && arg.type.shape != Shape::kStruct &&
        arg.type.shape != Shape::kFixedArray) {
      throw DefsError(arg.pos, "inout is for values of a fixed size");
    }
    const bool port_role = arg.role == Role::kRequestPort || arg.role == Role::kReplyPort ||
                           arg.role == Role::kUserReplyPort || arg.role == Role::kServerReplyPort;
    if (port_role && !(arg.type.is_port() && arg.type.shape == Shape::kScalar)) {
      throw DefsError(arg.pos, "'" + arg.name + "' must be a port");
    }
    const bool named = !arg.type.user_ctype().empty();
    const bool needs_name = arg.type.shape == Shape::kScalar || arg.type.shape == Shape::kStruct;
    if (!named && needs_name && arg.type.shape == Shape::kStruct) {
      throw DefsError(arg.pos, "the type of '" + arg.name + "' needs a name");
    }
  }
}

}  // namespace mig
