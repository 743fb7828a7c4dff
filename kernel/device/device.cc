#include "kernel/device/device.h"

#include <algorithm>
#include <utility>

namespace device {
namespace {

using DeviceList = base::List<Device, &Device::table_link>;

DeviceList& devices() {
  static DeviceList list;
  return list;
}

}  // namespace

io_return_t Device::open(dev_mode_t, bool) { return D_SUCCESS; }

void Device::cancel(const OpenDevice&) {}

void Device::read(IoRequestPtr request) {
  IoRequest::fail(std::move(request), D_INVALID_OPERATION);
}

void Device::write(IoRequestPtr request) {
  IoRequest::fail(std::move(request), D_INVALID_OPERATION);
}

io_return_t Device::get_status(int, std::span<int>, size_t&) { return D_INVALID_OPERATION; }

io_return_t Device::set_status(int, std::span<const int>) { return D_INVALID_OPERATION; }

io_return_t Device::map(vm_prot_t, vm::Offset, vm::Size, ipc::SendRight&) {
  return D_INVALID_OPERATION;
}

io_return_t store_status(std::span<int> status, size_t& count, std::span<const int> words) {
  if (words.size() > status.size()) return D_INVALID_SIZE;
  std::ranges::copy(words, status.begin());
  count = words.size();
  return D_SUCCESS;
}

void add_device(Device& device) { devices().push_back(&device); }

Device* find_device(std::string_view name) {
  for (Device& device : devices()) {
    if (Device* found = device.find(name)) return found;
  }
  return nullptr;
}

}  // namespace device
