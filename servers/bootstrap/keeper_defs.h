/* Types of keeper.defs. */
#pragma once

/* Kinds of entries. */
#define KEEPER_SERVICE 1 /* value: SERVICE_PUBLIC or SERVICE_PRIVATE */
#define KEEPER_NAME 2    /* checked in with netname_check_in */

typedef char keeper_name_t[80];

