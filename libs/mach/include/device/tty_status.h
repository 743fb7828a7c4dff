/* Terminal devices: flavors of device_get_status and device_set_status (book chapter 10). */
#ifndef DEVICE_TTY_STATUS_H_
#define DEVICE_TTY_STATUS_H_

#include <device/device_types.h>

#define TTY_STATUS (('t' << 16) + 1)
#define TTY_MODEM (('t' << 16) + 2) /* one word of TM_... */
#define TTY_FLUSH (('t' << 16) + 3) /* one word: D_READ, D_WRITE */
#define TTY_STOP (('t' << 16) + 4)
#define TTY_START (('t' << 16) + 5)
#define TTY_SET_BREAK (('t' << 16) + 6)
#define TTY_CLEAR_BREAK (('t' << 16) + 7)

struct tty_status {
  int tt_ispeed; /* B... */
  int tt_ospeed;
  int tt_breakc;
  int tt_flags;  /* TF_... */
};
typedef struct tty_status tty_status_data_t;
#define TTY_STATUS_COUNT (sizeof(struct tty_status) / sizeof(int))
#define TTY_MODEM_COUNT 1
#define TTY_FLUSH_COUNT 1

/* Bits of tt_flags. */
#define TF_TANDEM 0x00000001
#define TF_ODDP 0x00000002
#define TF_EVENP 0x00000004
#define TF_ANYP 0x00000006
#define TF_LITOUT 0x00000008 /* eight bits out */
#define TF_MDMBUF 0x00000010
#define TF_NOHANG 0x00000020
#define TF_HUPCLS 0x00000040
#define TF_ECHO 0x00000080
#define TF_CRMOD 0x00000100
#define TF_XTABS 0x00000200

/* Modem lines. */
#define TM_LE 0x0001
#define TM_DTR 0x0002
#define TM_RTS 0x0004
#define TM_ST 0x0008
#define TM_SR 0x0010
#define TM_CTS 0x0020
#define TM_CAR 0x0040
#define TM_RNG 0x0080
#define TM_DSR 0x0100
#define TM_BRK 0x0200
#define TM_HUP 0x0000

/* Speeds. */
#define B0 0
#define B300 7
#define B600 8
#define B1200 9
#define B2400 11
#define B4800 12
#define B9600 13
#define B19200 14

#endif
