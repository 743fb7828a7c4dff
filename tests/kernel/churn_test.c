/*
 * Many tasks and threads that send rights to one another, make more of their kind and end at
 * random. When all have ended, the kernel must have in use what it had before: no port, message,
 * page or byte of its heap more.
 *
 * Runs for as many seconds as the flags say ("-300"), else 12.
 */
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/notify.h>
#include <mach/thread_status.h>
#include <mach_debug/mach_debug.h>

#include "tests/kernel/support/kernel_test.h"

#define TARGET_TASKS 10
#define MAX_TASKS 18
#define KNOWN 24
#define HUB 0x4242u
#define THREAD_WAIT 2

static mach_port_t hub;
static mach_port_t known[KNOWN]; /* rights of this task, of any kind */
static unsigned threads_made;
static unsigned generation;
static unsigned random_state = 1;

static unsigned pick(unsigned limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state % limit;
}

static void pause_ms(int ms) { (void)thread_switch(MACH_PORT_NULL, THREAD_WAIT, ms); }

/* ---- What each of them does ---- */

struct right_message {
  mach_msg_header_t head;
  mach_msg_type_t right_type;
  mach_port_t right;
  mach_msg_type_long_t memory_type;
  vm_address_t memory;
  char room[64]; /* for what others send */
};

static mach_port_t any_right(void) { return known[pick(KNOWN)]; }

static void keep(mach_port_t right) {
  mach_port_t *const place = &known[pick(KNOWN)];
  const mach_port_t old = *place;
  *place = right;
  if (!MACH_PORT_VALID(old)) return;
  if (pick(2)) (void)mach_port_deallocate(mach_task_self(), old);
  if (pick(8) == 0) (void)mach_port_destroy(mach_task_self(), old);
}

static void fill(struct right_message *m, mach_port_t right, vm_size_t memory_size) {
  static const mach_msg_type_t port_type = {MACH_MSG_TYPE_COPY_SEND, 32, 1, TRUE, FALSE, FALSE, 0};
  m->right_type = port_type;
  m->right_type.msgt_name = MACH_MSG_TYPE_MOVE_RECEIVE + pick(6);
  m->right = right;
  m->memory_type.msgtl_header = port_type;
  m->memory_type.msgtl_header.msgt_name = 0;
  m->memory_type.msgtl_header.msgt_size = 0;
  m->memory_type.msgtl_header.msgt_number = 0;
  m->memory_type.msgtl_header.msgt_inline = FALSE;
  m->memory_type.msgtl_header.msgt_longform = TRUE;
  m->memory_type.msgtl_header.msgt_deallocate = TRUE;
  m->memory_type.msgtl_name = MACH_MSG_TYPE_BYTE;
  m->memory_type.msgtl_size = 8;
  m->memory_type.msgtl_number = memory_size;
  m->memory = 0;
  if (memory_size != 0 &&
      vm_allocate(mach_task_self(), &m->memory, memory_size, TRUE) == KERN_SUCCESS) {
    *(volatile unsigned *)m->memory = pick(1000);
  }
  m->head.msgh_size = (mach_msg_size_t)((char *)m->room - (char *)m);
  m->head.msgh_local_port = MACH_PORT_NULL;
  m->head.msgh_id = 1;
}

static void release_memory(const struct right_message *m) {
  if (m->head.msgh_id != 1 || m->memory_type.msgtl_number == 0) return;
  (void)vm_deallocate(mach_task_self(), m->memory, m->memory_type.msgtl_number);
}

static void send_right(void) {
  struct right_message m;
  fill(&m, any_right(), pick(3) ? 0 : 4096 * (1 + pick(8)));
  m.head.msgh_remote_port = any_right();
  m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND + pick(5), 0) | MACH_MSGH_BITS_COMPLEX;
  if (mach_msg(&m.head, MACH_SEND_MSG | MACH_SEND_TIMEOUT, m.head.msgh_size, 0, MACH_PORT_NULL,
               (mach_msg_timeout_t)pick(3), MACH_PORT_NULL) == MACH_SEND_TIMED_OUT)
    release_memory(&m);
}

static void take(const struct right_message *m) {
  if (MACH_PORT_VALID(m->head.msgh_remote_port)) keep(m->head.msgh_remote_port);
  if (m->head.msgh_id == 1 && MACH_PORT_VALID(m->right)) keep(m->right);
  if (pick(4)) release_memory(m);
}

static void receive_right(void) {
  struct right_message m;
  if (mach_msg(&m.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(m), any_right(),
               (mach_msg_timeout_t)pick(4), MACH_PORT_NULL) == MACH_MSG_SUCCESS)
    take(&m);
}

