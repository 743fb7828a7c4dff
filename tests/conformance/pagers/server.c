/* The server functions: each notes its arguments. */
#include "tests/conformance/pagers/pager.h"

static struct call noted;
static boolean_t with_numbers;
static kern_return_t answer = KERN_SUCCESS;

void use_sequence_numbers(void) { with_numbers = TRUE; }
void answer_with(kern_return_t result) { answer = result; }

#define NOTE(ID, OBJECT, CONTROL) \
  (noted.id = (ID), noted.calls++, noted.object = (OBJECT), noted.control = (CONTROL))
#define NUMBERED(seq, call) (noted.numbered = TRUE, noted.seqno = (seq), call)

kern_return_t memory_object_init(mach_port_t object, mach_port_t control, mach_port_t name,
                                 vm_size_t page_size) {
  NOTE(INIT, object, control);
  noted.name = name;
  noted.page_size = page_size;
  return answer;
}

kern_return_t memory_object_terminate(mach_port_t object, mach_port_t control, mach_port_t name) {
  NOTE(TERMINATE, object, control);
  noted.name = name;
  return answer;
}

kern_return_t memory_object_copy(mach_port_t object, memory_object_control_t control,
                                 vm_offset_t offset, vm_size_t length, mach_port_t new_object) {
  NOTE(COPY, object, control);
  noted.offset = offset;
  noted.length = length;
  noted.new_object = new_object;
  return answer;
}

static kern_return_t note_range(int id, mach_port_t object, mach_port_t control,
                                vm_offset_t offset, vm_size_t length, vm_prot_t access) {
  NOTE(id, object, control);
  noted.offset = offset;
  noted.length = length;
  noted.access = access;
  return answer;
}

kern_return_t memory_object_data_request(mach_port_t object, mach_port_t control,
                                         vm_offset_t offset, vm_size_t length, vm_prot_t access) {
  return note_range(DATA_REQUEST, object, control, offset, length, access);
}

kern_return_t memory_object_data_unlock(mach_port_t object, mach_port_t control,
                                        vm_offset_t offset, vm_size_t length, vm_prot_t access) {
  return note_range(DATA_UNLOCK, object, control, offset, length, access);
}

kern_return_t memory_object_lock_completed(mach_port_t object, mach_port_t control,
                                           vm_offset_t offset, vm_size_t length) {
  return note_range(LOCK_COMPLETED, object, control, offset, length, 0);
}

static kern_return_t note_data(int id, mach_port_t object, mach_port_t control,
                               vm_offset_t offset, vm_offset_t data, vm_size_t length) {
  noted.data = data;
  return note_range(id, object, control, offset, length, 0);
}

kern_return_t memory_object_data_write(mach_port_t object, mach_port_t control,
                                       vm_offset_t offset, vm_offset_t data,
                                       mach_msg_type_number_t length) {
  return note_data(DATA_WRITE, object, control, offset, data, length);
}

kern_return_t memory_object_data_initialize(mach_port_t object, mach_port_t control,
                                            vm_offset_t offset, vm_offset_t data,
                                            mach_msg_type_number_t length) {
  return note_data(DATA_INITIALIZE, object, control, offset, data, length);
}

kern_return_t memory_object_data_return(mach_port_t object, mach_port_t control,
                                        vm_offset_t offset, vm_offset_t data,
                                        mach_msg_type_number_t length, boolean_t dirty,
                                        boolean_t kernel_copy) {
  noted.dirty = dirty;
  noted.kernel_copy = kernel_copy;
  return note_data(DATA_RETURN, object, control, offset, data, length);
}

kern_return_t memory_object_supply_completed(mach_port_t object, mach_port_t control,
                                             vm_offset_t offset, vm_size_t length,
                                             kern_return_t result, vm_offset_t error_offset) {
  noted.result = result;
  noted.error_offset = error_offset;
  return note_range(SUPPLY_COMPLETED, object, control, offset, length, 0);
}

kern_return_t memory_object_change_completed(mach_port_t object, boolean_t may_cache,
                                             memory_object_copy_strategy_t strategy) {
  NOTE(CHANGE_COMPLETED, object, MACH_PORT_NULL);
  noted.may_cache = may_cache;
  noted.strategy = strategy;
  return answer;
}

kern_return_t memory_object_create(mach_port_t old_object, mach_port_t new_object, vm_size_t size,
                                   mach_port_t control, mach_port_t name, vm_size_t page_size) {
  NOTE(CREATE, old_object, control);
  noted.new_object = new_object;
  noted.size = size;
  noted.name = name;
  noted.page_size = page_size;
  return answer;
}

/* ---- With sequence numbers ---- */

kern_return_t seqnos_memory_object_init(mach_port_t object, mach_port_seqno_t seqno,
                                        mach_port_t control, mach_port_t name,
                                        vm_size_t page_size) {
  return NUMBERED(seqno, memory_object_init(object, control, name, page_size));
}

kern_return_t seqnos_memory_object_terminate(mach_port_t object, mach_port_seqno_t seqno,
                                             mach_port_t control, mach_port_t name) {
  return NUMBERED(seqno, memory_object_terminate(object, control, name));
}

