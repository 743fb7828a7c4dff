/* The book's spelling of <mach/profilparam.h>. */
#ifndef MACH_PROFIL_PARAM_H_
#define MACH_PROFIL_PARAM_H_

#include <mach/profilparam.h>

#endif
