/* Scheduling policies (book chapter 6, thread_policy). */
#ifndef MACH_POLICY_H_
#define MACH_POLICY_H_

#define POLICY_TIMESHARE 1
#define POLICY_FIXEDPRI 2 /* data = quantum in milliseconds */
#define POLICY_LAST 2
#define invalid_policy(policy) (((policy) <= 0) || ((policy) > POLICY_LAST))

#endif
