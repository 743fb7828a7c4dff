/* Results of marshalling, and the reply header every MIG reply begins with. */
#ifndef MACH_MIG_ERRORS_H_
#define MACH_MIG_ERRORS_H_

#include <mach/kern_return.h>
#include <mach/message.h>

#define MIG_TYPE_ERROR (-300)      /* the reply's items have the wrong types */
#define MIG_REPLY_MISMATCH (-301)  /* the reply's id is not the request's plus 100 */
#define MIG_REMOTE_ERROR (-302)    /* the server detected an error */
#define MIG_BAD_ID (-303)          /* no such routine in this interface */
#define MIG_BAD_ARGUMENTS (-304)   /* the request's items have the wrong types */
#define MIG_NO_REPLY (-305)        /* routine to demultiplexer: send no reply now */
#define MIG_EXCEPTION (-306)       /* the server raised an exception */
#define MIG_ARRAY_TOO_LARGE (-307) /* the caller's array is too small for the result */
#define MIG_SERVER_DIED (-308)     /* the server no longer exists */
#define MIG_DESTROY_REQUEST (-309) /* library: destroy the request, send no reply */

typedef struct {
  mach_msg_header_t Head;
  mach_msg_type_t RetCodeType; /* one in-line INTEGER_32 */
  kern_return_t RetCode;
} mig_reply_header_t;
typedef mig_reply_header_t mig_reply_error_t;

/* Server routine of one message id: reads in_msg, fills out_msg. */
typedef void (*mig_routine_t)(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);

typedef struct mig_symtab {
  const char *ms_routine_name;
  int ms_routine_number;
  void (*ms_routine)(void);
} mig_symtab_t;

#endif
