#include "libs/mig/testing/sample_server.h"

#include <algorithm>
#include <cstring>

#include "libs/mig/testdata/sample_cserver.h"

using mig::test::logic;

namespace mig::test {
SampleLogic* logic = nullptr;
}  // namespace mig::test

extern "C" {

kern_return_t do_vm_allocate(mach_port_t target, vm_address_t* address, vm_size_t size,
                             boolean_t anywhere) {
  logic->address = *address;
  logic->size = size;
  logic->flag = anywhere;
  *address += 0x1000;
  return logic->enter(target);
}

kern_return_t do_vm_read(mach_port_t target, vm_address_t address, vm_size_t size,
                         vm_offset_t* data, mach_msg_type_number_t* count) {
  logic->address = address;
  logic->size = size;
  *data = 0xcafe000;
  *count = size;
  return logic->enter(target);
}

kern_return_t do_vm_write(mach_port_t target, vm_address_t address, vm_offset_t data,
                          mach_msg_type_number_t count) {
  logic->address = address;
  logic->data = reinterpret_cast<void*>(data);
  logic->size = count;
  return logic->enter(target);
}

kern_return_t do_get_state(mach_port_t target, int flavor, state_t state,
                           mach_msg_type_number_t* count) {
  logic->flag = flavor;
  logic->room = *count;
  const size_t n = std::min<size_t>(*count, logic->results.size());
  std::copy_n(logic->results.begin(), n, state);
  *count = static_cast<mach_msg_type_number_t>(logic->results.size());
  return logic->enter(target);
}

kern_return_t do_set_state(mach_port_t target, int flavor, state_t state,
                           mach_msg_type_number_t count) {
  logic->flag = flavor;
  logic->ints.assign(state, state + count);
  return logic->enter(target);
}

kern_return_t do_map(mach_port_t target, vm_address_t* address, mach_port_t object,
                     mach_port_t* name) {
  logic->address = *address;
  logic->port = object;
  *address += 1;
  *name = object + 1;
  return logic->enter(target);
}

kern_return_t do_threads(mach_port_t target, thread_array_t* list, mach_msg_type_number_t* count) {
  static mach_port_t ports[] = {5, 6, 7};
  *list = ports;
  *count = 3;
  return logic->enter(target);
}

kern_return_t do_set_time(mach_port_t host, sample_time_t now, sample_time_t* both, char* version) {
  logic->time = now;
  std::swap(both->seconds, both->microseconds);
  std::memcpy(version, "version123", 10);
  return logic->enter(host);
}

kern_return_t do_lookup(mach_port_t server, mach_port_t reply, char* path, short tag,
                        mach_port_t* node, mach_msg_type_name_t* node_type, char* rest,
                        int* flags) {
  logic->reply_port = reply;
  logic->text = path;
  logic->flag = tag;
  *node = 99;
  *node_type = MACH_MSG_TYPE_MAKE_SEND;
  std::strcpy(rest, logic->out_text.c_str());
  *flags = 0x55;
  return logic->enter(server);
}

kern_return_t do_open_device(mach_port_t master, int mode, char* name, mach_port_t* device,
                             char* label) {
  logic->flag = mode;
  logic->text = name;
  *device = 88;
  std::strcpy(label, "label");
  return logic->enter(master);
}

kern_return_t do_list(mach_port_t server, small_t keys, mach_msg_type_number_t key_count, int more,
                      ints_t* values, mach_msg_type_number_t* value_count, small_t extra,
                      mach_msg_type_number_t* extra_count, int* last) {
  logic->shorts.assign(keys, keys + key_count);
  logic->flag = more;
  logic->room = *value_count;
  if (logic->big != nullptr) {
    *values = logic->big->data();
    *value_count = static_cast<mach_msg_type_number_t>(logic->big->size());
  } else {
    const size_t n = std::min<size_t>(*value_count, logic->results.size());
    std::copy_n(logic->results.begin(), n, *values);
    *value_count = static_cast<mach_msg_type_number_t>(n);
  }
  for (mach_msg_type_number_t i = 0; i < key_count; ++i) extra[i] = static_cast<short>(keys[i] + 1);
  *extra_count = key_count;
  *last = -1;
  return logic->enter(server);
}

kern_return_t do_supply(mach_port_t control, natural_t seqno, vm_offset_t offset, vm_offset_t data,
                        mach_msg_type_number_t count, int lock, mach_port_t reply_to,
                        mach_msg_type_name_t reply_type) {
  logic->seqno = seqno;
  logic->address = offset;
  logic->data = reinterpret_cast<void*>(data);
  logic->size = count;
  logic->flag = lock;
  logic->port = reply_to;
  logic->port_type = reply_type;
  return logic->enter(control);
}

kern_return_t do_registered(mach_port_t target, mach_port_array_t ports,
                            mach_msg_type_number_t port_count, pairs_t pairs,
                            mach_msg_type_number_t pair_count, long long wide, long long* sum,
                            char* digest) {
  logic->ports.assign(ports, ports + port_count);
  logic->pairs.assign(pairs, pairs + pair_count);
  logic->wide = wide;
  *sum = wide;
  for (const pair_t& pair : logic->pairs) *sum += pair.first + pair.second;
  std::memcpy(digest, "DGEST", 5);
  return logic->enter(target);
}

kern_return_t do_read_request(mach_port_t device, int count) {
  logic->flag = count;
  return logic->enter(device);
}

kern_return_t do_write_block(mach_port_t server, ints_t data, mach_msg_type_number_t count,
                             int* written) {
  logic->data = data;
  logic->ints.assign(data, data + count);
  *written = static_cast<int>(count);
  return logic->enter(server);
}

kern_return_t do_ping(mach_port_t server) { return logic->enter(server); }

}  // extern "C"

