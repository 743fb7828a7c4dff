#include "tests/conformance/pagers/demultiplexer.h"

CONFORMS(memory_object_server, TRUE, "every call of the kernel reaches its function, with its arguments") {
  check_all(memory_object_server, INIT, CHANGE_COMPLETED, FALSE);
}

CONFORMS(memory_object_server, FALSE, "other messages are left alone") {
  check_foreign(memory_object_server, INIT, CHANGE_COMPLETED);
}

CONFORMS(memory_object_server, "a message that has only the id of a call reaches no function") {
  check_malformed(memory_object_server, INIT, CHANGE_COMPLETED);
}

CONFORMS(memory_object_server, "with mach_msg_server: a manager, and its functions' errors end no loop") {
  check_loop(memory_object_server);
}
