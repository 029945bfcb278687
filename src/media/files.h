/*
 * files.h - stored files under DATA/media, by key. A key is made here ("3f/3f9c….jpg"): 128 random bits, so that the
 * picture of a private post cannot be guessed, and an extension. What is written is on the disk when files_keep returns.
 */
#ifndef MEDIA_FILES_H
#define MEDIA_FILES_H

#include "base/base.h"

#define FILE_KEY_MAX 64
#define FILE_PATH_MAX 4096

void files_key(const char *ext, char ret[FILE_KEY_MAX]);
/* Only what files_key makes: lower-case hex, one folder, a short extension of letters and digits. Everything else is no key. */
bool files_key_valid(struct view key);
/* "image/jpeg" by the key's extension; "application/octet-stream" for others. */
const char *files_type(struct view key);
/* Whether "mp4" is stored as something of "video/". False for extensions that are not stored. */
bool files_ext_is(const char *ext, const char *family);

/* Makes the folders. */
enum err files_init(const char *data_dir, struct problem *problem);
/* A new empty path in DATA/tmp, unique in this process and after restarts. */
void files_temp(const char *data_dir, char ret[FILE_PATH_MAX]);
/* Writes a new file, durably. ERR_NO_SPACE when the disk is full; nothing is left behind then. */
enum err files_write(const char *path, struct view data);
/* Moves a finished file from a temporary path to its key, durably. */
enum err files_keep(const char *data_dir, const char *temp_path, const char *key);
/* ERR_NOT_FOUND: no such key or file. The caller closes *ret_fd. */
enum err files_open(const char *data_dir, struct view key, int *ret_fd, uint64_t *ret_size);
void files_delete(const char *data_dir, struct view key); /* "" is nothing */
void files_path(const char *data_dir, const char *key, char ret[FILE_PATH_MAX]);
uint64_t files_size(const char *data_dir, struct view key); /* 0 when it is not there */
/* Removes all that was written under a path of files_temp() and longer ones that begin with it. */
void files_drop_temp(const char *data_dir, const char *temp_path);
/* Empties DATA/tmp of what an earlier run left. At boot. */
void files_clean_temp(const char *data_dir);

#endif
