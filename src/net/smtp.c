/*
 * smtp.c - see smtp.h.
 */
#include "base/base.h"

#include "net/smtp.h"

#include <curl/curl.h>

#include "base/clock.h"

#define STOP_GRACE_NS (INT64_C(5) * 1000000000) /* for the answer to what was handed over */

struct transfer {
	const struct smtp_mail *mail;
	size_t at;
	int64_t stopped_ns; /* when stop() first said so; 0: it has not */
	char words[CURL_ERROR_SIZE];
};

static size_t read_text(char *to, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct view rest = view_sub(t->mail->text, t->at, size * n);

	memcpy(to, rest.p, rest.len);
	t->at += rest.len;
	return rest.len;
}

static int go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct transfer *t = arg;

	(void)a, (void)b, (void)c, (void)d;
	if (!t->mail->stop || !t->mail->stop(t->mail->arg))
		return 0;
	if (!t->stopped_ns)
		t->stopped_ns = clock_mono_ns();
	return t->at < t->mail->text.len || clock_mono_ns() - t->stopped_ns > STOP_GRACE_NS;
}

/* Every option in one place: either all are set, or there is no handle. */
static CURL *open_handle(const struct smtp_config *config, char *words)
{
	CURL *curl = curl_easy_init();
	char url[300];
	bool bad = !curl;

	if (!curl)
		return NULL;
	snprintf(url, sizeof(url), "%s://%s:%" PRId64 "/localhost", config->security == SMTP_TLS ? "smtps" : "smtp",
		 config->server, config->port);
	bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_URL, url) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "") != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)SMTP_CONNECT_SECONDS) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SMTP_SECONDS) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_USE_SSL,
				config->security == SMTP_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL) !=
	       CURLE_OK;
	if (config->ca_file[0])
		bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, config->ca_file) != CURLE_OK;
	if (config->user[0]) {
		bad |= curl_easy_setopt(curl, CURLOPT_USERNAME, config->user) != CURLE_OK;
		bad |= curl_easy_setopt(curl, CURLOPT_PASSWORD, config->password) != CURLE_OK;
	}
	if (!bad)
		return curl;
	curl_easy_cleanup(curl);
	return NULL;
}

/* 550 no such mailbox, 551 not here, 553 no such name, 556 takes no mail (RFC 5321 4.2.3): asking again is no use. */
static bool is_final(long reply)
{
	return reply == 550 || reply == 551 || reply == 553 || reply == 556;
}

static enum err perform(CURL *curl, const char *words, struct problem *problem)
{
	CURLcode code = curl_easy_perform(curl);
	long reply = 0;

	if (code == CURLE_OK)
		return OK;
	const char *said = words[0] ? words : curl_easy_strerror(code);
	if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply) != CURLE_OK || reply == 0)
		return fail(problem, ERR_UNAVAILABLE, "%s", said);
	return fail(problem, is_final(reply) ? ERR_GONE : ERR_UNAVAILABLE, "%s (the server said %ld)", said, reply);
}

enum err smtp_open(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? OK : ERR_UNAVAILABLE;
}

void smtp_close(void)
{
	curl_global_cleanup();
}

enum err smtp_send(const struct smtp_config *config, const struct smtp_mail *mail, struct problem *problem)
{
	struct transfer t = {.mail = mail};
	CURL *curl = open_handle(config, t.words);
	char to[330];

	if (!curl)
		return fail(problem, ERR_UNAVAILABLE, "libcurl cannot be used for SMTP");
	snprintf(to, sizeof(to), "<%.*s>", VIEW_ARG(mail->to));
	struct curl_slist *recipients = curl_slist_append(NULL, to);
	bool bad = !recipients;
	bad |= curl_easy_setopt(curl, CURLOPT_MAIL_FROM, config->from) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_text) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_READDATA, &t) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on) != CURLE_OK;
	bad |= curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &t) != CURLE_OK;
	enum err err = bad ? fail(problem, ERR_UNAVAILABLE, "libcurl cannot be used for SMTP")
			   : perform(curl, t.words, problem);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return err;
}

enum err smtp_check(const struct smtp_config *config, struct problem *problem)
{
	char words[CURL_ERROR_SIZE] = "";
	CURL *curl = open_handle(config, words);
	enum err err;

	if (!curl)
		return fail(problem, ERR_UNAVAILABLE, "libcurl cannot be used for SMTP");
	/* Without a mail libcurl sends one command behind the login; NOOP does nothing (RFC 5321 4.1.1.9). */
	if (curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP") != CURLE_OK ||
	    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L) != CURLE_OK)
		err = fail(problem, ERR_UNAVAILABLE, "libcurl cannot be used for SMTP");
	else
		err = perform(curl, words, problem);
	curl_easy_cleanup(curl);
	return err;
}
