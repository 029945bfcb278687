/*
 * config.h - what an operator may set. One table (config_table.c) describes every key; values come from the file
 * kicau.conf in the data directory (or --config), from the environment as KICAU_KEY, and from flags; the later of
 * these wins. A value is checked against its row wherever it comes from. Behaviour lives with whoever reads a value.
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"

enum registrations { REGISTRATIONS_CLOSED, REGISTRATIONS_OPEN };
enum invites_by { INVITES_STAFF, INVITES_EVERYONE };
enum metrics_access { METRICS_OFF, METRICS_LOCAL, METRICS_ON };

/* Strings are never NULL and live as long as the config. Choices hold the number of the choice in its row. */
struct config_values {
	const char *data_dir, *listen, *base_url, *database;
	const char *title, *description, *contact_email, *languages;
	int64_t post_chars;
	int64_t poll_min_seconds;
	int64_t registrations; /* enum registrations */
	int64_t invites;       /* enum invites_by */
	int64_t min_age;
	bool registration_approval, password_grant, public_timelines_need_login, rate_limits;
	bool ledger_fingerprints;
	bool link_previews, trends_without_review;
	int64_t link_delay_seconds, remote_media_mb;
	int64_t trends_seconds;
	const char *trusted_proxies;
	bool private_addresses;
	int64_t http_loops, workers, queue_max; /* loops and workers 0: as many as fit the machine */
	int64_t connections_max, connections_per_ip;
	int64_t idle_seconds, request_seconds;
	int64_t sqlite_cache_kib, timelines_mb, cards_mb, viewers_mb, data_cards_mb;
	const char *data_uses, *data_uses_default;
	int64_t withhold_ppm, withhold_everybody_ppm;
	const char *ledger_archive;
	int64_t ledger_segment_kib; /* 0: as the ledger has it */
	bool licence_sign_up;
	int64_t merge_followers, active_days;
	int64_t log_level;  /* enum log_level */
	int64_t log_format; /* enum log_format */
	bool access_log;
	int64_t metrics; /* enum metrics_access */
	const char *smtp_server;
	int64_t smtp_port;
	int64_t smtp_security; /* enum smtp_security */
	const char *smtp_user, *smtp_password, *smtp_from, *smtp_ca;
	const char *currency, *seller;
	const char *stripe_key, *stripe_webhook_secret, *stripe_api;
};

enum config_type { CONFIG_TEXT, CONFIG_PATH, CONFIG_NUMBER, CONFIG_SWITCH, CONFIG_CHOICE };

struct config_row {
	const char *key;
	enum config_type type;
	const char *fallback; /* as it would be written in the file; "" where doc says what an empty value means */
	int64_t min, max;     /* numbers: the value; texts: bytes */
	const char *unit;     /* of numbers; NULL: a count */
	const char *const *choices;
	const char *flag;		     /* "--listen", or NULL */
	bool secret;			     /* shown without its password */
	const char *(*check)(struct view v); /* NULL, or says what is wrong with a text that is not empty */
	size_t at;			     /* offset in struct config_values */
	const char *doc;
};
extern const struct config_row config_table[]; /* ended by a row without key */
#define CONFIG_ROWS_MAX 64

enum config_source { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_FLAG };

struct config {
	struct config_values v;
	struct arena arena;
	char *file; /* that was read, or NULL */
	struct config_origin {
		enum config_source source;
		int line;	    /* of the file */
	} origins[CONFIG_ROWS_MAX]; /* beside config_table */
};

/* What the command line gave: NULL where it gave nothing. */
struct config_flags {
	const char *file; /* --config */
	const char *data_dir, *listen;
};

/*
 * Reads everything. ERR_INVALID: problem says where (file:line, variable or flag), which key, what is wrong and what
 * would be right. A missing file is fine unless --config or KICAU_CONFIG names it. Release it either way.
 */
enum err config_load(struct config *c, const struct config_flags *flags, struct problem *problem);
void config_release(struct config *c);

/* The value as text; passwords of secret rows are "***". */
void config_show(const struct config *c, const struct config_row *row, struct buf *out);
/* "default", "/srv/kicau/kicau.conf:12", "KICAU_LISTEN", "--listen" */
void config_show_origin(const struct config *c, const struct config_row *row, struct buf *out);
/* "KICAU_LISTEN" for "listen" */
void config_env_name(const struct config_row *row, struct buf *out);
/* KEY of the first variable KICAU_KEY that is no setting (nor one of the program's own), or NULL: for a warning. */
const char *config_stray_variable(void);
/* docs/config.md */
void config_markdown(struct buf *out);

#endif
