/* What a server of files shows its clients of the files they have open: one slot for each file in
 * use, all in one region that clients map read-only (io_slots). Only the server writes it.
 *
 * A slot belongs to a file as long as anybody has the file open. */
#ifndef SERVERS_FILE_SLOTS_H
#define SERVERS_FILE_SLOTS_H

#include <servers/posix_types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct file_slot {
  /* Even: `attributes` are the file's. It changes with them; odd: ask with io_stat. */
  volatile unsigned int sequence;
  /* Changes when pages of the file are thrown away or lose their room on the volume, before `size`
   * does. Who copied from or to a window and finds another number than before does it again by a
   * message, and asks for the window again before writing. */
  volatile unsigned int epoch;
  /* The size in bytes, always. Grows when the new data can be read. */
  volatile unsigned int size;
  /* The time that was written to mtime and ctime by the last write(). A window may be written to
   * only while the clock shows that time, so that whoever looks at mtime sees it. 0: no such time. */
  volatile unsigned int stamp_seconds;
  volatile unsigned int stamp_microseconds;
  unsigned int reserved[3];
  io_stat_t attributes;
};

#define FILE_SLOTS_SIZE (256 * 1024)
#define FILE_SLOT_COUNT (FILE_SLOTS_SIZE / 128)

#ifdef __cplusplus
}
static_assert(sizeof(file_slot) == 128);
#endif
#endif
