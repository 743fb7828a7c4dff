// Player: memory, and tasks that come and go.
#include "kernel/ipc/port.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/mach_user.h"
#include "tests/fuzz/player.h"

namespace fuzz {
namespace {

constexpr uint32_t address_of(uint32_t page) { return page << arch::kPageShift; }

}  // namespace

uint32_t Player::any_page(Playing& p) {
  const uint32_t choice = input_.byte();
  if (choice < 0xe0 || p.memory.empty()) return kFirstPage + choice % kPages;
  auto it = p.memory.begin();
  std::advance(it, choice % p.memory.size());
  return it->first;
}

bool Player::has(Playing& p, uint32_t first, uint32_t count, bool writable) {
  for (uint32_t page = first; page < first + count; ++page) {
    const auto it = p.memory.find(page);
    if (it == p.memory.end() || (writable && !it->second.writable)) return false;
  }
  return true;
}

void Player::change_memory(Playing& p) {
  const uint32_t first = any_page(p);
  const uint32_t count = 1 + input_.pick(6);
  const uint32_t size = address_of(count);
  const uint32_t choice = input_.pick(8);
  const bool writable = !input_.one_in(3);
  const vm_prot_t protection = writable ? VM_PROT_DEFAULT : VM_PROT_READ;
  const auto inheritance = static_cast<vm_inherit_t>(input_.pick(3));
  vm_address_t address = address_of(first);
  bool is_free = true;
  for (uint32_t page = first; page < first + count; ++page) is_free &= !p.memory.contains(page);
  kern_return_t r = 0;
  bool expected = has(p, first, count);
  as(p, [&] {
    switch (choice) {
      case 0: case 1: r = vm_allocate(p.self, &address, size, FALSE); break;
      case 2:
        r = vm_map(p.self, &address, size, 0, FALSE, MACH_PORT_NULL, 0, FALSE, protection,
                   VM_PROT_ALL, inheritance);
        break;
      case 3: r = vm_deallocate(p.self, address, size); break;
      case 4: case 5: r = vm_protect(p.self, address, size, FALSE, protection); break;
      default: r = vm_inherit(p.self, address, size, inheritance);
    }
  });
  if (choice < 3) expected = is_free;
  if (choice == 3) {
    for (uint32_t page = first; page < first + count; ++page) p.memory.erase(page);
    return;
  }
  FUZZ_CHECK((r == KERN_SUCCESS) == expected, "page %x, %u pages: %x", first, count, r);
  if (!expected) return;
  for (uint32_t page = first; page < first + count; ++page) {
    if (choice < 2) p.memory[page] = {};
    else if (choice == 2) p.memory[page] = {.writable = writable, .inheritance = inheritance};
    else if (choice < 6) p.memory[page].writable = writable;
    else p.memory[page].inheritance = inheritance;
  }
}

void Player::use_memory(Playing& p) {
  const uint32_t page = any_page(p);
  const auto it = p.memory.find(page);
  uint32_t word = ++next_word_;
  if (input_.one_in(2)) {
    FUZZ_CHECK(p.actor.read(address_of(page), &word, sizeof word) == (it != p.memory.end()));
    FUZZ_CHECK(it == p.memory.end() || word == *it->second.cell, "page %x: %x, %x", page, word,
               *it->second.cell);
    return;
  }
  const bool expected = it != p.memory.end() && it->second.writable;
  FUZZ_CHECK(p.actor.write(address_of(page), &word, sizeof word) == expected, "page %x", page);
  if (expected) *it->second.cell = word;
}

// vm_copy, or vm_read and vm_write.
void Player::copy_memory(Playing& p) {
  const uint32_t from = any_page(p);
  const uint32_t to = any_page(p);
  const uint32_t count = 1 + input_.pick(5);
  const uint32_t size = address_of(count);
  const bool directly = input_.one_in(2);
  const bool readable = has(p, from, count);
  const bool expected = readable && has(p, to, count, true);
  kern_return_t r = 0;
  as(p, [&] {
    if (directly) {
      r = vm_copy(p.self, address_of(from), size, address_of(to));
      return;
    }
    vm_offset_t data = 0;
    mach_msg_type_number_t data_size = 0;
    r = vm_read(p.self, address_of(from), size, &data, &data_size);
    FUZZ_CHECK((r == KERN_SUCCESS) == readable);
    if (r != KERN_SUCCESS) return;
    FUZZ_CHECK(data_size == size);
    r = vm_write(p.self, address_of(to), data, data_size);
    FUZZ_CHECK(vm_deallocate(p.self, data, data_size) == KERN_SUCCESS);
  });
  FUZZ_CHECK((r == KERN_SUCCESS) == expected, "%x to %x, %u pages: %x", from, to, count, r);
  if (!expected) return;
  std::vector<uint32_t> words;
  for (uint32_t i = 0; i < count; ++i) words.push_back(*p.memory[from + i].cell);
  for (uint32_t i = 0; i < count; ++i) *p.memory[to + i].cell = words[i];
}

void Player::fork(Playing& p) {
  if (tasks_.size() >= kMaxTasks) return;
  const bool inherit = !input_.one_in(4);
  mach_port_t name = MACH_PORT_NULL;
  kern_return_t r = 0;
  as(p, [&] { r = task_create(p.self, inherit, &name); });
  FUZZ_CHECK(r == KERN_SUCCESS, "%x", r);
  ipc::Port* const port = p.actor.space().send_port(name);
  FUZZ_CHECK(port != nullptr);
  auto* const task = static_cast<kern::Task*>(port->kobject(ipc::KObjectType::kTask));
  FUZZ_CHECK(task != nullptr);
  Playing& child = add_task(base::Ref<kern::Task>(task));
  if (!inherit) Client::prepare(child.actor);
  ++child.port->sends;
  copyout(p, {model::Kind::kSend, child.port}, name);
  for (const auto& [page, from] : p.memory) {
    if (!inherit || from.inheritance == VM_INHERIT_NONE) continue;
    ModelPage copy = from;
    if (from.inheritance == VM_INHERIT_COPY) copy.cell = std::make_shared<uint32_t>(*from.cell);
    child.memory[page] = copy;
  }
}

// One task ends another, or itself, by the name it has for it if it has one.
void Player::end(Playing& by, size_t which) {
  Playing& victim = *tasks_[which];
  if (tasks_.size() == 1) return;
  const mach_port_t name = ports_.name_of(*by.names, *victim.port);
  if (&by == &victim || name == MACH_PORT_NULL) {
    FUZZ_CHECK(victim.actor.task().terminate().ok());
    host::run();
  } else {
    kern_return_t r = 0;
    as(by, [&] { r = task_terminate(name); });
    FUZZ_CHECK(r == KERN_SUCCESS, "%x", r);
  }
  ports_.end_kernel_port(*victim.port);
  ports_.terminate(*victim.names);
  tasks_.erase(tasks_.begin() + static_cast<ptrdiff_t>(which));
}

}  // namespace fuzz
