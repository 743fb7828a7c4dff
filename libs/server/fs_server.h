// FsServer: everything that serves one tree over the fs and io protocols, put together.
#pragma once

#include "libs/server/fs_control_service.h"
#include "libs/server/fs_service.h"
#include "libs/server/io_service.h"
#include "libs/server/message_loop.h"
#include "libs/server/mutex.h"
#include "libs/server/notifications.h"
#include "libs/server/port_space.h"
#include "libs/server/tree.h"

namespace server {

// A server makes one of these with its root file system and calls loop().run(). Further interfaces
// (a process server's, say) are added to the loop; objects that are not files are handed to clients
// with io().handles().open().
class FsServer {
 public:
  // `receive`: the port set of `ports`, which the control port must be a member of. `lock` is the
  // tree lock; the root file system and the maker's file systems may use it from other threads.
  FsServer(mach_port_t receive, mach_port_t control, PortSpace& ports, Mutex& lock,
           FileSystem& root, FsControlService::FileSystemMaker maker)
      : tree_(root),
        loop_(receive, lock),
        io_(ports, loop_.current_call()),
        fs_(tree_, io_.handles(), ports),
        control_(control, tree_, io_.handles(), std::move(maker)),
        notifications_(io_.handles(), ports) {
    loop_.add(io_);
    loop_.add(fs_);
    loop_.add(control_);
    loop_.add_notifications(notifications_);
    // Handles made outside of requests have no reply that could fail.
    loop_.set_before_request([this] { (void)io_.handles().take_latest(); });
    loop_.set_after_request([this] {
      io_.run_ready();
      just_opened_ = io_.handles().take_latest();
    });
    loop_.set_reply_failed([this] {
      if (just_opened_ != MACH_PORT_NULL) io_.handles().cancel(just_opened_);
    });
  }

  MessageLoop& loop() { return loop_; }
  Tree& tree() { return tree_; }
  IoService& io() { return io_; }
  FsControlService& control() { return control_; }
  Notifications& notifications() { return notifications_; }

 private:
  Tree tree_;
  MessageLoop loop_;
  IoService io_;
  FsService fs_;
  FsControlService control_;
  Notifications notifications_;
  mach_port_t just_opened_ = MACH_PORT_NULL;  // by the request handled last
};

}  // namespace server
