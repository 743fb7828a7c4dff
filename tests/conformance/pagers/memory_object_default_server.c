#include "tests/conformance/pagers/demultiplexer.h"

CONFORMS(memory_object_default_server, TRUE, "every call of the kernel reaches its function, with its arguments") {
  check_all(memory_object_default_server, CREATE, DATA_INITIALIZE, FALSE);
}

CONFORMS(memory_object_default_server, FALSE, "other messages are left alone") {
  check_foreign(memory_object_default_server, CREATE, DATA_INITIALIZE);
}

CONFORMS(memory_object_default_server, "a message that has only the id of a call reaches no function") {
  check_malformed(memory_object_default_server, CREATE, DATA_INITIALIZE);
}
