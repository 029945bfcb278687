/*
 * banned.h - functions that are unsafe or not thread-safe become compile errors. Use the thing named instead.
 * Standard headers are included first so that their own declarations still compile.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(fn, instead) banned_##fn##_use_##instead
#undef strcpy
#define strcpy(a, b) BANNED(strcpy, buf)
#undef strcat
#define strcat(a, b) BANNED(strcat, buf)
#undef strncpy
#define strncpy(a, b, c) BANNED(strncpy, buf)
#undef strncat
#define strncat(a, b, c) BANNED(strncat, buf)
#undef sprintf
#define sprintf(...) BANNED(sprintf, snprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf, vsnprintf)
#undef strtok
#define strtok(a, b) BANNED(strtok, view_split)
#undef atoi
#define atoi(a) BANNED(atoi, parse_i64)
#undef atol
#define atol(a) BANNED(atol, parse_i64)
#undef strtol
#define strtol(a, b, c) BANNED(strtol, parse_i64)
#undef strtoul
#define strtoul(a, b, c) BANNED(strtoul, parse_u64)
#undef sscanf
#define sscanf(...) BANNED(sscanf, parse)
#undef gmtime
#define gmtime(a) BANNED(gmtime, clock)
#undef localtime
#define localtime(a) BANNED(localtime, clock)
#undef alloca
#define alloca(a) BANNED(alloca, arena)

#endif
