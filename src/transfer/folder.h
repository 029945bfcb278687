/*
 * folder.h - folders that are ours to remove: DATA/imports/ID and what lies in DATA/archives.
 */
#ifndef TRANSFER_FOLDER_H
#define TRANSFER_FOLDER_H

#include "base/base.h"

/* Removes a folder with the files in it; it holds no folders. Nothing when there is none. */
void folder_remove(const char *path);
/*
 * Calls keep for every entry of the folder whose name begins with a number; what it answers false for is removed, as is
 * what has no number. keep returns an error to stop.
 */
enum err folder_sweep(const char *path, enum err (*keep)(void *arg, int64_t id, bool *ret), void *arg);

#endif
