/*
 * groups.h - the endpoint tables of api/, one array for each resource file. Listed in server/groups.c.
 */
#ifndef API_GROUPS_H
#define API_GROUPS_H

#include "gate/endpoint.h"

#endif
