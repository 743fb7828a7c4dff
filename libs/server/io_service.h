// IoService: the io protocol for every open object of a server.
#pragma once

#include <vector>

#include "libs/mach/io_server.h"
#include "libs/server/current_call.h"
#include "libs/server/handle_table.h"
#include "libs/server/lock_table.h"
#include "libs/server/waiting_calls.h"

namespace server {

// Decodes calls, hands them to the object behind the port, and keeps those that must wait.
class IoService final : public IoInterface, public ReadyListener, public CloseListener {
 public:
  // Larger reads are answered with less, as POSIX allows.
  static constexpr int kMaxTransfer = 1 << 20;

  // `call` tells which request is being handled.
  IoService(PortSpace& ports, CurrentCall& call);

  HandleTable& handles() { return handles_; }

  // Tries waiting calls of the objects that became ready. The loop calls this after each message;
  // whoever makes objects ready at another time calls it too.
  void run_ready();

  void object_ready(OpenObject& object) override;
  void object_closed(OpenObject& object) override;

  kern_return_t io_read(mach_port_t io, const long long& offset, int amount, int flags, int cookie,
                        char** data, mach_msg_type_number_t* dataCnt) override;
  kern_return_t io_write(mach_port_t io, const long long& offset, int flags, int cookie,
                         const char* data, mach_msg_type_number_t dataCnt, int* amount,
                         long long* new_offset) override;
  kern_return_t io_stat(mach_port_t io, io_stat_t* attr) override;
  kern_return_t io_setattr(mach_port_t io, int which, int mode, int uid, int gid,
                           const long long& size, const posix_timespec_t& atime,
                           const posix_timespec_t& mtime) override;
  kern_return_t io_readdir(mach_port_t io, const long long& offset, int amount, char** data,
                           mach_msg_type_number_t* dataCnt) override;
  kern_return_t io_sync(mach_port_t io, boolean_t data_only) override;
  kern_return_t io_map(mach_port_t io, int prot, mach_port_t* object) override;
  kern_return_t io_ioctl(mach_port_t io, int request, int argument, int cookie, const char* data,
                         mach_msg_type_number_t dataCnt, int* result, char* result_data,
                         mach_msg_type_number_t* result_dataCnt) override;
  kern_return_t io_poll(mach_port_t io, int events, int* ready) override;
  kern_return_t io_select(mach_port_t io, mach_port_t reply, int events, int id) override;
  kern_return_t io_interrupt(mach_port_t io, int cookie) override;
  kern_return_t io_lock(mach_port_t io, int command, int owner, int cookie, int* type,
                        long long* start, long long* length, int* holder) override;
  kern_return_t io_window(mach_port_t io, mach_port_t task, unsigned address,
                          const long long& offset, unsigned size, boolean_t write,
                          boolean_t* writable, unsigned* epoch, long long* room_end) override;
  kern_return_t io_grown(mach_port_t io, const long long& position, const long long& end,
                         unsigned epoch) override;
  kern_return_t io_release_room(mach_port_t io) override;
  kern_return_t io_slots(mach_port_t io, mach_port_t task, unsigned address) override;
  kern_return_t io_kind(mach_port_t io, int* kind, int* flags) override;

 private:
  kern_return_t wait(WaitingCall call);

  CurrentCall& call_;
  PortSpace& ports_;
  HandleTable handles_;
  LockTable locks_;
  WaitingCalls waiting_;
  std::vector<base::Ref<OpenObject>> ready_;
  std::vector<base::Ref<OpenObject>> spare_;  // empty: its memory is used again
};

}  // namespace server
