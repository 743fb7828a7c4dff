#include <mach_init.h>

/* Before the constructors of the program, which may use ports. */
__attribute__((constructor(101))) static void init_before_main(void) { (void)mach_init(); }
