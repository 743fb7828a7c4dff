/* How a program has bad_server ("obey") terminate a server: it maps a page at this address, writes this
 * there, and sets `state` to KILL_NOW; KILL_DONE is the answer. */
#pragma once

#define KILL_REQUEST_ADDRESS 0x60000000
#define KILL_REQUEST_SIZE 4096
#define KILL_REQUEST_MAGIC "kill it"

enum { KILL_NOT_YET, KILL_NOW, KILL_DONE };

struct kill_request {
  char magic[8];
  int state;
};
