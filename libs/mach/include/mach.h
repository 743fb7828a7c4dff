/* Everything a Mach program usually needs (book chapter 1). */
#ifndef MACH_H_
#define MACH_H_

#include <mach/mach_interface.h>
#include <mach/mach_port.h>
#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <mach/vm_param.h>
#include <mach_init.h>

#endif
