/* How a result is put together: system (6 bits), subsystem (12), code (14); book appendix E. */
#ifndef MACH_MACH_ERROR_CODES_H_
#define MACH_MACH_ERROR_CODES_H_

#include <mach/kern_return.h>

typedef kern_return_t mach_error_t;
typedef mach_error_t (*mach_error_fn_t)(void);

#define err_none ((mach_error_t)0)
#define ERR_SUCCESS ((mach_error_t)0)

#define err_system(x) ((mach_error_t)(((unsigned int)(x) & 0x3fu) << 26))
#define err_sub(x) ((mach_error_t)(((unsigned int)(x) & 0xfffu) << 14))
#define err_get_system(err) ((int)(((unsigned int)(err) >> 26) & 0x3fu))
#define err_get_sub(err) ((int)(((unsigned int)(err) >> 14) & 0xfffu))
#define err_get_code(err) ((int)((unsigned int)(err) & 0x3fffu))

#define err_kern err_system(0x0)       /* kernel */
#define err_us err_system(0x1)         /* library */
#define err_server err_system(0x2)     /* servers */
#define err_ipc err_system(0x3)        /* old message interface */
#define err_mach_ipc err_system(0x4)   /* messages */
#define err_bootstrap err_system(0x5)  /* bootstrap */
#define err_local err_system(0x3e)     /* defined by a program for itself */
#define err_ipc_compat err_system(0x3f)
#define err_max_system 0x3f

/* System-call emulation (book chapter 7). */
#define EML_MASK (err_kern | err_sub(2))
#define EML_BAD_TASK (EML_MASK | 0x0001) /* no task */
#define EML_BAD_CNT (EML_MASK | 0x0002)  /* system-call number out of range */

#endif
