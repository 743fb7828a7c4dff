/* Every result the interface knows, in the words of the program (book appendix E). */
#include <device/device_types.h>
#include <mach/error.h>
#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach_error.h>

struct entry {
  mach_error_t value;
  const char *text;
};

static const struct entry entries[] = {
    {KERN_SUCCESS, "success"},
    {KERN_INVALID_ADDRESS, "invalid address"},
    {KERN_PROTECTION_FAILURE, "memory does not permit this access"},
    {KERN_NO_SPACE, "no address space available"},
    {KERN_INVALID_ARGUMENT, "invalid argument"},
    {KERN_FAILURE, "operation failed"},
    {KERN_RESOURCE_SHORTAGE, "kernel resource shortage"},
    {KERN_NOT_RECEIVER, "task does not hold the receive right"},
    {KERN_NO_ACCESS, "access restricted"},
    {KERN_MEMORY_FAILURE, "memory object destroyed"},
    {KERN_MEMORY_ERROR, "memory object could not supply the data"},
    {KERN_NOT_IN_SET, "receive right is in no port set"},
    {KERN_NAME_EXISTS, "port name already in use"},
    {KERN_ABORTED, "operation aborted"},
    {KERN_INVALID_NAME, "name denotes no right"},
    {KERN_INVALID_TASK, "not an active task"},
    {KERN_INVALID_RIGHT, "name denotes a right of the wrong kind"},
    {KERN_INVALID_VALUE, "value out of range"},
    {KERN_UREFS_OVERFLOW, "too many user references"},
    {KERN_INVALID_CAPABILITY, "improper port capability"},
    {KERN_RIGHT_EXISTS, "right already held under another name"},
    {KERN_INVALID_HOST, "not a host"},
    {KERN_MEMORY_PRESENT, "memory already present"},

    {MACH_SEND_IN_PROGRESS, "send in progress"},
    {MACH_SEND_INVALID_DATA, "message buffer not readable"},
    {MACH_SEND_INVALID_DEST, "invalid destination port"},
    {MACH_SEND_TIMED_OUT, "send timed out"},
    {MACH_SEND_WILL_NOTIFY, "message queued, notification will follow"},
    {MACH_SEND_NOTIFY_IN_PROGRESS, "msg-accepted notification already pending"},
    {MACH_SEND_INTERRUPTED, "send interrupted"},
    {MACH_SEND_MSG_TOO_SMALL, "message incomplete"},
    {MACH_SEND_INVALID_REPLY, "invalid reply port"},
    {MACH_SEND_INVALID_RIGHT, "invalid port right in message body"},
    {MACH_SEND_INVALID_NOTIFY, "invalid notify port"},
    {MACH_SEND_INVALID_MEMORY, "invalid out-of-line memory"},
    {MACH_SEND_NO_BUFFER, "no message buffer available"},
    {MACH_SEND_NO_NOTIFY, "no resources for msg-accepted notification"},
    {MACH_SEND_INVALID_TYPE, "invalid type descriptor"},
    {MACH_SEND_INVALID_HEADER, "invalid message header"},

    {MACH_RCV_IN_PROGRESS, "receive in progress"},
    {MACH_RCV_INVALID_NAME, "invalid receive name"},
    {MACH_RCV_TIMED_OUT, "receive timed out"},
    {MACH_RCV_TOO_LARGE, "message larger than the buffer"},
    {MACH_RCV_INTERRUPTED, "receive interrupted"},
    {MACH_RCV_PORT_CHANGED, "port moved into a set during receive"},
    {MACH_RCV_INVALID_NOTIFY, "invalid notify port for receive"},
    {MACH_RCV_INVALID_DATA, "message buffer not writable"},
    {MACH_RCV_PORT_DIED, "port lost during receive"},
    {MACH_RCV_IN_SET, "port is a member of a set"},
    {MACH_RCV_HEADER_ERROR, "no resources for the message header"},
    {MACH_RCV_BODY_ERROR, "no resources for the message body"},

    {MIG_TYPE_ERROR, "reply has the wrong types"},
    {MIG_REPLY_MISMATCH, "reply has the wrong id"},
    {MIG_REMOTE_ERROR, "server detected an error"},
    {MIG_BAD_ID, "server does not know this request"},
    {MIG_BAD_ARGUMENTS, "server found wrong arguments"},
    {MIG_NO_REPLY, "no reply is to be sent"},
    {MIG_EXCEPTION, "server raised an exception"},
    {MIG_ARRAY_TOO_LARGE, "array too small for the result"},
    {MIG_SERVER_DIED, "server died"},
    {MIG_DESTROY_REQUEST, "request destroyed without reply"},

    {D_IO_QUEUED, "device operation queued"},
    {D_IO_ERROR, "device hardware error"},
    {D_WOULD_BLOCK, "device operation would block"},
    {D_NO_SUCH_DEVICE, "no such device"},
    {D_ALREADY_OPEN, "device already open"},
    {D_DEVICE_DOWN, "device is down"},
    {D_INVALID_OPERATION, "bad operation for device"},
    {D_INVALID_RECNUM, "invalid record number"},
    {D_INVALID_SIZE, "invalid transfer size"},
    {D_NO_MEMORY, "no memory for device operation"},
    {D_READ_ONLY, "device is read-only"},
    {D_OUT_OF_BAND, "out-of-band condition on device"},

    {EML_BAD_TASK, "no task to emulate system calls for"},
    {EML_BAD_CNT, "system-call number out of range"},
};

static const char *find(mach_error_t error_value) {
  unsigned int i;

  for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
    if (entries[i].value == error_value) return entries[i].text;
  return 0;
}

const char *mach_error_string(mach_error_t error_value) {
  const char *text = find(error_value);

  /* Messages may add to their result which resource was short. */
  if (text == 0 && err_get_system(error_value) == 0x4)
    text = find(error_value & ~MACH_MSG_MASK);
  return text != 0 ? text : "unknown error";
}

const char *mach_error_type(mach_error_t error_value) {
  if (error_value <= MIG_TYPE_ERROR && error_value >= MIG_DESTROY_REQUEST) return "(mig)";
  if (error_value >= D_IO_ERROR && error_value <= D_OUT_OF_BAND) return "(device)";
  switch (err_get_system(error_value)) {
    case 0x0:
      return "(os/kern)";
    case 0x1:
      return "(library)";
    case 0x2:
      return "(server)";
    case 0x4:
      return "(ipc)";
    case 0x5:
      return "(bootstrap)";
    case 0x3e:
      return "(local)";
    default:
      return "(unknown)";
  }
}
