/* Options of the thread_switch trap (book chapter 6). */
#ifndef MACH_THREAD_SWITCH_H_
#define MACH_THREAD_SWITCH_H_

#define SWITCH_OPTION_NONE 0    /* time is ignored */
#define SWITCH_OPTION_DEPRESS 1 /* lowest priority for `time` milliseconds */
#define SWITCH_OPTION_WAIT 2    /* block for `time` milliseconds */
#define valid_switch_option(opt) ((0 <= (opt)) && ((opt) <= 2))

#endif
