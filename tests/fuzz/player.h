// Player: tasks that make random calls, and the model of what these must do.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "tests/fuzz/actor.h"
#include "tests/fuzz/client.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/port_model.h"

namespace fuzz {

// What a page of memory holds, as one or (VM_INHERIT_SHARE) several tasks see it: its first word.
using Cell = std::shared_ptr<uint32_t>;

struct ModelPage {
  Cell cell = std::make_shared<uint32_t>(0);
  bool writable = true;
  vm_inherit_t inheritance = VM_INHERIT_COPY;
};

// A task, and what it must be.
struct Playing {
  explicit Playing(base::Ref<kern::Task> task) : actor(std::move(task)) {}
  Actor actor;
  Client client;
  model::Space* names = nullptr;
  model::Port* port = nullptr;  // its kernel port
  mach_port_t self = 0;         // the name it has for that
  std::map<uint32_t, ModelPage> memory;  // by page number
};

class Player {
 public:
  explicit Player(Input& input);
  // One call by one of the tasks.
  void step();
  // Compares all the kernel knows with the model.
  void check();
  // Reads all memory.
  void check_memory();

 private:
  static constexpr uint32_t kMaxTasks = 5;
  static constexpr uint32_t kFirstPage = 0x400;
  static constexpr uint32_t kPages = 40;

  // --- player.cc
  Playing& add_task(base::Ref<kern::Task> task);
  Playing& any_task() { return *tasks_[input_.pick(static_cast<uint32_t>(tasks_.size()))]; }
  mach_port_t any_name(Playing& p);
  mach_port_t chosen_name();
  mach_msg_type_name_t any_disposition() { return MACH_MSG_TYPE_MOVE_RECEIVE + input_.pick(6); }
  // Runs code in a thread of the task, to its end.
  template <typename F>
  void as(Playing& p, F code) {
    current_client = &p.client;
    run_as(p, code);
  }
  void run_as(Playing& p, std::function<void()> code);
  static void check_space(Playing& p);
  void check_port(model::Port& port);
  void learn_ports(Playing& p);

  // --- player_ports.cc
  void allocate(Playing& p);
  void change_refs(Playing& p);
  void rename(Playing& p);
  void move_member(Playing& p);
  void set_limit(Playing& p);
  void request_notification(Playing& p);
  void insert_right(Playing& p);
  void extract_right(Playing& p);
  void introduce(Playing& from, Playing& to);
  void copyout(Playing& p, model::Right right, mach_port_t name);

  // --- player_messages.cc
  struct Draft;
  void send(Playing& p);
  void receive(Playing& p);
  void call(Playing& client, Playing& server);
  model::Port* receive_port(Playing& p, mach_port_t name, mach_msg_return_t& expected);
  bool add_rights(Playing& p, Draft& draft, model::Message& m);
  bool add_memory(Playing& p, Draft& draft, model::Message& m);
  void received(Playing& p, model::Port* port, const Draft& draft);
  void take_items(Playing& p, const model::Message& m, const Draft& draft);
  void returned(Playing& p, const model::Message& m, const Draft& draft);

  // --- player_memory.cc
  void change_memory(Playing& p);
  void use_memory(Playing& p);
  void copy_memory(Playing& p);
  void fork(Playing& p);
  void end(Playing& by, size_t which);
  uint32_t any_page(Playing& p);
  static bool has(Playing& p, uint32_t first, uint32_t count, bool writable = false);

  Input& input_;
  model::PortModel ports_;
  std::vector<std::unique_ptr<Playing>> tasks_;
  uint32_t next_word_ = 0x10000;
};

}  // namespace fuzz