kern_return_t seqnos_memory_object_copy(mach_port_t object, mach_port_seqno_t seqno,
                                        memory_object_control_t control, vm_offset_t offset,
                                        vm_size_t length, mach_port_t new_object) {
  return NUMBERED(seqno, memory_object_copy(object, control, offset, length, new_object));
}

kern_return_t seqnos_memory_object_data_request(mach_port_t object, mach_port_seqno_t seqno,
                                                mach_port_t control, vm_offset_t offset,
                                                vm_size_t length, vm_prot_t access) {
  return NUMBERED(seqno, memory_object_data_request(object, control, offset, length, access));
}

kern_return_t seqnos_memory_object_data_unlock(mach_port_t object, mach_port_seqno_t seqno,
                                               mach_port_t control, vm_offset_t offset,
                                               vm_size_t length, vm_prot_t access) {
  return NUMBERED(seqno, memory_object_data_unlock(object, control, offset, length, access));
}

kern_return_t seqnos_memory_object_data_write(mach_port_t object, mach_port_seqno_t seqno,
                                              mach_port_t control, vm_offset_t offset,
                                              vm_offset_t data, mach_msg_type_number_t length) {
  return NUMBERED(seqno, memory_object_data_write(object, control, offset, data, length));
}

kern_return_t seqnos_memory_object_data_return(mach_port_t object, mach_port_seqno_t seqno,
                                               mach_port_t control, vm_offset_t offset,
                                               vm_offset_t data, mach_msg_type_number_t length,
                                               boolean_t dirty, boolean_t kernel_copy) {
  return NUMBERED(seqno, memory_object_data_return(object, control, offset, data, length, dirty,
                                                   kernel_copy));
}

kern_return_t seqnos_memory_object_lock_completed(mach_port_t object, mach_port_seqno_t seqno,
                                                  mach_port_t control, vm_offset_t offset,
                                                  vm_size_t length) {
  return NUMBERED(seqno, memory_object_lock_completed(object, control, offset, length));
}

kern_return_t seqnos_memory_object_supply_completed(mach_port_t object, mach_port_seqno_t seqno,
                                                    mach_port_t control, vm_offset_t offset,
                                                    vm_size_t length, kern_return_t result,
                                                    vm_offset_t error_offset) {
  return NUMBERED(seqno, memory_object_supply_completed(object, control, offset, length, result,
                                                        error_offset));
}

kern_return_t seqnos_memory_object_change_completed(mach_port_t object, mach_port_seqno_t seqno,
                                                    boolean_t may_cache,
                                                    memory_object_copy_strategy_t strategy) {
  return NUMBERED(seqno, memory_object_change_completed(object, may_cache, strategy));
}

kern_return_t seqnos_memory_object_create(mach_port_t old_object, mach_port_seqno_t seqno,
                                          mach_port_t new_object, vm_size_t size,
                                          mach_port_t control, mach_port_t name,
                                          vm_size_t page_size) {
  return NUMBERED(seqno, memory_object_create(old_object, new_object, size, control, name,
                                              page_size));
}

kern_return_t seqnos_memory_object_data_initialize(mach_port_t object, mach_port_seqno_t seqno,
                                                   mach_port_t control, vm_offset_t offset,
                                                   vm_offset_t data,
                                                   mach_msg_type_number_t length) {
  return NUMBERED(seqno, memory_object_data_initialize(object, control, offset, data, length));
}

/* ---- Serving ---- */

static boolean_t serve(mach_msg_header_t *in, mach_msg_header_t *out) {
  if (with_numbers)
    return seqnos_memory_object_server(in, out) || seqnos_memory_object_default_server(in, out);
  return memory_object_server(in, out) || memory_object_default_server(in, out);
}

struct call serve_message(boolean_t (*demultiplexer)(mach_msg_header_t *, mach_msg_header_t *),
                          mach_msg_header_t *in, mach_msg_header_t *out, boolean_t *known) {
  static const struct call nothing;
  noted = nothing;
  *known = (*demultiplexer)(in, out);
  return noted;
}

struct call last_call(void) { return noted; }

static struct call call_within(mach_port_t port, unsigned milliseconds) {
  static const struct call nothing;
  struct message in;
  struct message out;
  boolean_t known;
  if (receive_with(&in, MACH_RCV_TIMEOUT, port, sizeof(in), milliseconds, MACH_PORT_NULL) !=
      MACH_MSG_SUCCESS)
    return nothing;
  (void)serve_message(serve, &in.head, &out.head, &known);
  EXPECT(known);
  EXPECT_EQUAL(noted.calls, 1);
  EXPECT_EQUAL(noted.numbered, with_numbers);
  /* Who receives messages of several ports asks each for the order of its own. */
  if (with_numbers) EXPECT_EQUAL(noted.seqno, in.head.msgh_seqno);
  return noted;
}

struct call call_soon(mach_port_t port) { return call_within(port, 20); }

struct call next_call(mach_port_t port) { return call_within(port, PATIENCE); }

struct call expect_call(mach_port_t port, int id) {
  const struct call call = next_call(port);
  REQUIRE_EQUAL(call.id, id);
  return call;
}

int is_quiet(mach_port_t port) {
  const struct call call = call_within(port, 50);
  if (call.id != 0) note("there came a message of id", (unsigned)call.id);
  return call.id == 0;
}
