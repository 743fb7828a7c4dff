// The default pager in a machine with less memory than this program uses. Started by the bootstrap
// server as
//   paging_test MEBIBYTES
// Fills and verifies so much memory, copies and objects included, reports TAP on the console and
// ends the machine.
#include <mach.h>
#include <mach/bootstrap.h>
#include <mach/default_pager_object.h>
#include <mach/mach_host.h>
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr vm_size_t kMebibyte = 1 << 20;
constexpr vm_size_t kPage = 4096;
constexpr vm_size_t kPageWords = kPage / sizeof(uint32_t);

int tests = 0;

void report(bool passed, const char* what, int code = 0) {
  ++tests;
  if (passed) {
    std::printf("ok %d - %s\n", tests, what);
  } else {
    std::printf("not ok %d - %s (code 0x%x)\n", tests, what, static_cast<unsigned>(code));
  }
}

void pause_ms(long ms) {
  const timespec time{ms / 1000, ms % 1000 * 1'000'000};
  (void)nanosleep(&time, nullptr);
}

uint32_t* at(vm_address_t address) { return reinterpret_cast<uint32_t*>(address); }

// Memory with contents that tell offset and generation.
class Region {
 public:
  explicit Region(vm_size_t size) : size_(size) {
    code_ = vm_allocate(mach_task_self(), &address_, size, TRUE);
  }
  Region(vm_address_t address, vm_size_t size) : address_(address), size_(size) {}

  [[nodiscard]] kern_return_t code() const { return code_; }
  [[nodiscard]] vm_address_t address() const { return address_; }

  void fill_page(vm_size_t page, uint32_t generation) const {
    uint32_t* words = at(address_ + page * kPage);
    for (uint32_t i = 0; i < kPageWords; ++i) words[i] = word(page, i, generation);
  }
  [[nodiscard]] bool page_is(vm_size_t page, uint32_t generation) const {
    const uint32_t* words = at(address_ + page * kPage);
    for (uint32_t i = 0; i < kPageWords; ++i) {
      if (words[i] == word(page, i, generation)) continue;
      std::printf("# page %u word %u: 0x%x\n", page, i, words[i]);
      return false;
    }
    return true;
  }
  void fill(uint32_t generation) const {
    for (vm_size_t page = 0; page < pages(); ++page) fill_page(page, generation);
  }
  [[nodiscard]] bool is(uint32_t generation) const {
    for (vm_size_t page = 0; page < pages(); ++page) {
      if (!page_is(page, generation)) return false;
    }
    return true;
  }
  [[nodiscard]] vm_size_t pages() const { return size_ / kPage; }
  void free() const { (void)vm_deallocate(mach_task_self(), address_, size_); }

 private:
  static uint32_t word(vm_size_t page, uint32_t index, uint32_t generation) {
    return (page * kPageWords + index) * 2654435761u + generation;
  }

  vm_address_t address_ = 0;
  vm_size_t size_;
  kern_return_t code_ = KERN_SUCCESS;
};

class Test {
 public:
  Test(mach_port_t host, vm_size_t size) : host_(host), size_(size) {}

  void run() {
    find_pager();
    fill_and_verify();
    copies();
    shared_object();
    report(wait_for_free(), "nothing is left on the paging space");
  }

 private:
  void find_pager();
  void fill_and_verify() const;
  void copies() const;
  void shared_object();
  [[nodiscard]] bool wait_for_free() const;
  void push_out() const;
  kern_return_t map(mach_port_t object, vm_size_t size, vm_address_t* address) const;

  mach_port_t host_;
  mach_port_t pager_ = MACH_PORT_NULL;
  vm_size_t size_;
  vm_size_t total_ = 0;
};

// The bootstrap server starts both programs and waits for neither.
void Test::find_pager() {
  kern_return_t code = KERN_SUCCESS;
  for (int tries = 0; tries < 200 && pager_ == MACH_PORT_NULL; ++tries) {
    code = vm_set_default_memory_manager(host_, &pager_);
    if (pager_ == MACH_PORT_NULL) pause_ms(50);
  }
  report(pager_ != MACH_PORT_NULL, "there is a default pager", code);
  vm_size_t free = 0;
  code = default_pager_info(pager_, &total_, &free);
  report(code == KERN_SUCCESS && total_ >= size_ && free <= total_, "paging space", code);
}

// Uses other memory until what was used before is on the disk.
void Test::push_out() const {
  const Region filler(size_ / 4 * 3);
  filler.fill(99);
  filler.free();
}

