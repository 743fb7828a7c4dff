// Kernel objects behind ports.
#pragma once

#include <cstdint>

namespace ipc {

// What a kernel port stands for; the numbers are those mach_port_kernel_object answers.
enum class KObjectType : uint8_t {
  kNone = 0,
  kThread = 1,
  kTask = 2,
  kHost = 3,
  kHostPriv = 4,
  kProcessor = 5,
  kProcessorSet = 6,
  kProcessorSetName = 7,
  kPager = 8,
  kMemoryControl = 9,
  kDevice = 10,
  kMemoryName = 16,
  kDeviceMaster = 19,
};

// Called when the last send right of a kernel object's port is gone.
using NoSendersHook = void (*)(void* kobject);

}  // namespace ipc
