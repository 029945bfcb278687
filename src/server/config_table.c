/*
 * config_table.c - every setting there is: one row each. docs/config.md, `kicau config list`, the file, the environment
 * and the flags are read from here.
 */
#include "base/base.h"
#include "server/config.h"

#include "base/log.h"
#include "licensed/consent.h"
#include "meter/amount.h"
#include "net/smtp.h"

static const char *const registrations[] = {"closed", "open", NULL};
static const char *const invites[] = {"staff", "everyone", NULL};
static const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};
static const char *const log_formats[] = {"auto", "text", "json", NULL};
static const char *const metrics[] = {"off", "local", "on", NULL};
static const char *const smtp_security[] = {"starttls", "tls", "none", NULL};
_Static_assert(LOG_LEVEL_ERROR == 3 && LOG_JSON == 2 && METRICS_ON == 2 && SMTP_PLAIN == 2,
	       "choices stand in the order of their enum");

static bool is_port(struct view v)
{
	uint64_t port;

	return parse_u64(v, 65535, &port);
}

/* Offset of the colon before the port; v.len without one. "[::1]:80" has it behind the bracket. */
static size_t port_colon(struct view v)
{
	size_t from = v.len && v.p[0] == '[' ? view_find(v, 0, ']') : 0;

	return view_find(v, from, ':');
}

static const char *check_listen(struct view v)
{
	size_t colon = port_colon(v);

	if (colon == 0 || colon >= v.len || !is_port(view_sub(v, colon + 1, v.len)))
		return "must be ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080";
	return NULL;
}

static const char *check_currency(struct view v)
{
	return currency_valid(v) ? NULL : "must be three capital letters, such as USD or IDR";
}

/* Travels in a header. */
static const char *check_word(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.p[i] <= ' ' || v.p[i] > '~')
			return "must be one word of ASCII";
	return NULL;
}

static const char *check_base_url(struct view v)
{
	static const char wrong[] = "must be http://HOST or https://HOST, with :PORT where it is not the usual one, "
				    "and no path";
	size_t scheme = view_starts(v, V("https://")) ? 8 : view_starts(v, V("http://")) ? 7 : 0;
	struct view host = view_sub(v, scheme, v.len);
	size_t colon = port_colon(host);

	if (!scheme || colon == 0 || host.len == 0)
		return wrong;
	if (colon < host.len && !is_port(view_sub(host, colon + 1, host.len)))
		return wrong;
	for (size_t i = 0; i < host.len; i++)
		if (strchr("/?#@ ", host.p[i]))
			return wrong;
	return NULL;
}

static const char *check_database(struct view v)
{
	bool known = view_is(v, "sqlite") || view_starts(v, V("sqlite:")) || view_starts(v, V("postgresql://")) ||
		     view_starts(v, V("postgres://"));

	return known ? NULL : "must be sqlite, sqlite:FILE or postgresql://USER@HOST/DATABASE";
}

static const char *check_email(struct view v)
{
	size_t at = view_find(v, 0, '@');

	return at > 0 && at + 1 < v.len ? NULL : "must be an address such as admin@example.org";
}

static const char *check_host(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (strchr("/@?# \n", v.p[i]))
			return "must be a host name or an address alone, such as mail.example.org";
	return NULL;
}

static const char *check_languages(struct view v)
{
	struct view piece;

	while (view_split(&v, ',', &piece)) {
		piece = view_trim(piece);
		if (piece.len < 2 || piece.len > 8)
			return "must be language codes with commas between, such as en,id";
	}
	return NULL;
}

static const char *check_uses(struct view v)
{
	uint32_t uses;

	return uses_parse(v, &uses) ? NULL : "must be some of search,research,commercial,training";
}

#define AT(field) .at = offsetof(struct config_values, field)