void Test::fill_and_verify() const {
  const Region memory(size_);
  report(memory.code() == KERN_SUCCESS, "vm_allocate", memory.code());
  memory.fill(1);
  vm_size_t total = 0;
  vm_size_t free = 0;
  const kern_return_t code = default_pager_info(pager_, &total, &free);
  report(code == KERN_SUCCESS && free < total, "some of it is paged out", code);
  std::printf("# %u KiB of paging space used\n", (total - free) / 1024);
  report(memory.is(1), "all of it is as written");
  for (vm_size_t page = 0; page < memory.pages(); page += 3) memory.fill_page(page, 2);
  bool good = true;
  for (vm_size_t i = 0; i < memory.pages() && good; ++i) {
    const vm_size_t page = i * 7919 % memory.pages();
    good = memory.page_is(page, page % 3 == 0 ? 2 : 1);
  }
  report(good, "pages changed later, read here and there");
  memory.free();
  report(wait_for_free(), "paging space is free again");
}

void Test::copies() const {
  const vm_size_t size = size_ / 8;
  const Region original(size);
  original.fill(3);
  const Region copy(size);
  kern_return_t code = vm_copy(mach_task_self(), original.address(), size, copy.address());
  report(code == KERN_SUCCESS, "vm_copy", code);
  for (vm_size_t page = 0; page < original.pages(); page += 2) original.fill_page(page, 4);
  push_out();
  report(copy.is(3), "the copy is as it was");
  for (vm_size_t page = 0; page < copy.pages(); page += 5) copy.fill_page(page, 5);
  push_out();
  bool good = true;
  for (vm_size_t page = 0; page < original.pages(); ++page) {
    good = good && original.page_is(page, page % 2 == 0 ? 4 : 3);
    good = good && copy.page_is(page, page % 5 == 0 ? 5 : 3);
  }
  report(good, "both sides have their own changes");
  original.free();
  push_out();
  good = true;
  for (vm_size_t page = 0; page < copy.pages(); ++page) {
    good = good && copy.page_is(page, page % 5 == 0 ? 5 : 3);
  }
  report(good, "the copy outlives the original");
  copy.free();
}

kern_return_t Test::map(mach_port_t object, vm_size_t size, vm_address_t* address) const {
  *address = 0;
  return vm_map(mach_task_self(), address, size, 0, TRUE, object, 0, FALSE,
                VM_PROT_READ | VM_PROT_WRITE, VM_PROT_READ | VM_PROT_WRITE, VM_INHERIT_NONE);
}

void Test::shared_object() {
  constexpr vm_size_t kSize = 2 * kMebibyte;
  mach_port_t object = MACH_PORT_NULL;
  kern_return_t code = default_pager_object_create(pager_, &object, kSize);
  report(code == KERN_SUCCESS, "default_pager_object_create", code);
  vm_address_t one = 0;
  vm_address_t two = 0;
  code = map(object, kSize, &one);
  if (code == KERN_SUCCESS) code = map(object, kSize, &two);
  report(code == KERN_SUCCESS, "it can be mapped", code);
  const Region first(one, kSize);
  const Region second(two, kSize);
  report(*at(two) == 0 && *at(two + kSize - 4) == 0, "it is zero at first");
  first.fill(6);
  report(second.is(6), "both mappings show it");
  push_out();
  report(second.is(6), "also after it was paged out");
  first.free();
  second.free();
  code = map(object, kSize, &one);
  const Region again(one, kSize);
  report(code == KERN_SUCCESS && again.is(6), "the contents outlive the mappings", code);
  default_pager_page_t room[16];
  default_pager_page_array_t pages = room;
  mach_msg_type_number_t count = 16;
  code = default_pager_object_pages(pager_, object, &pages, &count);
  report(code == KERN_SUCCESS && count == kSize / kPage, "default_pager_object_pages", code);
  if (pages != room) {
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(pages),
                        count * sizeof(default_pager_page_t));
  }
  again.free();
  (void)mach_port_deallocate(mach_task_self(), object);
}

// Whether the paging space is free, apart from what the servers' idle pages take.
bool Test::wait_for_free() const {
  vm_size_t total = 0;
  vm_size_t free = 0;
  const vm_size_t enough = total_ - 2 * kMebibyte;
  for (int tries = 0; tries < 100 && free < enough; ++tries) {
    if (default_pager_info(pager_, &total, &free) != KERN_SUCCESS) return false;
    if (free < enough) pause_ms(50);
  }
  std::printf("# %u KiB of paging space used\n", (total - free) / 1024);
  return free >= enough;
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  (void)bootstrap_privileged_ports(bootstrap_port, &host, &device_master);
  const vm_size_t size = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 128;
  Test(host, size * kMebibyte).run();
  std::printf("1..%d\n", tests);
  std::fflush(stdout);
  return static_cast<int>(host_reboot(host, 0));
}
