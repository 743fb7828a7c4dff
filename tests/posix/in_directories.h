/* For tests that run in every directory they are given; what they print is TAP. */
#include <stdio.h>
#include <sys/stat.h>

static int cases, failures;
static const char *directory;

static void check(int condition, const char *name) {
  printf("%s %d - %s in %s\n", condition ? "ok" : "not ok", ++cases, name, directory);
  failures += !condition;
}

/* Valid until the call after the next. */
static const char *path(const char *name) {
  static char texts[2][300];
  static int next;
  char *text = texts[next = !next];
  snprintf(text, sizeof *texts, "%s/%s", directory, name);
  return text;
}

/* What main() does. */
static int run_tests(void (*const tests[])(void), size_t count, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    directory = argv[i];
    mkdir(directory, 0755);
    for (size_t t = 0; t < count; t++) {
      tests[t]();
      fflush(stdout);
    }
  }
  printf("1..%d\n", cases);
  return failures != 0;
}