namespace mig::test {

kern_return_t SampleServer::vm_allocate(mach_port_t target, vm_address_t* address, vm_size_t size,
                                        boolean_t anywhere) {
  return do_vm_allocate(target, address, size, anywhere);
}
kern_return_t SampleServer::vm_read(mach_port_t target, vm_address_t address, vm_size_t size,
                                    unsigned char** data, mach_msg_type_number_t* count) {
  return do_vm_read(target, address, size, reinterpret_cast<vm_offset_t*>(data), count);
}
kern_return_t SampleServer::vm_write(mach_port_t target, vm_address_t address, unsigned char* data,
                                     mach_msg_type_number_t count) {
  return do_vm_write(target, address, reinterpret_cast<vm_offset_t>(data), count);
}
kern_return_t SampleServer::get_state(mach_port_t target, int flavor, int* state,
                                      mach_msg_type_number_t* count) {
  return do_get_state(target, flavor, state, count);
}
kern_return_t SampleServer::set_state(mach_port_t target, int flavor, const int* state,
                                      mach_msg_type_number_t count) {
  return do_set_state(target, flavor, const_cast<int*>(state), count);
}
kern_return_t SampleServer::map(mach_port_t target, vm_address_t* address, mach_port_t object,
                                mach_port_t* name) {
  return do_map(target, address, object, name);
}
kern_return_t SampleServer::threads(mach_port_t target, mach_port_t** list,
                                    mach_msg_type_number_t* count) {
  return do_threads(target, list, count);
}
kern_return_t SampleServer::set_time(mach_port_t host, const sample_time_t& now,
                                     sample_time_t* both, char* version) {
  return do_set_time(host, now, both, version);
}
kern_return_t SampleServer::lookup(mach_port_t server, mach_port_t reply, const char* path,
                                   short tag, mach_port_t* node, mach_msg_type_name_t* node_type,
                                   char* rest, int* flags) {
  return do_lookup(server, reply, const_cast<char*>(path), tag, node, node_type, rest, flags);
}
kern_return_t SampleServer::open_device(mach_port_t master, int mode, const char* name,
                                        mach_port_t* device, char* label) {
  return do_open_device(master, mode, const_cast<char*>(name), device, label);
}
kern_return_t SampleServer::list(mach_port_t server, const short* keys,
                                 mach_msg_type_number_t key_count, int more, int** values,
                                 mach_msg_type_number_t* value_count, short* extra,
                                 mach_msg_type_number_t* extra_count, int* last) {
  return do_list(server, const_cast<short*>(keys), key_count, more, values, value_count, extra,
                 extra_count, last);
}
kern_return_t SampleServer::supply(mach_port_t control, natural_t seqno, vm_offset_t offset,
                                   unsigned char* data, mach_msg_type_number_t count, int lock,
                                   mach_port_t reply_to, mach_msg_type_name_t reply_type) {
  return do_supply(control, seqno, offset, reinterpret_cast<vm_offset_t>(data), count, lock,
                   reply_to, reply_type);
}
kern_return_t SampleServer::registered(mach_port_t target, const mach_port_t* ports,
                                       mach_msg_type_number_t port_count, const pair_t* pairs,
                                       mach_msg_type_number_t pair_count, long long wide,
                                       long long* sum, char* digest) {
  return do_registered(target, const_cast<mach_port_t*>(ports), port_count,
                       const_cast<pair_t*>(pairs), pair_count, wide, sum, digest);
}
kern_return_t SampleServer::read_request(mach_port_t device, int count) {
  return do_read_request(device, count);
}
kern_return_t SampleServer::write_block(mach_port_t server, const int* data,
                                        mach_msg_type_number_t count, int* written) {
  return do_write_block(server, const_cast<int*>(data), count, written);
}
kern_return_t SampleServer::ping(mach_port_t server) { return do_ping(server); }

}  // namespace mig::test