/* Gives the hub a right and gets one that somebody else gave. */
static void exchange(void) {
  struct right_message m;
  const mach_port_t reply = mach_reply_port();
  fill(&m, pick(4) ? any_right() : mach_task_self(), pick(2) * 8192);
  m.head.msgh_remote_port = HUB;
  m.head.msgh_local_port = reply;
  m.head.msgh_bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE) | MACH_MSGH_BITS_COMPLEX;
  if (m.right == mach_task_self()) m.right_type.msgt_name = MACH_MSG_TYPE_COPY_SEND;
  if (mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG | MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT,
               m.head.msgh_size, sizeof(m), reply, 20, MACH_PORT_NULL) == MACH_MSG_SUCCESS)
    take(&m);
  if (pick(4)) (void)mach_port_destroy(mach_task_self(), reply);
}

static void change_names(void) {
  const mach_port_t self = mach_task_self();
  mach_port_t made = MACH_PORT_NULL;
  switch (pick(6)) {
    case 0: return keep(make_port());
    case 1:
      if (mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &made) == KERN_SUCCESS) keep(made);
      return;
    case 2: return (void)mach_port_move_member(self, any_right(), any_right());
    case 3: return (void)mach_port_mod_refs(self, any_right(), pick(5), (int)pick(4) - 2);
    case 4: {
      mach_port_t previous = MACH_PORT_NULL;
      static const int variants[] = {MACH_NOTIFY_DEAD_NAME, MACH_NOTIFY_NO_SENDERS,
                                     MACH_NOTIFY_PORT_DESTROYED};
      (void)mach_port_request_notification(self, any_right(), variants[pick(3)], 0, any_right(),
                                           MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
      return keep(previous);
    }
    default: return (void)mach_port_destroy(self, any_right());
  }
}

static void use_memory(void) {
  vm_address_t address = 0;
  const vm_size_t size = 4096 * (1 + pick(16));
  if (vm_allocate(mach_task_self(), &address, size, TRUE) != KERN_SUCCESS) return;
  *(volatile unsigned *)address = 1;
  *(volatile unsigned *)(address + size - 4) = 2;
  if (pick(3)) (void)vm_deallocate(mach_task_self(), address, size / (1 + pick(2)));
}

static void live(void *unused);
static mach_port_t start_task(mach_port_t hub_right, mach_msg_type_name_t type);

static void multiply(void) {
  if (pick(2) && threads_made < 4) {
    threads_made++;
    keep(start_thread(live, 0));
  } else if (generation < 3 && pick(4) == 0) {
    const mach_port_t task = start_task(HUB, MACH_MSG_TYPE_COPY_SEND);
    if (task != MACH_PORT_NULL) keep(task);
  }
}

/* To whatever task or thread there is a right for. */
static void harm(void) {
  const mach_port_t victim = any_right();
  switch (pick(6)) {
    case 0: return (void)task_terminate(victim);
    case 1: return (void)thread_terminate(victim);
    case 2: return (void)task_suspend(victim);
    case 3: return (void)task_resume(victim);
    case 4: return (void)thread_abort(victim);
    default: return (void)thread_suspend(victim);
  }
}

static void end(void) {
  for (;;) {
    if (pick(3) == 0) (void)task_terminate(mach_task_self());
    if (pick(2)) end_thread();
    receive_right();
    pause_ms(30);
  }
}

static void live(void *unused) {
  unsigned steps = 40 + pick(400);
  (void)unused;
  for (; steps > 0; steps--) {
    switch (pick(12)) {
      case 0: case 1: send_right(); break;
      case 2: case 3: receive_right(); break;
      case 4: case 5: exchange(); break;
      case 6: case 7: change_names(); break;
      case 8: use_memory(); break;
      case 9: if (pick(4) == 0) multiply(); break;
      case 10: if (pick(8) == 0) harm(); break;
      default: pause_ms((int)pick(3));
    }
  }
  end();
}

/* ---- How they come to be ---- */

/* First instructions of a new task, in a copy of its maker's memory. */
static void begin(void *unused) {
  unsigned i;
  (void)unused;
  (void)mach_init();
  for (i = 0; i < KNOWN; i++) known[i] = MACH_PORT_NULL;
  threads_made = 0;
  generation++;
  for (i = 0; i < 6; i++) keep(make_port());
  live(0);
}

