#include "tests/conformance/pagers/demultiplexer.h"

CONFORMS(seqnos_memory_object_server, TRUE, "every call of the kernel reaches its function, with its arguments") {
  check_all(seqnos_memory_object_server, INIT, CHANGE_COMPLETED, TRUE);
}

CONFORMS(seqnos_memory_object_server, FALSE, "other messages are left alone") {
  check_foreign(seqnos_memory_object_server, INIT, CHANGE_COMPLETED);
}

CONFORMS(seqnos_memory_object_server, "a message that has only the id of a call reaches no function") {
  check_malformed(seqnos_memory_object_server, INIT, CHANGE_COMPLETED);
}
