#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "libs/mig/backends.h"
#include "libs/mig/parser.h"
#include "libs/mig/preprocessor.h"
#include "libs/mig/text.h"

namespace {

constexpr const char* kUsage =
    "usage: mig [-I dir] [-D name[=value]] [output options] interface.defs\n"
    "  -user FILE -header FILE      C user stubs and their header\n"
    "  -cserver FILE -sheader FILE  C server routine and its header\n"
    "  -cxxserver FILE              C++ server interface class (a header)\n"
    "  -kernel FILE                 kernel dispatch (a header)\n"
    "  -requests FILE               shapes of the requests, for tests (a header)\n"
    "  -include NAME                how generated sources include their header\n"
    "  -types NAME                  what the kernel dispatch includes for its types\n";

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int fail(const std::string& text) {
  std::cerr << "mig: " << text << "\n";
  return 1;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> include_dirs, definitions;
  std::string input;
  mig::BackendOptions options;
  std::vector<std::pair<const mig::Backend*, std::string>> outputs;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg.rfind("-I", 0) == 0 && arg.size() > 2) {
      include_dirs.push_back(arg.substr(2));
    } else if (arg.rfind("-D", 0) == 0 && arg.size() > 2) {
      definitions.push_back(arg.substr(2));
    } else if (arg[0] != '-') {
      input = arg;
    } else if (i + 1 >= argc) {
      return fail(mig::cat("option ", arg, " is unknown or needs a value\n", kUsage));
    } else if (arg == "-I") {
      include_dirs.push_back(argv[++i]);
    } else if (arg == "-D") {
      definitions.push_back(argv[++i]);
    } else if (arg == "-include") {
      options.header = argv[++i];
    } else if (arg == "-types") {
      options.kernel_types = argv[++i];
    } else if (const mig::Backend* backend = mig::find_backend(arg)) {
      outputs.emplace_back(backend, argv[++i]);
    } else {
      return fail(mig::cat("unknown option ", arg, "\n", kUsage));
    }
  }
  if (input.empty() || outputs.empty()) return fail(kUsage);
  try {
    mig::Preprocessor preprocessor(include_dirs, read_file);
    for (const std::string& definition : definitions) preprocessor.define(definition);
    const mig::Subsystem subsystem = mig::Parser(preprocessor.run(input)).parse();
    for (const auto& [backend, path] : outputs) {
      if (!write_file(path, backend->emit(subsystem, options))) {
        return fail("cannot write " + path);
      }
    }
  } catch (const mig::DefsError& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
