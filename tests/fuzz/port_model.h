// PortModel: what ports, rights, names and messages are after a sequence of calls, by the book. It
// knows nothing of the kernel but the names it has chosen.
//
// The order of the notifications of one call is the kernel's choice; Message::call tells which
// belong together.
#pragma once

#include <mach/message.h>
#include <mach/notify.h>
#include <mach/port.h>

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <vector>

namespace fuzz::model {

struct Message;
struct Port;
struct Set;
struct Space;

enum class Kind : uint8_t { kSend, kSendOnce, kReceive };

// A right in a message: for a port, or dead, or null.
struct Right {
  Kind kind = Kind::kSend;
  Port* port = nullptr;
  bool dead = false;
};

struct Entry {
  bool send = false, receive = false, send_once = false, dead = false;
  Set* set = nullptr;  // the name is a port set
  Port* port = nullptr;
  uint32_t urefs = 0;
  Port* dead_name_request = nullptr;  // where the notification goes
};

struct Space {
  bool active = true;
  std::map<mach_port_t, Entry> entries;
};

struct Port {
  bool active = true;
  bool kernel = false;        // a kernel object: holds no messages, the kernel has rights of its own
  const void* real = nullptr;  // the kernel's port
  Space* receiver = nullptr;
  mach_port_t receiver_name = 0;
  Port* destination = nullptr;  // of the message with the receive right
  uint32_t sends = 0, send_onces = 0;
  uint32_t make_sends = 0, seqno = 0, limit = MACH_PORT_QLIMIT_DEFAULT;
  Set* set = nullptr;
  std::deque<std::unique_ptr<Message>> queue;
  Port* no_senders = nullptr;
  Port* port_destroyed = nullptr;
};

struct Set {
  std::list<Port*> ready;  // members with messages, in the order of their turns
};

struct Message {
  uint32_t call = 0;
  mach_msg_id_t id = 0;
  Right destination, reply;
  std::vector<Right> rights;
  uint32_t word = 0;  // of a notification; of a user's message what identifies it
  std::vector<uint32_t> pages;  // first words of the pages out of line
};

class PortModel {
 public:
  // Calls that change something begin with this.
  void begin_call() { ++call_; }

  Port* new_port();
  Space* new_space();
  std::list<Port>& ports() { return ports_; }
  std::list<Space>& spaces() { return spaces_; }
  // The entry of a name, or null.
  static Entry* find(Space& space, mach_port_t name);
  // The name of a send or receive right for the port, or null.
  static mach_port_t name_of(Space& space, const Port& port);

  // --- the calls of the port interface; the result they must have. `name` is the kernel's choice
  // where the kernel chooses.
  void allocated(Space& s, mach_port_right_t right, mach_port_t name);
  kern_return_t destroy(Space& s, mach_port_t name);
  kern_return_t deallocate(Space& s, mach_port_t name);
  kern_return_t mod_refs(Space& s, mach_port_t name, mach_port_right_t right, int delta);
  kern_return_t rename(Space& s, mach_port_t old_name, mach_port_t new_name);
  kern_return_t move_member(Space& s, mach_port_t member, mach_port_t set);
  kern_return_t set_limit(Space& s, mach_port_t name, uint32_t limit);
  kern_return_t request(Space& s, mach_port_t name, mach_msg_id_t variant, uint32_t sync,
                        Right notify, Right& previous);
  // Takes a right out of the space.
  kern_return_t copyin(Space& s, mach_port_t name, mach_msg_type_name_t disposition, Right& right);
  // Puts one in; `name` is what the kernel says it is called. False: it cannot be called so.
  [[nodiscard]] bool copyout(Space& s, Right right, mach_port_t name);
  // The same with a name of the caller's choice.
  kern_return_t insert(Space& s, Right right, mach_port_t name);

  // Releases a right, with what follows from that.
  void release(Right right);
  // Queues a message for its destination, or destroys it when that is dead or inside it.
  void post(std::unique_ptr<Message> message);
  // The message that a receive from this name gives next; null when there is none. `same` tells
  // whether a message is the one that came: of the notifications of one call any may be first.
  template <typename F>
  std::unique_ptr<Message> receive(Port& port, F same) {
    for (auto it = port.queue.begin(); it != port.queue.end(); ++it) {
      if ((*it)->call != port.queue.front()->call) break;
      if (!same(**it)) continue;
      auto m = std::move(*it);
      port.queue.erase(it);
      ++port.seqno;
      queue_changed(port);
      if (port.set != nullptr && !port.queue.empty()) turn(*port.set, port);
      return m;
    }
    return nullptr;
  }
  // The destination right of a received message has done its work.
  void use_up(Right destination);

  void terminate(Space& s);
  void end_kernel_port(Port& port) { die(port); }

 private:
  static bool can_take(const Entry& e, mach_msg_type_name_t disposition);
  Right take(Space& s, mach_port_t name, mach_msg_type_name_t disposition);
  void drop_entry(Space& s, mach_port_t name);
  void drop_sends(Space& s, mach_port_t name, uint32_t count);
  void destroy_entry(Space& s, mach_port_t name);
  void add(Space& s, mach_port_t name, Right right);
  static void leave_set(Port& port);
  static void detach(Port& port);
  void die(Port& port);
  void make_dead(Port& port);
  void drop_send(Port& port);
  void destroy_message(Message& m);
  void notify(Port* port, mach_msg_id_t id, uint32_t word, Right right = {});
  static void queue_changed(Port& port);
  static void turn(Set& set, Port& port);
  static bool enter_transit(Port& port, Port& destination);
  kern_return_t request_dead_name(Space& s, mach_port_t name, uint32_t sync, Right notify,
                                  Right& previous);

  uint32_t call_ = 0;
  std::list<Port> ports_;
  std::list<Space> spaces_;
  std::list<Set> sets_;
};

}  // namespace fuzz::model
