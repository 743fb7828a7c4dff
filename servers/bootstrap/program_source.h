// Where programs come from: boot modules before there is a file server, files afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <mach/kern_return.h>
#include <mach/port.h>

#include "servers/bootstrap/program_loader.h"

namespace bootstrap {

// A file's bytes in this task's memory; freed with the object.
class LoadedFile {
 public:
  LoadedFile() = default;
  explicit LoadedFile(ProgramImage image) : image_(image) {}
  LoadedFile(LoadedFile&& other) noexcept;
  LoadedFile& operator=(LoadedFile&& other) noexcept;
  ~LoadedFile();

  [[nodiscard]] const ProgramImage& image() const { return image_; }
  [[nodiscard]] std::string_view text() const;

 private:
  ProgramImage image_;
};

// The boot modules: kernel devices "module0", "module1", ... The first is this very program. A
// module's name is the last component of the first word of its command line.
class BootModules {
 public:
  // `names`: the modules' names in order.
  BootModules(mach_port_t device_master, std::vector<std::string> names)
      : device_master_(device_master), names_(std::move(names)) {}

  kern_return_t load(std::string_view name, LoadedFile* file) const;

 private:
  mach_port_t device_master_;
  std::vector<std::string> names_;
};

// A program on the root file system, by absolute path, through the "file" service's control port. The
// pages are copies: a server must not need the file server for its own program.
kern_return_t load_file(mach_port_t file_control, const std::string& path, LoadedFile* file);

}  // namespace bootstrap
