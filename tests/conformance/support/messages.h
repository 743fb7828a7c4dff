/* Building, sending, receiving and taking apart messages; and what a task knows of its ports. */
#ifndef TESTS_CONFORMANCE_SUPPORT_MESSAGES_H_
#define TESTS_CONFORMANCE_SUPPORT_MESSAGES_H_

#include <mach/notify.h>

#include "tests/conformance/support/conformance.h"

/* Room for what most cases send; larger ones bring their own memory. */
struct message {
  mach_msg_header_t head;
  unsigned body[120];
};

#define PATIENCE 5000u /* milliseconds to wait for what must come */

/* ---- Sending: start_message, add_..., send. The size grows in head.msgh_size. ---- */

void start_message(struct message *m, mach_port_t destination, mach_msg_type_name_t type,
                   mach_msg_id_t id);
void set_reply(struct message *m, mach_port_t reply, mach_msg_type_name_t type);
/* A simple message to a send right, which stays: one integer. */
void make_simple(struct message *m, mach_port_t destination, int value);

void add_integer(struct message *m, int value);
/* Rights make the message complex. */
void add_port(struct message *m, mach_port_t name, mach_msg_type_name_t disposition);
void add_ports(struct message *m, const mach_port_t *names, unsigned count,
               mach_msg_type_name_t disposition);
/* Out-of-line bytes, with a long descriptor. */
void add_memory(struct message *m, const void *address, unsigned bytes, boolean_t deallocate);
void add_far_ports(struct message *m, mach_port_t *names, unsigned count,
                   mach_msg_type_name_t disposition, boolean_t deallocate);
/* Any descriptor with its words. */
void add_words(struct message *m, const void *words, unsigned count);
mach_msg_type_t short_type(unsigned name, unsigned bits, unsigned number, boolean_t in_line);
mach_msg_type_long_t long_type(unsigned name, unsigned bits, unsigned number, boolean_t in_line,
                               boolean_t deallocate);

/* mach_msg with MACH_SEND_MSG and these; sends at once or after waiting as the kernel wants. */
mach_msg_return_t send_message(struct message *m);
mach_msg_return_t send_with(struct message *m, mach_msg_option_t options,
                            mach_msg_timeout_t timeout, mach_port_t notify);
/* Sends simple messages with the ids 0, 1 ... until the queue is full; how many. */
unsigned fill_queue(mach_port_t destination);

/* ---- Receiving ---- */

/* MACH_RCV_MSG with a time-out of PATIENCE into the whole of m. */
mach_msg_return_t receive_message(struct message *m, mach_port_t from);
mach_msg_return_t receive_with(struct message *m, mach_msg_option_t options, mach_port_t from,
                               unsigned size, mach_msg_timeout_t timeout, mach_port_t notify);
/* True if nothing is queued there now. */
int is_empty(mach_port_t from);

/* A typed item of a received message. */
struct item {
  unsigned name;
  unsigned bits;
  unsigned number;
  boolean_t in_line;
  boolean_t deallocate;
  unsigned *data; /* in the message: values, names, or one address */
};

/* The item at index, counted from 0; all zero when there is none. */
struct item item_of(struct message *m, unsigned index);
/* The first word of an item. */
unsigned word_of(struct message *m, unsigned index);

/*
 * Waits for a notification with this id; its word (name or count, or the new receive right), or
 * 0 for one without. Anything else fails the case.
 */
unsigned expect_notification(mach_port_t notify, mach_msg_id_t id);

/* ---- Ports ---- */

mach_port_t make_receive(void);                /* a receive right alone */
mach_port_t make_set(void);                    /* a port set */
mach_port_t make_send_once(mach_port_t port);  /* a send-once right for a receive right */
mach_port_t make_dead_name(void);              /* one user reference */
void kill_port(mach_port_t port);              /* gives up a receive right */
unsigned refs_of(mach_port_t name, mach_port_right_t right);
/* Type bits, 0 when the name denotes nothing. */
unsigned type_of(mach_port_t name);
/* mach_port_get_receive_status, all zero on error. */
mach_port_status_t status_of(mach_port_t name);
/* A name that denotes nothing in this task. */
mach_port_t unused_name(void);
/* Names in use in the task now. */
unsigned count_names(void);
/* Registers a dead-name request with notify as its port. */
void request_dead_name(mach_port_t name, mach_port_t notify);

/* A child without threads and memory of its own, to be looked at and manipulated. */
mach_port_t make_empty_task(void);
/* A send right for a port that is no task. */
mach_port_t no_task(void);

#endif
