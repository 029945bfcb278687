/*
 * settings.h - the table of small facts about this installation, as far as boot and the command line need it.
 */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include "store/store.h"

#define SETTING_BASE_URL "base_url" /* under which the server was last started */

/* ERR_NOT_FOUND when it was never set. */
enum err setting_get(struct db *db, struct arena *a, const char *key, struct view *ret);
enum err setting_put(struct store *s, const char *key, struct view value);

#endif
