/* What a case tells the runner: a page both tasks see. */
#ifndef TESTS_CONFORMANCE_SUPPORT_REPORT_H_
#define TESTS_CONFORMANCE_SUPPORT_REPORT_H_

#define REPORT_TEXT 3800

struct report {
  volatile int finished;
  volatile int checks;
  volatile int failures;
  volatile unsigned limit; /* milliseconds */
  volatile unsigned used;  /* bytes of text */
  char text[REPORT_TEXT];  /* lines for the console */
};

extern struct report *report;

#endif