static mach_port_t start_task(mach_port_t hub_right, mach_msg_type_name_t type) {
  struct i386_thread_state state = {0};
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  mach_port_t task = MACH_PORT_NULL;
  mach_port_t thread = MACH_PORT_NULL;
  const mach_port_t model = make_thread(mach_task_self(), begin, 0);
  if (model == MACH_PORT_NULL) return MACH_PORT_NULL;
  random_state += 0x9e3779b9u;
  if (thread_get_state(model, i386_THREAD_STATE, (thread_state_t)&state, &count) == KERN_SUCCESS &&
      task_create(mach_task_self(), TRUE, &task) == KERN_SUCCESS) {
    (void)mach_port_insert_right(task, HUB, hub_right, type);
    if (thread_create(task, &thread) == KERN_SUCCESS) {
      (void)thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state, count);
      (void)thread_resume(thread);
      (void)mach_port_deallocate(mach_task_self(), thread);
    }
  }
  (void)thread_terminate(model);
  (void)mach_port_deallocate(mach_task_self(), model);
  (void)vm_deallocate(mach_task_self(), state.uesp + 16 - STACK_SIZE, STACK_SIZE);
  return task;
}

/* ---- The one that watches ---- */

static mach_port_t processor_set;
static mach_port_t stored; /* what the hub gives next */
static unsigned tasks_made;

/* Every other task, to `visit`; their number. */
static unsigned for_each_task(void (*visit)(mach_port_t task)) {
  mach_port_t *tasks = 0;
  mach_msg_type_number_t count = 0;
  unsigned others = 0;
  unsigned i;
  if (processor_set_tasks(processor_set, &tasks, &count) != KERN_SUCCESS) return 0;
  for (i = 0; i < count; i++) {
    if (tasks[i] != mach_task_self() && MACH_PORT_VALID(tasks[i])) {
      others++;
      visit(tasks[i]);
    }
    if (MACH_PORT_VALID(tasks[i])) (void)mach_port_deallocate(mach_task_self(), tasks[i]);
  }
  (void)vm_deallocate(mach_task_self(), (vm_address_t)tasks, count * sizeof(tasks[0]));
  return others;
}

static void end_task(mach_port_t task) { (void)task_terminate(task); }
static void maybe_end_task(mach_port_t task) {
  if (pick(60) == 0) (void)task_terminate(task);
  if (pick(20) == 0) (void)task_resume(task);
}

/* Serves the hub: each gets what the one before gave. */
static void serve(void) {
  struct right_message m;
  unsigned i;
  for (i = 0; i < 16; i++) {
    const mach_port_t given = stored;
    if (mach_msg(&m.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(m), hub, 0, MACH_PORT_NULL) !=
        MACH_MSG_SUCCESS)
      return;
    stored = MACH_PORT_NULL;
    if (m.head.msgh_id == 1 && MACH_PORT_VALID(m.right)) {
      mach_port_type_t type = 0;
      /* A receive right may have come to join a send right that is kept here: it goes. */
      (void)mach_port_mod_refs(mach_task_self(), m.right, MACH_PORT_RIGHT_RECEIVE, -1);
      (void)mach_port_type(mach_task_self(), m.right, &type);
      if (type & MACH_PORT_TYPE_SEND)
        stored = m.right;
      else
        (void)mach_port_destroy(mach_task_self(), m.right);
    }
    release_memory(&m);
    if (MACH_PORT_VALID(m.head.msgh_remote_port)) {
      const mach_port_t to = m.head.msgh_remote_port;
      fill(&m, given, 0);
      m.right_type.msgt_name = MACH_MSG_TYPE_COPY_SEND;
      m.head.msgh_remote_port = to;
      m.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0) | MACH_MSGH_BITS_COMPLEX;
      if (mach_msg(&m.head, MACH_SEND_MSG | MACH_SEND_TIMEOUT, m.head.msgh_size, 0, MACH_PORT_NULL,
                   0, MACH_PORT_NULL) != MACH_MSG_SUCCESS)
        (void)mach_port_deallocate(mach_task_self(), to);
    }
    if (MACH_PORT_VALID(given)) (void)mach_port_deallocate(mach_task_self(), given);
  }
}

static unsigned now_seconds(void) {
  time_value_t now = {0, 0};
  (void)host_get_time(host_control, &now);
  return (unsigned)now.seconds;
}

static void churn(unsigned seconds) {
  const unsigned start = now_seconds();
  unsigned i;
  hub = make_port();
  (void)mach_port_set_qlimit(mach_task_self(), hub, MACH_PORT_QLIMIT_MAX);
  while (now_seconds() - start < seconds) {
    const unsigned tasks = for_each_task(maybe_end_task);
    if (tasks < TARGET_TASKS) {
      const mach_port_t task = start_task(hub, MACH_MSG_TYPE_MAKE_SEND);
      if (task != MACH_PORT_NULL) tasks_made++;
      (void)mach_port_deallocate(mach_task_self(), task);
    } else if (tasks > MAX_TASKS) {
      (void)for_each_task(end_task);
    }
    serve();
    pause_ms(2);
  }
  for (i = 0; i < 100 && for_each_task(end_task) != 0; i++) pause_ms(20);
  (void)mach_port_destroy(mach_task_self(), hub);
  if (MACH_PORT_VALID(stored)) (void)mach_port_destroy(mach_task_self(), stored);
  stored = MACH_PORT_NULL;
  pause_ms(200); /* the reaper */
}

