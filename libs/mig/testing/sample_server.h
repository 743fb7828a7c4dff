#pragma once

#include <string>
#include <vector>

#include "libs/mig/testdata/sample_cxxserver.h"
#include "libs/mig/testing/wire_support.h"

namespace mig::test {

/// What the servers of the sample interface do; the C functions and the C++ class call it alike.
struct SampleLogic {
  kern_return_t result = KERN_SUCCESS;  // what every routine answers
  int calls = 0;
  // Arguments as they arrived.
  mach_port_t request_port = 0, port = 0, reply_port = 0;
  mach_msg_type_name_t port_type = 0;
  uint32_t address = 0, size = 0, seqno = 0;
  int flag = 0;
  std::vector<int> ints;
  std::vector<short> shorts;
  std::vector<pair_t> pairs;
  std::vector<mach_port_t> ports;
  std::string text;
  std::string bytes;
  long long wide = 0;
  sample_time_t time = {};
  const void* data = nullptr;  // where array[] data was
  // Results.
  std::vector<int> results;         // for get_state and list
  std::vector<int>* big = nullptr;  // list answers with this memory instead
  std::string out_text = "rest";
  mach_msg_type_number_t room = 0;  // the count get_state was called with

  kern_return_t enter(mach_port_t request) {
    ++calls;
    request_port = request;
    return result;
  }
};

extern SampleLogic* logic;

/// The C++ server.
class SampleServer final : public SampleInterface {
 public:
  kern_return_t vm_allocate(mach_port_t target_task, vm_address_t* address, vm_size_t size,
                            boolean_t anywhere) override;
  kern_return_t vm_read(mach_port_t target_task, vm_address_t address, vm_size_t size,
                        unsigned char** data, mach_msg_type_number_t* dataCnt) override;
  kern_return_t vm_write(mach_port_t target_task, vm_address_t address, unsigned char* data,
                         mach_msg_type_number_t dataCnt) override;
  kern_return_t get_state(mach_port_t target, int flavor, int* state,
                          mach_msg_type_number_t* stateCnt) override;
  kern_return_t set_state(mach_port_t target, int flavor, const int* state,
                          mach_msg_type_number_t stateCnt) override;
  kern_return_t map(mach_port_t target_task, vm_address_t* address, mach_port_t memory_object,
                    mach_port_t* name_port) override;
  kern_return_t threads(mach_port_t target_task, mach_port_t** thread_list,
                        mach_msg_type_number_t* thread_listCnt) override;
  kern_return_t set_time(mach_port_t host, const sample_time_t& new_time, sample_time_t* both,
                         char* version) override;
  kern_return_t lookup(mach_port_t server, mach_port_t reply, const char* path, short tag,
                       mach_port_t* node, mach_msg_type_name_t* nodePoly, char* rest,
                       int* flags) override;
  kern_return_t open_device(mach_port_t master, int mode, const char* name, mach_port_t* device,
                            char* label) override;
  kern_return_t list(mach_port_t server, const short* keys, mach_msg_type_number_t keysCnt,
                     int more, int** values, mach_msg_type_number_t* valuesCnt, short* extra,
                     mach_msg_type_number_t* extraCnt, int* last) override;
  kern_return_t supply(mach_port_t control, natural_t seqno, vm_offset_t offset,
                       unsigned char* data, mach_msg_type_number_t dataCnt, int lock,
                       mach_port_t reply_to, mach_msg_type_name_t reply_toPoly) override;
  kern_return_t registered(mach_port_t target, const mach_port_t* ports,
                           mach_msg_type_number_t portsCnt, const pair_t* pairs,
                           mach_msg_type_number_t pairsCnt, long long wide, long long* sum,
                           char* digest) override;
  kern_return_t read_request(mach_port_t device, int count) override;
  kern_return_t write_block(mach_port_t server, const int* data, mach_msg_type_number_t dataCnt,
                            int* written) override;
  kern_return_t ping(mach_port_t server) override;
};

}  // namespace mig::test