const struct config_row config_table[] = {
	{.key = "data_dir", .type = CONFIG_PATH, .fallback = "data", .min = 1, .max = 1000, .flag = "--data", AT(data_dir),
	 .doc = "Folder of everything kicau keeps: the database, media and kicau.conf."},
	{.key = "listen", .type = CONFIG_TEXT, .fallback = "127.0.0.1:8080", .min = 1, .max = 300, .flag = "--listen",
	 .check = check_listen, AT(listen), .doc = "Address and port to serve HTTP on."},
	{.key = "base_url", .type = CONFIG_TEXT, .fallback = "", .max = 300, .check = check_base_url, AT(base_url),
	 .doc = "What people type to come here; its host is the part behind @name@. Do not change it once there are "
		"accounts. Empty: http://localhost:PORT, which is only right on your own machine."},
	{.key = "database", .type = CONFIG_TEXT, .fallback = "sqlite", .min = 1, .max = 1000, .secret = true,
	 .check = check_database, AT(database),
	 .doc = "sqlite keeps everything in kicau.db in the data directory; postgresql://USER:PASSWORD@HOST/DATABASE uses "
		"a PostgreSQL server."},

	{.key = "title", .type = CONFIG_TEXT, .fallback = "kicau", .min = 1, .max = 200, AT(title),
	 .doc = "Name of this place, shown to people."},
	{.key = "description", .type = CONFIG_TEXT, .fallback = "", .max = 4000, AT(description),
	 .doc = "What this place is, in a few sentences."},
	{.key = "contact_email", .type = CONFIG_TEXT, .fallback = "", .max = 300, .check = check_email, AT(contact_email),
	 .doc = "Where to write to the people who run it; shown publicly."},
	{.key = "languages", .type = CONFIG_TEXT, .fallback = "en", .min = 2, .max = 200, .check = check_languages,
	 AT(languages), .doc = "Main languages of this place, codes with commas between."},
	{.key = "post_chars", .type = CONFIG_NUMBER, .fallback = "500", .min = 1, .max = 65536, .unit = "characters",
	 AT(post_chars), .doc = "Longest post."},
	{.key = "poll_min_seconds", .type = CONFIG_NUMBER, .fallback = "300", .min = 1, .max = 86400, .unit = "seconds",
	 AT(poll_min_seconds), .doc = "Shortest poll."},

	{.key = "registrations", .type = CONFIG_CHOICE, .fallback = "closed", .choices = registrations, AT(registrations),
	 .doc = "Whether strangers may make an account. (Open in the file that `kicau init` writes on your own machine.)"},
	{.key = "registration_approval", .type = CONFIG_SWITCH, .fallback = "off", AT(registration_approval),
	 .doc = "New accounts wait until a moderator lets them in."},
	{.key = "invites", .type = CONFIG_CHOICE, .fallback = "staff", .choices = invites, AT(invites),
	 .doc = "Who may make invitations: codes with which an account can be made also when registrations is closed, and "
		"without waiting for a moderator."},
	{.key = "min_age", .type = CONFIG_NUMBER, .fallback = "0", .max = 120, .unit = "years", AT(min_age),
	 .doc = "How old one must be to make an account; the date of birth is asked for, and not kept. 0: nobody is asked."},
	{.key = "password_grant", .type = CONFIG_SWITCH, .fallback = "off", AT(password_grant),
	 .doc = "Let applications log in with a name and password instead of the browser (OAuth's password grant). For "
		"tests; it teaches people to hand out their password."},
	{.key = "public_timelines_need_login", .type = CONFIG_SWITCH, .fallback = "off", AT(public_timelines_need_login),
	 .doc = "Show the public and hashtag timelines only to people who are logged in."},
	{.key = "link_previews", .type = CONFIG_SWITCH, .fallback = "on", AT(link_previews),
	 .doc = "Ask the sites that posts link to for a title and a picture, and show them under the post."},
	{.key = "link_delay_seconds", .type = CONFIG_NUMBER, .fallback = "30", .max = 3600, .unit = "seconds",
	 AT(link_delay_seconds), .doc = "A site is asked at a random moment within this time, so that it does not learn when somebody posts."},
	{.key = "remote_media_mb", .type = CONFIG_NUMBER, .fallback = "1024", .max = 1048576, .unit = "MiB",
	 AT(remote_media_mb), .doc = "How much room files of other sites may take (pictures of links). What goes beyond is dropped, "
		"oldest first. 0: no bound."},
	{.key = "trends_without_review", .type = CONFIG_SWITCH, .fallback = "off", AT(trends_without_review),
	 .doc = "Show what is talked about much (hashtags, posts, links) to everybody before a moderator has approved it."},
	{.key = "trends_seconds", .type = CONFIG_NUMBER, .fallback = "300", .min = 1, .max = 86400, .unit = "seconds",
	 AT(trends_seconds), .doc = "How often what is talked about much is computed anew."},
	{.key = "data_uses", .type = CONFIG_TEXT, .fallback = "", .max = 100, .check = check_uses, AT(data_uses),
	 .doc = "What posts may be licensed for, if their authors agree: search, research, commercial, training, with commas "
		"between. Only what your terms of service say. Empty: nothing is."},
	{.key = "data_uses_default", .type = CONFIG_TEXT, .fallback = "", .max = 100, .check = check_uses,
	 AT(data_uses_default),
	 .doc = "The uses among data_uses that people agree to until they choose by themselves. Empty: everybody is asked first."},
	{.key = "withhold_ppm", .type = CONFIG_NUMBER, .fallback = "10000", .max = 500000, .unit = "of a million posts",
	 AT(withhold_ppm), .doc = "How many posts a new licensee never gets, chosen by a key of its own, so that a leak of its copy "
		"names it. `kicau withhold rotate` changes it later."},
	{.key = "withhold_everybody_ppm", .type = CONFIG_NUMBER, .fallback = "5000", .max = 500000, .unit = "of a million posts",
	 AT(withhold_everybody_ppm), .doc = "How many posts no licensee gets. Read at the first start; `kicau withhold rotate everybody` "
		"changes it later."},
	{.key = "licence_sign_up", .type = CONFIG_SWITCH, .fallback = "off", AT(licence_sign_up),
	 .doc = "People with an account may take a licence by themselves, under any plan; plans with approval wait for an operator."},
	{.key = "ledger_archive", .type = CONFIG_TEXT, .fallback = "", .max = 1000, AT(ledger_archive),
	 .doc = "Folder to which `kicau ledger archive` has moved old files of the ledger, for the server to read them there. Empty: none."},
	{.key = "ledger_segment_kib", .type = CONFIG_NUMBER, .fallback = "0", .max = 65536, .unit = "KiB", AT(ledger_segment_kib),
	 .doc = "At this size the open file of the ledger is packed; until then it is in memory too. 0: 16 MiB, 24 with fingerprints. Small "
		"files take more room together."},
	{.key = "ledger_fingerprints", .type = CONFIG_SWITCH, .fallback = "on", AT(ledger_fingerprints),
	 .doc = "Keep 16 bits of the counters with each post that goes to a licensee: a copy that turns up with its counters names the delivery it is from."},
	{.key = "rate_limits", .type = CONFIG_SWITCH, .fallback = "on", AT(rate_limits),
	 .doc = "Limits on requests per token and address. Off only for tests and benchmarks."},
	{.key = "trusted_proxies", .type = CONFIG_TEXT, .fallback = "", .max = 2000, AT(trusted_proxies),
	 .doc = "Addresses or networks (10.0.0.0/8), with commas between, whose X-Forwarded-For and X-Forwarded-Proto are "
		"believed. Name your reverse proxy here, or everybody shares its address."},
	{.key = "private_addresses", .type = CONFIG_SWITCH, .fallback = "off", AT(private_addresses),
	 .doc = "Let people have the server connect to private addresses, and without TLS (push services, links). Only for "
		"tests and development: it opens the server's own network to them."},

	{.key = "smtp_server", .type = CONFIG_TEXT, .fallback = "", .max = 253, .check = check_host, AT(smtp_server),
	 .doc = "Mail server that takes kicau's mail. Empty: no mail is sent, and e-mail addresses are taken as confirmed."},
	{.key = "smtp_port", .type = CONFIG_NUMBER, .fallback = "587", .min = 1, .max = 65535, AT(smtp_port),
	 .doc = "Its port: 587 for starttls, 465 for tls, 25 for none are usual."},
	{.key = "smtp_security", .type = CONFIG_CHOICE, .fallback = "starttls", .choices = smtp_security, AT(smtp_security),
	 .doc = "starttls begins in the clear and refuses to go on without TLS; tls speaks it from the start; none is for a "
		"mail server on this machine."},
	{.key = "smtp_user", .type = CONFIG_TEXT, .fallback = "", .max = 300, AT(smtp_user),
	 .doc = "Name to log in to the mail server with. Empty: without logging in."},
	{.key = "smtp_password", .type = CONFIG_TEXT, .fallback = "", .max = 1000, .secret = true, AT(smtp_password),
	 .doc = "Its password. Better in the environment (KICAU_SMTP_PASSWORD) than in the file."},
	{.key = "smtp_from", .type = CONFIG_TEXT, .fallback = "", .max = 254, .check = check_email, AT(smtp_from),
	 .doc = "Address mail comes from. Empty: contact_email, or else kicau@ the host of base_url."},
	{.key = "smtp_ca", .type = CONFIG_TEXT, .fallback = "", .max = 1000, AT(smtp_ca),
	 .doc = "File with the certificates the mail server is known by (PEM). Empty: those of the system."},

	{.key = "currency", .type = CONFIG_TEXT, .fallback = "USD", .min = 3, .max = 3, .check = check_currency, AT(currency),
	 .doc = "Currency of all prices and amounts of the data API (ISO 4217). It may not change once anything was booked."},
	{.key = "seller", .type = CONFIG_TEXT, .fallback = "", .max = 500, AT(seller),
	 .doc = "Who invoices are from: name and address, tax number. Empty: title."},
	{.key = "stripe_key", .type = CONFIG_TEXT, .fallback = "", .max = 300, .check = check_word, .secret = true, AT(stripe_key),
	 .doc = "Secret key of a Stripe account that takes payments of licensees. Empty: payments are booked by hand. Better in "
		"the environment (KICAU_STRIPE_KEY) than in the file."},
	{.key = "stripe_webhook_secret", .type = CONFIG_TEXT, .fallback = "", .max = 300, .check = check_word, .secret = true,
	 AT(stripe_webhook_secret),
	 .doc = "What Stripe signs its messages to /webhooks/stripe with (whsec_…). Empty: they are refused."},
	{.key = "stripe_api", .type = CONFIG_TEXT, .fallback = "https://api.stripe.com", .min = 1, .max = 300,
	 .check = check_base_url, AT(stripe_api), .doc = "Where Stripe is asked; another address only for tests."},

	{.key = "http_loops", .type = CONFIG_NUMBER, .fallback = "0", .max = 256, .unit = "threads", AT(http_loops),
	 .doc = "Threads that answer requests. 0: one for each core."},
	{.key = "workers", .type = CONFIG_NUMBER, .fallback = "0", .max = 1024, .unit = "threads", AT(workers),
	 .doc = "Threads for writes and slow work, most of which wait for the disk. 0: 24 for each core, 32 to 256."},
	{.key = "queue_max", .type = CONFIG_NUMBER, .fallback = "2048", .min = 16, .max = 1000000, .unit = "requests",
	 AT(queue_max), .doc = "Requests that may wait for a worker; one more is answered 503 with Retry-After."},
	{.key = "connections_max", .type = CONFIG_NUMBER, .fallback = "10000", .min = 16, .max = 4000000,
	 .unit = "connections", AT(connections_max),
	 .doc = "Connections open at once, streams included. Lowered to what the system's limit on open files allows."},
	{.key = "connections_per_ip", .type = CONFIG_NUMBER, .fallback = "1024", .max = 4000000, .unit = "connections",
	 AT(connections_per_ip), .doc = "Connections open at once from one address. 0: no bound, as behind a proxy."},
	{.key = "idle_seconds", .type = CONFIG_NUMBER, .fallback = "75", .min = 1, .max = 3600, .unit = "seconds",
	 AT(idle_seconds), .doc = "A connection without a request is closed after this."},
	{.key = "request_seconds", .type = CONFIG_NUMBER, .fallback = "15", .min = 1, .max = 600, .unit = "seconds",
	 AT(request_seconds), .doc = "Time a client has to send the headers of a request; bodies get more by their size."},

	{.key = "sqlite_cache_kib", .type = CONFIG_NUMBER, .fallback = "8192", .min = 64, .max = 16777216, .unit = "KiB",
	 AT(sqlite_cache_kib), .doc = "Page cache of each connection to the SQLite database; there is one for each thread."},
	{.key = "timelines_mb", .type = CONFIG_NUMBER, .fallback = "128", .min = 1, .max = 1048576, .unit = "MiB",
	 AT(timelines_mb), .doc = "Memory for timelines of active accounts."},
	{.key = "cards_mb", .type = CONFIG_NUMBER, .fallback = "128", .min = 1, .max = 1048576, .unit = "MiB", AT(cards_mb),
	 .doc = "Memory for presented posts."},
	{.key = "data_cards_mb", .type = CONFIG_NUMBER, .fallback = "64", .min = 1, .max = 1048576, .unit = "MiB",
	 AT(data_cards_mb), .doc = "Memory for posts as licensees get them."},
	{.key = "viewers_mb", .type = CONFIG_NUMBER, .fallback = "64", .min = 1, .max = 1048576, .unit = "MiB",
	 AT(viewers_mb), .doc = "Memory for whom active accounts follow, block and mute, and for their newest notifications."},
	{.key = "merge_followers", .type = CONFIG_NUMBER, .fallback = "20000", .min = 1, .max = 1000000000,
	 .unit = "followers", AT(merge_followers),
	 .doc = "Posts of accounts with more followers are merged into timelines when these are read, not pushed to each."},
	{.key = "active_days", .type = CONFIG_NUMBER, .fallback = "14", .min = 1, .max = 3650, .unit = "days",
	 AT(active_days), .doc = "Timelines of accounts away for longer are not kept; they are rebuilt when they return."},

	{.key = "log_level", .type = CONFIG_CHOICE, .fallback = "info", .choices = log_levels, AT(log_level),
	 .doc = "Least important message to log."},
	{.key = "log_format", .type = CONFIG_CHOICE, .fallback = "auto", .choices = log_formats, AT(log_format),
	 .doc = "auto: text on a terminal, otherwise one JSON object a line."},
	{.key = "access_log", .type = CONFIG_SWITCH, .fallback = "off", AT(access_log),
	 .doc = "Log each request at level info: endpoint, status, size and time, but not who asked for what."},
	{.key = "metrics", .type = CONFIG_CHOICE, .fallback = "local", .choices = metrics, AT(metrics),
	 .doc = "Who may read /metrics (Prometheus): nobody, this machine, or everybody."},
	{0},
};
_Static_assert(ARRAY_LEN(config_table) <= CONFIG_ROWS_MAX, "struct config has an origin for each row");
