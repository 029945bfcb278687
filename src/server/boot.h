/*
 * boot.h - puts the program together: config → store → core → presenters → net → jobs → streams → gate → HTTP, and takes it
 * apart in the opposite order.
 */
#ifndef SERVER_BOOT_H
#define SERVER_BOOT_H

#include "core/core.h"
#include "http/http.h"
#include "mail/mailer.h"
#include "server/config.h"
#include "store/store.h"

struct server {
	const struct config *config;
	unsigned connections; /* connections_max, or what open files allow */
	int lock_fd;	      /* DATA/lock: one server for a data directory */
	struct store *store;
	struct core *core;
	struct data_side *data_side;
	char user_agent[400]; /* of this server as a client */
	struct net *net;
	struct push *push;
	struct jobs *jobs;
	struct arena arena; /* of what lives as long as the server */
	struct mailer *mailer;
	struct stream *stream;
	struct gate *gate;
	struct http_server *http;
};

/* The part the command line shares: store and core of this configuration. Both NULL after an error. */
enum err boot_store(const struct config *config, bool read_only, struct store **ret, struct problem *problem);
enum err boot_core(const struct config *config, struct store *store, struct core **ret, struct problem *problem);
/* The host behind @name@: base_url without its scheme. Points into it. */
const char *boot_domain(const struct config *config);

/* How mail is sent; what has to be made for it lives in the arena. */
void boot_smtp(const struct config *config, struct arena *a, struct smtp_config *ret);

/* Makes the data directory (mode 0700) when it is missing. */
enum err boot_data_dir(const struct config *config, struct problem *problem);
/* ERR_CONFLICT when a server runs on this data directory; says which process. close() gives it back. */
enum err boot_lock(const struct config *config, int *ret_fd, struct problem *problem);
bool boot_is_running(const struct config *config); /* whether somebody holds that lock; takes none */
/* store_restore into the database of this configuration. */
enum err boot_restore(const struct config *config, const char *file, struct problem *problem);

/* Serves until a signal says otherwise: returns OK after a clean end. config lives longer. */
enum err boot_serve(const struct config *config, struct problem *problem);

#endif
