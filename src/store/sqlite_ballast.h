/*
 * sqlite_ballast.h - a little room beside a database of SQLite for the day the disk is full. Who opens the database first
 * makes the index of its log anew, and where the log has just outgrown a piece of it (4 062 pages; sqlite.org/walformat.html, "The
 * WAL-Index File Format") the next piece needs room that is not there: the database could not even be read then.
 */
#ifndef STORE_SQLITE_BALLAST_H
#define STORE_SQLITE_BALLAST_H

#include <stdbool.h>

/* Takes the room, if it is not taken and there is some. */
void ballast_keep(const char *database);
/* Gives it up. False: there was none. */
bool ballast_give(const char *database);

#endif
