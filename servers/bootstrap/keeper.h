// What the bootstrap server keeps for the name server (keeper.defs): its successor asks for it.
#pragma once

#include <string>
#include <vector>

#include "servers/bootstrap/keeper_server.h"

namespace bootstrap {

// Used by one thread.
class Keeper final : public KeeperInterface {
 public:
  kern_return_t keeper_keep(mach_port_t keeper, int kind, const char* name, int value, mach_port_t port,
                            mach_port_t signature) override;
  kern_return_t keeper_forget(mach_port_t keeper, int kind, const char* name) override;
  kern_return_t keeper_entry(mach_port_t keeper, int number, int* kind, char* name, int* value,
                             mach_port_t* port, mach_port_t* signature) override;

 private:
  struct Entry {
    int kind;
    std::string name;
    int value;
    mach_port_t port;       // send rights of this task
    mach_port_t signature;
  };
  void forget(int kind, const std::string& name);

  std::vector<Entry> entries_;
};

}  // namespace bootstrap
