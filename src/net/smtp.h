/*
 * smtp.h - hands one mail to the operator's mail server (RFC 5321), over libcurl. Blocks, so callers have a thread for
 * it; no step takes longer than SMTP_SECONDS in all. Name and password go to the server only, and into no words.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include "base/base.h"

#define SMTP_CONNECT_SECONDS 15
#define SMTP_SECONDS 60

enum smtp_security { SMTP_STARTTLS, SMTP_TLS, SMTP_PLAIN };

struct smtp_config {
	const char *server; /* host; empty: there is no mail */
	int64_t port;
	enum smtp_security security;
	const char *user, *password; /* empty: without logging in */
	const char *from;	     /* address */
	const char *ca_file;	     /* certificates to trust instead of the system's; empty: those */
};

struct smtp_mail {
	struct view to;	  /* one address */
	struct view text; /* RFC 5322, lines ended by CR LF */
	/* Asked now and then; true gives up, unless the server has the whole text and only its answer is missing. */
	bool (*stop)(void *arg);
	void *arg;
};

/*
 * ERR_GONE: the server will never take it (no such mailbox). ERR_UNAVAILABLE: it may later; problem says what went
 * wrong. An answer that was lost counts as that, too: then the mail may arrive twice, under the same Message-ID.
 */
enum err smtp_send(const struct smtp_config *config, const struct smtp_mail *mail, struct problem *problem);

/* Around all use of the others. */
enum err smtp_open(void);
void smtp_close(void);

/* Connects, greets and logs in as smtp_send would, and sends nothing. */
enum err smtp_check(const struct smtp_config *config, struct problem *problem);

#endif
