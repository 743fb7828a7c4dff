// The device interface (book chapter 10): decodes, checks rights and modes, delegates.
#include <device/device_types.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "kernel/device/device.h"
#include "kernel/device/io_request.h"
#include "kernel/device/master.h"
#include "kernel/device/open_device.h"
#include "kernel/device/reply.h"
#include "kernel/rpc/device_server.h"
#include "kernel/vm/memory_pressure.h"

namespace rpc {
namespace {

using device::Device;
using device::IoRequest;
using device::IoRequestPtr;
using device::OpenDevice;
using device::Reply;

// What may be done through this port: an error code, or D_SUCCESS.
kern_return_t check(const DeviceRef& device) {
  return device && device->is_open() ? D_SUCCESS : D_NO_SUCH_DEVICE;
}

base::Result<SendRight> open(Port* master_port, dev_mode_t mode, std::string_view name) {
  if (!device::is_master_port(master_port)) return base::Error(D_INVALID_OPERATION);
  Device* const found = device::find_device(name);
  if (!found) return base::Error(D_NO_SUCH_DEVICE);
  return OpenDevice::open(*found, mode);
}

// The request that an I/O call describes, after the checks every such call needs. An error is
// answered in the reply's full layout, which the asynchronous form expects: null then, with
// MIG_NO_REPLY, or with the code to return when not even that was possible.
IoRequestPtr begin(const DeviceRef& device, AnyRight& reply_port, IoRequest::Parameters parameters,
                   int size, kern_return_t& result) {
  parameters.size = size < 0 ? 0 : static_cast<uint32_t>(size);
  if ((parameters.mode & D_NOWAIT) == 0) vm::wait_for_transfer_memory();
  auto request = IoRequest::create(device, parameters, reply_port);
  if (!request.ok()) {
    result = D_NO_MEMORY;
    return nullptr;
  }
  result = MIG_NO_REPLY;
  kern_return_t error = check(device);
  if (error == D_SUCCESS) {
    const bool read = request.value()->is_read();
    if (read ? !device->may_read() : !device->may_write()) error = D_INVALID_OPERATION;
  }
  if (error == D_SUCCESS && size < 0) error = D_INVALID_SIZE;
  if (error == D_SUCCESS) return request.take();
  IoRequest::fail(request.take(), error);
  return nullptr;
}

}  // namespace

kern_return_t ds_device_open(Port* master_port, AnyRight& reply_port, dev_mode_t mode,
                             const char* name, DeviceRef*) {
  auto reply = Reply::create(Reply::Form::kOpen, reply_port);
  if (!reply.ok()) return D_NO_MEMORY;
  auto opened = open(master_port, mode, name);
  if (opened.ok()) {
    reply.value().send_open(D_SUCCESS, opened.take());
  } else {
    reply.value().send_open(opened.code(), SendRight());
  }
  return MIG_NO_REPLY;
}

kern_return_t ds_device_close(DeviceRef device) {
  if (const kern_return_t error = check(device); error != D_SUCCESS) return error;
  device->close();
  return D_SUCCESS;
}

kern_return_t ds_device_write(DeviceRef device, AnyRight& reply_port, dev_mode_t mode,
                              recnum_t record, MapCopyPtr data, mach_msg_type_number_t size, int*) {
  kern_return_t result;
  IoRequestPtr request = begin(device, reply_port, {IoRequest::Kind::kWrite, mode, record},
                               static_cast<int>(size), result);
  if (!request) return result;
  if (size != 0) {
    if (const io_return_t error = request->set_data(std::move(data)); error != D_SUCCESS) {
      IoRequest::fail(std::move(request), error);
      return MIG_NO_REPLY;
    }
  }
  device->device().write(std::move(request));
  return MIG_NO_REPLY;
}

kern_return_t ds_device_write_inband(DeviceRef device, AnyRight& reply_port, dev_mode_t mode,
                                     recnum_t record, const char* data,
                                     mach_msg_type_number_t size, int*) {
  kern_return_t result;
  IoRequestPtr request = begin(device, reply_port, {IoRequest::Kind::kWriteInband, mode, record},
                               static_cast<int>(size), result);
  if (!request) return result;
  request->set_inband_data({data, size});
  device->device().write(std::move(request));
  return MIG_NO_REPLY;
}

kern_return_t ds_device_read(DeviceRef device, AnyRight& reply_port, dev_mode_t mode,
                             recnum_t record, int bytes_wanted, MapCopyPtr*,
                             mach_msg_type_number_t*) {
  kern_return_t result;
  IoRequestPtr request =
      begin(device, reply_port, {IoRequest::Kind::kRead, mode, record}, bytes_wanted, result);
  if (request) device->device().read(std::move(request));
  return result;
}

kern_return_t ds_device_read_inband(DeviceRef device, AnyRight& reply_port, dev_mode_t mode,
                                    recnum_t record, int bytes_wanted, char*,
                                    mach_msg_type_number_t*) {
  kern_return_t result;
  IoRequestPtr request = begin(device, reply_port, {IoRequest::Kind::kReadInband, mode, record},
                               std::min(bytes_wanted, IO_INBAND_MAX), result);
  if (request) device->device().read(std::move(request));
  return result;
}

kern_return_t ds_device_map(DeviceRef device, vm_prot_t prot, vm_offset_t offset, vm_size_t size,
                            SendRight* pager, int) {
  if (const kern_return_t error = check(device); error != D_SUCCESS) return error;
  if ((prot & VM_PROT_WRITE) != 0 && !device->may_write()) return D_INVALID_OPERATION;
  return device->device().map(prot, offset, size, *pager);
}

kern_return_t ds_device_set_status(DeviceRef device, int flavor, const int* status,
                                   mach_msg_type_number_t count) {
  if (const kern_return_t error = check(device); error != D_SUCCESS) return error;
  return device->device().set_status(flavor, {status, count});
}

kern_return_t ds_device_get_status(DeviceRef device, int flavor, int* status,
                                   mach_msg_type_number_t* count) {
  if (const kern_return_t error = check(device); error != D_SUCCESS) return error;
  size_t words = *count;
  const kern_return_t result =
      device->device().get_status(flavor, {status, words}, words);
  *count = static_cast<mach_msg_type_number_t>(words);
  return result;
}

// No device here delivers packets.
kern_return_t ds_device_set_filter(DeviceRef device, SendRight, int, const filter_t*,
                                   mach_msg_type_number_t) {
  if (const kern_return_t error = check(device); error != D_SUCCESS) return error;
  return D_INVALID_OPERATION;
}

}  // namespace rpc