/* ---- What the kernel has in use ---- */

#define ZONES 48

struct usage {
  mach_msg_type_number_t count;
  zone_name_t names[ZONES];
  zone_info_t zones[ZONES];
};

static struct usage before, after;

static int get_usage(struct usage *usage) {
  zone_name_array_t names = usage->names;
  zone_info_array_t zones = usage->zones;
  mach_msg_type_number_t zone_count = ZONES;
  unsigned i;
  usage->count = ZONES;
  if (host_zone_info(host_control, &names, &usage->count, &zones, &zone_count) != KERN_SUCCESS ||
      usage->count > ZONES || zone_count != usage->count)
    return 0;
  for (i = 0; i < usage->count; i++) {
    usage->names[i] = names[i];
    usage->zones[i] = zones[i];
  }
  if (names != usage->names)
    (void)vm_deallocate(mach_task_self(), (vm_address_t)names, usage->count * sizeof(*names));
  if (zones != usage->zones)
    (void)vm_deallocate(mach_task_self(), (vm_address_t)zones, usage->count * sizeof(*zones));
  return 1;
}

/* Names this task has itself: what it keeps by mistake is no leak of the kernel. */
static unsigned count_names(void) {
  mach_port_t *names = 0;
  mach_port_type_t *types = 0;
  mach_msg_type_number_t count = 0;
  mach_msg_type_number_t type_count = 0;
  if (mach_port_names(mach_task_self(), &names, &count, &types, &type_count) != KERN_SUCCESS)
    return 0;
  (void)vm_deallocate(mach_task_self(), (vm_address_t)names, count * sizeof(*names));
  (void)vm_deallocate(mach_task_self(), (vm_address_t)types, type_count * sizeof(*types));
  return count;
}

/*
 * This task has every page that it could come to have: a deeper call in the second half, onto a page
 * of its stack that was never used, is no leak either. The number of pages.
 */
static unsigned use_own_pages(void) {
  vm_address_t address = 0;
  vm_size_t size = 0;
  vm_prot_t protection, max_protection;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t object;
  vm_offset_t offset;
  unsigned pages = 0;
  while (vm_region(mach_task_self(), &address, &size, &protection, &max_protection, &inheritance,
                   &shared, &object, &offset) == KERN_SUCCESS) {
    const vm_address_t end = address + size;
    if (MACH_PORT_VALID(object)) (void)mach_port_deallocate(mach_task_self(), object);
    for (; address < end; address += 4096, pages++) {
      volatile unsigned *const word = (volatile unsigned *)address;
      if (protection & VM_PROT_WRITE)
        *word = *word;
      else if (protection & VM_PROT_READ)
        (void)*word;
    }
  }
  return pages;
}

static int same(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

void test_main(void) {
  const unsigned seconds = test_flags[0] == '-' && test_flags[1] >= '0' && test_flags[1] <= '9'
                               ? parse_number(test_flags + 1)
                               : 12;
  mach_port_t set_name;
  unsigned names;
  unsigned pages;
  unsigned i;
  (void)processor_set_default(host_control, &set_name);
  (void)host_processor_set_priv(host_control, set_name, &processor_set);
  /* What the first time leaves - tables that have grown, page tables - the second may not add to. */
  churn(3);
  (void)get_usage(&before);
  pages = use_own_pages();
  names = count_names();
  if (!check(get_usage(&before), "the kernel's counters can be read")) return;
  churn(seconds);
  check_equal(use_own_pages(), pages, "pages of the test itself");
  (void)get_usage(&after);
  print("# tasks made: ");
  print_number(tasks_made);
  print("\n");
  check(tasks_made > 20, "tasks came and went");
  check_equal(count_names(), names, "names of the test itself");
  for (i = 0; i < after.count; i++) {
    const char *const name = after.names[i].zn_name;
    print("# before ");
    print_number((unsigned)before.zones[i].zi_count);
    print(", after ");
    print_number((unsigned)after.zones[i].zi_count);
    print(" (hexadecimal): ");
    print(name);
    print("\n");
    /* How pages are cut up is the heap's affair. */
    if (same(name, "free pages") || same(name, "pages of the kernel heap")) continue;
    check_equal((unsigned)after.zones[i].zi_count, (unsigned)before.zones[i].zi_count, name);
  }
}
