/*
 * core.h - the network's state, passed explicitly to everything that has rules. Made once by core_open; each part is
 * private to the file that owns it.
 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/id.h"
#include "store/store.h"

/* What the rules need to know of the configuration (server/config_table.c fills it). Strings live as long as core. */
struct core_config {
	const char *base_url; /* "http://localhost:8080", no slash at the end */
	const char *domain;   /* host (and port) of base_url: the part behind @user@ */
	const char *title, *description, *contact_email;
	const char *data_dir;
	const char *languages;	  /* comma-separated, of the instance */
	int64_t post_chars;	  /* 500 */
	int64_t poll_min_seconds; /* shortest poll; 0: LIMIT_POLL_MIN_SECONDS */
	bool registrations;	  /* open sign-up over the API */
	bool approval;		  /* sign-ups wait for a moderator */
	bool invites_by_all;	  /* everybody may invite, not the staff alone */
	int64_t min_age;	  /* years; 0: none */
	bool mail;		  /* there is a mail server: addresses are confirmed by mail */
	bool password_grant;	  /* off: Mastodon has dropped it */
	bool public_timelines_need_login;
	size_t timelines_bytes, cards_bytes, viewers_bytes; /* memory budgets */
	bool link_previews;
	size_t remote_media_bytes;  /* files of other sites that are kept; 0: no bound */
	int64_t link_delay_seconds; /* links in posts are looked at within */
	bool trends_without_review;
	int64_t trends_seconds;	    /* between two looks at what is talked about */
	int64_t merge_followers;    /* an author with more followers is merged in on read instead of pushed */
	int64_t active_days;	    /* accounts away longer than this are not pushed to */
	uint32_t data_uses;	    /* enum data_use: what public posts may be licensed for at all */
	uint32_t data_uses_default; /* for those who have not chosen */
	uint32_t withhold_ppm, withhold_everybody_ppm;		     /* of first keys (meter/withhold_keys.h) */
	const char *currency;					     /* ISO 4217: of all prices and amounts */
	bool licence_sign_up;					     /* accounts may take a licence by themselves */
	const char *seller;					     /* who invoices are from; empty: title */
	const char *stripe_key, *stripe_webhook_secret, *stripe_api; /* empty: payments are booked by hand */
};

struct core {
	struct core_config config;
	struct store *store;
	struct events *events;				   /* events.h */
	struct sessions *sessions;			   /* sessions.h */
	struct viewers *viewers;			   /* viewer.h */
	struct filter_sets *filter_sets;		   /* filter_set.h */
	struct notification_windows *notification_windows; /* notification_window.h */
	struct tag_rules_known *tag_rules;		   /* tag_rules.h */
	struct timelines *timelines;			   /* timelines.h */
	struct cards *cards;				   /* cards.h */
	struct authors *authors;			   /* authors.h */
	struct markers *markers;			   /* markers.h */
	struct emojis *emojis;				   /* emojis.h */
	struct admitted *admitted;			   /* admitted.h */
	struct trends *trends;				   /* trends.h */
	_Atomic uint32_t documents;			   /* documents.h: of each kind a bit, whether there is one */
	struct net *net;   /* net/net.h; NULL where nothing is asked of others (the command line) */
	struct push *push; /* push/push.h; NULL as well */
	const struct sign_up_guard *sign_up_guard; /* sign_up.h; NULL in tests of core */
	struct jobs *jobs;			   /* jobs/jobs.h; NULL where none run (the command line) */
	struct stream *stream;			   /* stream/stream.h; NULL as well */
	struct kept *kept;			   /* web/kept.h; NULL as well */
	struct licences *licences;		   /* meter/licensees.h; NULL as well */
	struct ledger *_Atomic ledger;	   /* ledger/ledger.h; NULL as well, and while the disk is full at the start */
	struct meter *_Atomic meter;	   /* meter/meter.h; it comes behind the ledger */
	struct data_streams *data_streams; /* dataapi/streams.h; NULL as well */
	struct withholding *withholding;   /* meter/withholding.h; NULL as well */
	struct licensed *licensed;	   /* licensed/licensed.h; NULL as well */
};

enum err core_open(const struct core_config *config, struct store *store, struct core **ret, struct problem *problem);
void core_close(struct core *c); /* NULL-safe; the store is closed by who opened it */

#endif
