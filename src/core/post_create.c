/*
 * post_create.c - making a post. Everything that only reads (defaults, checks, HTML, search tokens) is done before the
 * transaction: what runs on the writer is the fewest statements a post can be made of.
 */
#include "base/base.h"

#include "core/posts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "core/authors.h"
#include "core/cards.h"
#include "core/conversations.h"
#include "core/notifications.h"
#include "core/post_load.h"
#include "core/post_notify.h"
#include "core/post_parts.h"
#include "core/previews.h"
#include "core/quotes.h"
#include "core/scheduled.h"
#include "store/search_index.h"

#define IDEMPOTENCY_MS ((int64_t)3600 * 1000)
#define IDEMPOTENCY_KEY_BYTES 256
#define URI_BYTES 2048

SQL(create_parent, "SELECT q.id, q.account_id, q.reply_to, q.reply_to_account, q.thread_id FROM posts p"
		   " JOIN posts q ON q.id = COALESCE(p.boost_of, p.id) WHERE p.id = $1");
SQL(create_parent_exists, "SELECT 1 FROM posts WHERE id = $1");
SQL(create_forget_keys, "DELETE FROM idempotency WHERE account_id = $1 AND created_at <= $2");
SQL(create_claim_key,
    "INSERT INTO idempotency (account_id, key, post_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
SQL(create_repeated,
    "SELECT p.id FROM idempotency i JOIN posts p ON p.id = i.post_id WHERE i.account_id = $1 AND i.key = $2");
SQL(create_repeated_lately, "SELECT p.id FROM idempotency i JOIN posts p ON p.id = i.post_id WHERE i.account_id = $1"
			    " AND i.key = $2 AND i.created_at > $3");
SQL(create_take_key, "UPDATE idempotency SET post_id = $3, created_at = $4 WHERE account_id = $1 AND key = $2");
SQL(create_claim_origin, "INSERT INTO imported_posts (account_id, origin, post_id) VALUES ($1, $2, $3)"
			 " ON CONFLICT DO NOTHING");
SQL(create_imported, "SELECT post_id FROM imported_posts WHERE account_id = $1 AND origin = $2");
SQL(create_post, "INSERT INTO posts (id, account_id, domain, uri, url, reply_to, reply_to_account, thread_id, "
		 "visibility, text, html,"
		 " spoiler, sensitive, language, app_id, has_media, has_poll, has_mentions, has_tags, created_at,"
		 " quote_of, quote_state, quote_policy) VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
		 " $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)");
SQL(create_mention, "INSERT INTO post_mentions (post_id, account_id, position) VALUES ($1, $2, $3)");

struct create {
	struct core *core;
	const struct new_post *np;
	struct author *author;
	struct post_draft draft;
	enum visibility visibility;
	struct post_id reply_to;
	struct account_id reply_to_account;
	int64_t thread_id; /* 0: begins one */
	unsigned kind;	   /* account_posts.kind */
	struct quote quote;
	enum quote_policy quote_policy;
	struct problem *problem;
	struct notify_task followers;
	bool tells_followers;
	/* Made by the transaction. */
	struct post_id id;
	int64_t now, created_at;
	char uri[URI_BYTES], url[URI_BYTES];
	struct card_mark card;
	bool repeated;
	struct event_list events;
};

static int64_t thread_of(const struct create *w)
{
	return w->thread_id ? w->thread_id : w->id.v;
}

/*
 * Mastodon's in_reply_to_account: going on below one's own reply answers whom that one answered. A reply to a boost is
 * one to the post.
 */
static enum err load_parent(struct db *db, struct create *w)
{
	struct rows r;
	bool found;

	if (!w->np->reply_to.v)
		return OK;
	db_query(db, &r, &create_parent, BINDS(B_INT(w->np->reply_to.v)));
	found = rows_next(&r);
	if (found) {
		struct account_id author = {row_int(&r, 1)}, answered = {row_int(&r, 3)};
		bool goes_on = account_eq(author, w->np->author) && row_int(&r, 2) && answered.v;

		w->reply_to.v = row_int(&r, 0);
		w->reply_to_account = goes_on ? answered : author;
		w->thread_id = row_int(&r, 4);
		w->kind |= account_eq(w->reply_to_account, w->np->author) ? POST_SELF_REPLY : POST_REPLY;
	}
	TRY(rows_end(&r));
	return found ? OK
		     : fail(w->problem, ERR_NOT_FOUND, "The post you are trying to reply to does not appear to exist.");
}

static enum err prepare(struct core *c, struct db *db, struct arena *a, struct create *w)
{
	const struct new_post *np = w->np;

	w->visibility = np->has_visibility ? np->visibility : w->author->default_visibility;
	if (w->author->silenced && w->visibility == VISIBILITY_PUBLIC)
		w->visibility = VISIBILITY_UNLISTED;
	if (np->idempotency_key.len > IDEMPOTENCY_KEY_BYTES)
		return fail(w->problem, ERR_UNPROCESSABLE, "Idempotency-Key is too long (maximum is %d bytes)",
			    IDEMPOTENCY_KEY_BYTES);
	TRY(load_parent(db, w));
	if (np->quote_of.v)
		TRY(quote_prepare(c, db, a, np->author, np->quote_of, &w->quote, w->problem));
	if (w->quote.closed && w->visibility < VISIBILITY_PRIVATE)
		w->visibility = VISIBILITY_PRIVATE;
	w->quote_policy = quote_policy_of(np->has_quote_policy ? np->quote_policy : w->author->default_quote_policy,
					  w->visibility);
	const struct draft_input in = {
		.author = np->author,
		.text = np->text,
		.spoiler = np->spoiler,
		.languages = {np->language, w->author->default_language, w->author->locale},
		.sensitive = np->has_sensitive ? np->sensitive : w->author->default_sensitive,
		.media = np->media,
		.n_media = np->n_media,
		.poll = np->poll,
		.imported = np->origin.len > 0,
		.scheduled = np->scheduled,
	};
	TRY(post_draft_check(c, db, a, &in, &w->draft, w->problem));
	w->kind |= w->draft.n_media ? POST_MEDIA : 0;
	w->followers = (struct notify_task){.kind = NOTIFY_STATUS, .author = np->author};
	w->tells_followers = w->author->followed_closely && !np->origin.len && w->visibility != VISIBILITY_DIRECT &&
			     !(w->kind & POST_REPLY);
	TRY(post_draft_compose(c, db, a, np->author, &w->draft, w->problem));
	return quote_check_audience(&w->quote, np->author, w->visibility, &w->draft.made, w->problem);
}

/*
 * The key is claimed before anything else: of two calls at once with one key, the second waits here for the first, and
 * then finds its post.
 */
static enum err claim_key(struct db *tx, struct create *w)
{
	struct view key = w->np->idempotency_key;
	int64_t author = w->np->author.v, id, claimed;
	enum err err;

	w->repeated = false;
	if (!key.len)
		return OK;
	TRY(db_exec(tx, &create_forget_keys, BINDS(B_INT(author), B_INT(w->now - IDEMPOTENCY_MS)), NULL));
	TRY(db_exec(tx, &create_claim_key, BINDS(B_INT(author), B_TEXT(key), B_INT(w->id.v), B_INT(w->now)), &claimed));
	if (claimed)
		return OK;
	err = db_int(tx, &create_repeated, BINDS(B_INT(author), B_TEXT(key)), &id);
	if (err == ERR_NOT_FOUND) /* that post has been deleted since */
		return db_exec(tx, &create_take_key, BINDS(B_INT(author), B_TEXT(key), B_INT(w->id.v), B_INT(w->now)),
			       NULL);
	w->repeated = err == OK;
	if (w->repeated)
		w->id.v = id;
	return err;
}

/* As claim_key, for good. */
static enum err claim_origin(struct db *tx, struct create *w)
{
	struct view origin = w->np->origin;
	int64_t author = w->np->author.v, claimed;

	if (!origin.len || w->repeated)
		return OK;
	TRY(db_exec(tx, &create_claim_origin, BINDS(B_INT(author), B_TEXT(origin), B_INT(w->id.v)), &claimed));
	if (claimed)
		return OK;
	TRY(db_int(tx, &create_imported, BINDS(B_INT(author), B_TEXT(origin)), &w->id.v));
	w->repeated = true;
	return OK;
}

static enum err insert_post(struct db *tx, struct create *w)
{
	const struct post_draft *d = &w->draft;
	int uri = snprintf(w->uri, sizeof(w->uri), "%.*s/statuses/%" PRIi64, VIEW_ARG(w->author->uri), w->id.v);
	int url = snprintf(w->url, sizeof(w->url), "%.*s/%" PRIi64, VIEW_ARG(w->author->url), w->id.v);

	if (uri >= URI_BYTES || url >= URI_BYTES)
		return ERR_TOO_LARGE;
	return db_exec(tx, &create_post,
		       BINDS(B_INT(w->id.v), B_INT(w->np->author.v), B_TEXT(view_of(w->uri)), B_TEXT(view_of(w->url)),
			     B_INT_OR_NULL(w->reply_to.v), B_INT_OR_NULL(w->reply_to_account.v), B_INT(thread_of(w)),
			     B_INT(w->visibility), B_TEXT(d->text), B_TEXT(d->made.html), B_TEXT(d->spoiler),
			     B_INT(d->sensitive), B_TEXT(view_of(d->language)), B_INT_OR_NULL(w->np->app_id),
			     B_INT(d->n_media > 0), B_INT(d->has_poll), B_INT(d->made.n_mentions > 0),
			     B_INT(d->made.n_tags > 0), B_INT(w->created_at), B_INT_OR_NULL(w->quote.of.v),
			     B_INT(quote_state_of(&w->quote)), B_INT(w->quote_policy)),
		       NULL);
}

static int by_bytes(const void *a, const void *b)
{
	return view_cmp(*(const struct view *)a, *(const struct view *)b);
}

/* What insert_post has written. */
static struct post_row written_row(const struct create *w, struct view tags[LIMIT_POST_TAGS])
{
	const struct post_draft *d = &w->draft;

	for (size_t i = 0; i < d->made.n_tags; i++)
		tags[i] = d->made.tags[i].name;
	qsort(tags, d->made.n_tags, sizeof(*tags), by_bytes);
	return (struct post_row){
		.app_id = w->np->app_id,
		.has_mentions = d->made.n_mentions > 0,
		.post = {.uri = view_of(w->uri),
			 .url = view_of(w->url),
			 .text = d->text,
			 .html = d->made.html,
			 .spoiler = d->spoiler,
			 .language = view_of(d->language),
			 .sensitive = d->sensitive || w->author->sensitized,
			 .created_at = w->created_at,
			 .tags = tags,
			 .n_tags = d->made.n_tags,
			 .meta = {.id = w->id,
				  .author = w->np->author,
				  .reply_to = w->reply_to,
				  .reply_to_account = w->reply_to_account,
				  .thread_id = thread_of(w),
				  .visibility = (uint8_t)w->visibility,
				  .local = true,
				  .author_silenced = w->author->silenced,
				  .has_media = d->n_media > 0,
				  .has_poll = d->has_poll,
				  .quote_of = w->quote.of,
				  .quote_state = (uint8_t)quote_state_of(&w->quote),
				  .quote_policy = (uint8_t)w->quote_policy}},
	};
}

/* Replies that not everybody may see are not counted; but the parent must still be there. */
static enum err answer_parent(struct db *tx, struct create *w)
{
	enum err err;

	if (!w->reply_to.v)
		return OK;
	if (w->visibility <= VISIBILITY_UNLISTED)
		err = post_count_add(tx, &w->events, w->reply_to, COUNT_REPLIES, 1);
	else
		err = post_hold(tx, w->reply_to);
	if (err == ERR_NOT_FOUND)
		return fail(w->problem, err, "The post you are trying to reply to does not appear to exist.");
	return err;
}

static enum err write_parts(struct db *tx, struct create *w, const struct post_place *place)
{
	const struct post_draft *d = &w->draft;

	for (size_t i = 0; i < d->made.n_mentions; i++)
		TRY(db_exec(tx, &create_mention, BINDS(B_INT(w->id.v), B_INT(d->made.mentions[i].v), B_INT(i)), NULL));
	TRY(post_write_tags(tx, place, d->made.tags, d->made.n_tags));
	TRY(post_attach_media(tx, place, d->media, d->n_media, w->problem));
	return d->has_poll ? post_write_poll(tx, w->id, &d->poll, place->at) : OK;
}

static enum err tell(struct db *tx, struct create *w)
{
	const struct post_text *made = &w->draft.made;
	int64_t thread = thread_of(w);

	for (size_t i = 0; i < made->n_mentions; i++)
		TRY(notification_add(tx, &w->events, made->mentions[i], NOTIFY_MENTION, w->np->author, w->id, thread));
	if (w->quote.of.v && w->visibility <= VISIBILITY_UNLISTED) /* others could not look at it */
		TRY(notification_add(tx, &w->events, w->quote.author, NOTIFY_QUOTE, w->np->author, w->id, thread));
	if (w->tells_followers) {
		w->followers.post = w->id;
		w->followers.thread_id = thread;
		TRY(post_notify_add(tx, &w->followers));
	}
	if (w->visibility != VISIBILITY_DIRECT)
		return OK;
	return conversation_add(tx, &w->events, w->np->author, thread, w->id, false);
}

/* Now, or for posts of another time an id of that time: the first that is free. */
static enum err choose_id(struct db *tx, struct create *w)
{
	int64_t one;
	enum err err;

	w->id.v = id_next();
	if (!w->np->created_at)
		return OK;
	for (w->id.v = id_at(w->np->created_at) + (int64_t)(rand_u64() & 0x7fff);; w->id.v++) {
		err = db_int(tx, &create_parent_exists, BINDS(B_INT(w->id.v)), &one);
		if (err != OK)
			return err == ERR_NOT_FOUND ? OK : err;
	}
}

static enum err create(struct db *tx, void *arg)
{
	struct create *w = arg;

	w->events.n = 0;
	w->now = clock_now();
	TRY(choose_id(tx, w));
	TRY(claim_key(tx, w));
	TRY(claim_origin(tx, w));
	if (w->repeated)
		return OK;
	if (w->np->scheduled)
		TRY(scheduled_take(tx, w->np->author, w->np->scheduled));
	w->card = card_mark(w->core, w->id);
	w->created_at = w->np->created_at ? w->np->created_at : w->now;
	struct post_place place = {w->id, w->np->author, w->visibility, w->created_at};
	/* Posts are held before accounts, as by everybody, or two would wait for each other. */
	TRY(answer_parent(tx, w));
	TRY(quote_write(tx, &w->events, &w->quote, w->visibility, w->problem));
	TRY(insert_post(tx, w));
	if (!w->np->origin.len)
		events_pend(&w->events, (struct event){.kind = EVENT_POST_CREATED,
						       .post = w->id,
						       .account = place.author,
						       .visibility = (int)w->visibility,
						       .local = true});
	TRY(account_post_put(tx, &place, w->kind));
	TRY(account_posts_add(tx, &w->events, &place, 1));
	TRY(search_index_put(tx, w->id, w->draft.tokens));
	TRY(write_parts(tx, w, &place));
	if (w->np->origin.len)
		return OK;
	TRY(preview_job_add(w->core, tx, w->id, preview_link_of(w->core, w->draft.text, w->draft.spoiler)));
	return tell(tx, w);
}

/* Whoever reads the post next, this very call among them, finds its card. */
static void keep_card(struct core *c, struct db *db, const struct create *w)
{
	struct view tags[LIMIT_POST_TAGS];
	struct post_row row = written_row(w, tags);

	/* An author who changed meanwhile may have been suspended, which cards say. */
	if (author_current(c, w->author) && card_made(c, db, &row, w->card) != OK)
		log_debug("the card of a new post is made later", F_INT("post", w->id.v));
}

/*
 * A call that is repeated may be refused for what its first time has brought about: its media are attached by now. The
 * transaction would have known; it is not reached then.
 */
static enum err refused_or_repeated(struct db *db, struct create *w, enum err refusal)
{
	struct view key = w->np->idempotency_key;
	enum err err;

	if (!key.len || key.len > IDEMPOTENCY_KEY_BYTES)
		return refusal;
	err = db_int(db, &create_repeated_lately,
		     BINDS(B_INT(w->np->author.v), B_TEXT(key), B_INT(clock_now() - IDEMPOTENCY_MS)), &w->id.v);
	w->repeated = err == OK;
	return err == ERR_NOT_FOUND ? refusal : err;
}

static enum err write_post(struct core *c, struct db *db, struct arena *a, struct create *w)
{
	enum err err = prepare(c, db, a, w);

	if (err)
		return refused_or_repeated(db, w, err);
	err = store_write(c->store, create, w);
	if (err) {
		event_list_drop(&w->events);
		return err;
	}
	if (w->repeated)
		return OK;
	metric_add(METRIC_POSTS_CREATED, 1);
	keep_card(c, db, w);
	events_announce_all(c->events, &w->events);
	if (w->tells_followers)
		err = post_notify_begin(c, db, a, &w->followers);
	if (err) /* the post stands all the same, and the job will be tried */
		log_warn("followers are told of a post later", F_INT("post", w->id.v),
			 F_STR("error", view_of(err_name(err))));
	return OK;
}

static enum err with_author(struct core *c, struct db *db, struct arena *a, struct create *w,
			    enum err (*fn)(struct core *c, struct db *db, struct arena *a, struct create *w))
{
	enum err err = author_get(c, db, w->np->author, &w->author);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
	err = w->author->suspended ? ERR_FORBIDDEN : fn(c, db, a, w);
	author_put(w->author);
	return err;
}

enum err post_create_check(struct core *c, struct db *db, struct arena *a, const struct new_post *np,
			   struct problem *problem)
{
	struct create w = {.core = c, .np = np, .problem = problem};

	return with_author(c, db, a, &w, prepare);
}

enum err post_create(struct core *c, struct db *db, struct arena *a, const struct new_post *np, struct post_id *ret,
		     struct problem *problem)
{
	struct create w = {.core = c, .np = np, .problem = problem};

	TRY(with_author(c, db, a, &w, write_post));
	*ret = w.id;
	return OK;
}
