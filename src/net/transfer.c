/*
 * transfer.c - the settings of libcurl that make a request safe, chosen once, here.
 */
#include "base/base.h"
#include "net/transfer.h"

#include <unistd.h>

#include "base/limits.h"
#include "net/destination.h"
#include "text/url.h"

#define BODY_UNKEPT (64 * LIMIT_KIB)
#define HEAD_MAX (64 * LIMIT_KIB) /* answers' headers */
#define HEADER_LINE_MAX 4096	  /* of a request */

/* Here every connection passes, whoever's name led to it: what a name means can change between two questions. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = arg;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!t->private_allowed && !destination_is_public(&to->addr, to->addrlen)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Answering another number than it was given ends the transfer (CURLE_WRITE_ERROR). */
static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n, room = t->body.max - t->body.len;

	if (len > room) {
		t->cut = true;
		len = room;
	}
	buf_add(&t->body, view_make(p, len));
	return t->cut ? CURL_WRITEFUNC_ERROR : len;
}

static size_t count_head(char *p MAYBE_UNUSED, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	t->head_bytes += size * n;
	return t->head_bytes > HEAD_MAX ? 0 : size * n;
}

#define SET(option, value)                                                                                             \
	do {                                                                                                           \
		if (curl_easy_setopt(t->easy, option, value) != CURLE_OK)                                              \
			BUG("libcurl does not take " #option);                                                         \
	} while (0)

static void set_limits(struct transfer *t, const struct net_request *rq, bool open)
{
	const char *schemes = rq->https_only && !open ? "https" : "http,https";

	SET(CURLOPT_PROTOCOLS_STR, schemes);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, schemes);
	SET(CURLOPT_FOLLOWLOCATION, rq->redirects ? 1L : 0L);
	SET(CURLOPT_MAXREDIRS, (long)rq->redirects);
	SET(CURLOPT_TIMEOUT_MS, (long)rq->ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(rq->ms + 1) / 2);
	SET(CURLOPT_PROXY, ""); /* it would connect for us, to anything */
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, t);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_HEADERFUNCTION, count_head);
	SET(CURLOPT_HEADERDATA, t);
}

static void add_header(struct transfer *t, const struct net_header *h)
{
	char line[HEADER_LINE_MAX];
	int n = snprintf(line, sizeof(line), "%s: %.*s", h->name, VIEW_ARG(h->value));

	for (size_t i = 0; i < h->value.len; i++)
		if ((unsigned char)h->value.p[i] < ' ')
			BUG("a header with a control character");
	if (n < 0 || (size_t)n >= sizeof(line))
		BUG("a header is too long");
	struct curl_slist *more = curl_slist_append(t->headers, line);
	if (!more)
		BUG("no memory");
	t->headers = more;
}

static void set_request(struct transfer *t, const struct net_request *rq)
{
	for (size_t i = 0; i < NET_HEADERS_MAX && rq->headers[i].name; i++)
		add_header(t, &rq->headers[i]);
	if (rq->method == NET_POST) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.len);
		SET(CURLOPT_COPYPOSTFIELDS, rq->body.p);
		add_header(t, &(struct net_header){"Expect", V("")}); /* no question before the body */
	} else {
		SET(CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl unpacks */
	}
	SET(CURLOPT_HTTPHEADER, t->headers);
}

static bool url_is_askable(const struct net_request *rq, bool open)
{
	struct url url;

	return url_parse(rq->url, &url) && (url.secure || open || !rq->https_only);
}

enum err transfer_new(const struct net_config *config, const struct net_request *rq, struct transfer **ret)
{
	char url[LIMIT_URL_BYTES + 1];

	if (rq->ms <= 0)
		BUG("a request without a limit of time");
	if (rq->url.len > LIMIT_URL_BYTES || !url_is_askable(rq, config->private_addresses))
		return ERR_INVALID;
	struct transfer *t = xcalloc(1, sizeof(*t));
	*t = (struct transfer){.easy = curl_easy_init(),
			       .keep = rq->max_bytes > 0,
			       .cut_allowed = rq->cut,
			       .private_allowed = config->private_addresses};
	if (!t->easy)
		BUG("no memory");
	buf_init(&t->body, t->keep ? rq->max_bytes : BODY_UNKEPT);
	snprintf(url, sizeof(url), "%.*s", VIEW_ARG(rq->url));
	SET(CURLOPT_URL, url);
	SET(CURLOPT_PRIVATE, t);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_USERAGENT, config->user_agent);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NOPROGRESS, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L); /* who asks for a name that does not answer is not waited for */
	SET(CURLOPT_PIPEWAIT, 1L);   /* many requests on one connection, where HTTP/2 is spoken */
	set_limits(t, rq, config->private_addresses);
	set_request(t, rq);
	*ret = t;
	return OK;
}

void transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_release(&t->body);
	free(t);
}

/* --- the answer --- */

static enum err err_of(const struct transfer *t, CURLcode code)
{
	if (code == CURLE_OK || (t->cut && t->cut_allowed))
		return OK;
	if (t->cut || t->head_bytes > HEAD_MAX)
		return ERR_TOO_LARGE;
	if (t->refused)
		return ERR_FORBIDDEN;
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return ERR_TIMEOUT;
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return ERR_INVALID;
	default:
		return ERR_UNAVAILABLE;
	}
}

static struct view info_text(const struct transfer *t, CURLINFO what)
{
	const char *text = NULL;

	return curl_easy_getinfo(t->easy, what, &text) == CURLE_OK ? view_of(text) : V("");
}

static int status_of(const struct transfer *t)
{
	long status = 0;

	return curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? (int)status : 0;
}

static int64_t retry_after_of(const struct transfer *t)
{
	curl_off_t seconds = 0;

	return curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK ? (int64_t)seconds : 0;
}

/* libcurl's own text may name the host, so it is not used. */
static const char *why_of(const struct transfer *t, enum err err, CURLcode code)
{
	switch (err) {
	case OK:
		return "";
	case ERR_FORBIDDEN:
		return "it leads to a private address";
	case ERR_TOO_LARGE:
		return t->cut ? "the answer is too long" : "the answer has too many headers";
	default:
		return curl_easy_strerror(code);
	}
}

void transfer_finish(struct transfer *t, CURLcode code)
{
	enum err err = err_of(t, code);
	struct net_reply reply = {
		.err = err,
		.status = status_of(t),
		.body = t->keep ? buf_view(&t->body) : V(""),
		.cut = t->cut,
		.content_type = info_text(t, CURLINFO_CONTENT_TYPE),
		.url = info_text(t, CURLINFO_EFFECTIVE_URL),
		.retry_after_s = retry_after_of(t),
		.why = why_of(t, err, code),
	};

	t->done(t->arg, &reply);
}

void transfer_cancel(struct transfer *t)
{
	t->done(t->arg, &(struct net_reply){.err = ERR_BUSY, .body = V(""), .why = "the server ends"});
}
