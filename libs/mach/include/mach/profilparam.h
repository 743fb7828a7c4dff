/* Size of the messages mach_sample_task and mach_sample_thread cause (book chapters 6 and 7). */
#ifndef MACH_PROFILPARAM_H_
#define MACH_PROFILPARAM_H_

#define SIZE_PROF_BUFFER 100 /* samples of one message */
#define NB_PROF_BUFFER 2     /* buffers of a sampled task or thread */
#define PROF_MSG_ID 666666   /* msgh_id of a message of samples */

#endif
