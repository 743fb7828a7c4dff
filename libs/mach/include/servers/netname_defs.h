/* Return values and constants of the name server (netname.defs, service.defs). */
#ifndef SERVERS_NETNAME_DEFS_H
#define SERVERS_NETNAME_DEFS_H

/* Which of the registered ports the name server is: NAME_SERVER_SLOT. */
#include <mach/task_special_ports.h>

#define NETNAME_SUCCESS 0
#define NETNAME_PENDING (-1)
#define NETNAME_NOT_YOURS 1000
#define NAME_NOT_YOURS NETNAME_NOT_YOURS
#define NETNAME_NOT_CHECKED_IN 1001
#define NAME_NOT_CHECKED_IN NETNAME_NOT_CHECKED_IN
#define NETNAME_NO_SUCH_HOST 1002
#define NETNAME_HOST_NOT_FOUND 1003
#define NETNAME_IN_USE 1004 /* another live server holds the service */

/* service_check_in: who may find the service. */
#define SERVICE_PRIVATE 0
#define SERVICE_PUBLIC 1

typedef char netname_name_t[80];
typedef char service_name_t[80];

#endif
