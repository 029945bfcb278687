/*
 * seed_posts.c - the posts: texts of some 120 characters with mentions, hashtags and links, replies, boosts,
 * favourites, a picture now and then, evenly over the last SEED_DAYS. One thread makes a batch with the program's own
 * composing and segmenting while the store's writer writes the batch before.
 */
#include "base/base.h"

#include "seed.h"

#include <semaphore.h>

#include "base/limits.h"
#include "base/map.h"
#include "core/notifications.h"
#include "core/post_parts.h"
#include "core/post_text.h"
#include "store/search_index.h"
#include "vocabulary.h"

#define POSTS_BATCH 5000
#define RECENT 5000 /* how far back replies, boosts and favourites reach */
#define NOBODY UINT32_MAX
#define URI_BYTES 256

SQL(seed_post,
    "INSERT INTO posts (id, account_id, domain, uri, url, reply_to, reply_to_account, thread_id, visibility, text, "
    "html, language, has_media, has_mentions, has_tags, created_at) "
    "VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, 'en', $11, $12, $13, $14)");
SQL(seed_boost,
    "INSERT INTO posts (id, account_id, domain, uri, url, boost_of, thread_id, visibility, text, html, created_at) "
    "VALUES ($1, $2, '', $3, '', $4, $5, 0, '', '', $6)");
SQL(seed_boost_of_account, "INSERT INTO account_boosts (account_id, post_id, boost_id) VALUES ($1, $2, $3)");
SQL(seed_boost_of_post, "INSERT INTO post_boosts (post_id, boost_id, account_id) VALUES ($1, $2, $3)");
SQL(seed_favourite, "INSERT INTO favourites (account_id, post_id, id) VALUES ($1, $2, $3)");
SQL(seed_favourited, "INSERT INTO post_favourites (post_id, id, account_id) VALUES ($1, $2, $3)");
SQL(seed_mention, "INSERT INTO post_mentions (post_id, account_id, position) VALUES ($1, $2, $3)");
SQL(seed_media,
    "INSERT INTO media (id, account_id, post_id, state, kind, file, preview, description, width, height, "
    "preview_width, preview_height, blurhash, bytes, created_at) VALUES ($1, $2, $3, 1, 'image', $4, $5, $6, "
    "1600, 1067, 640, 427, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 243712, $7)");
SQL(seed_notification, "INSERT INTO notifications (account_id, id, kind, from_id, post_id, created_at) "
		       "VALUES ($1, $2, $3, $4, $5, $6)");
SQL(seed_post_count, "INSERT INTO post_counts (post_id, replies, boosts, favourites) VALUES ($1, $2, $3, $4)");

/* What is remembered of a post that was made. */
struct made_post {
	int64_t id, thread;
	uint32_t author, answered; /* index of people; answered: NOBODY */
	uint16_t replies, boosts, favourites;
	uint8_t visibility;
	bool boost;
};

/* What is written for it. Numbers are indexes of made_post and people; NOBODY where there is none. */
struct row {
	uint32_t number, reply_to, boost_of, favourite_of, favourite_by;
	struct view text, tokens, file, preview, description;
	struct post_text made;
};

struct batch {
	struct posts *posts;
	struct arena arena;
	struct row rows[POSTS_BATCH];
	size_t n;
	sem_t written;
	bool under_way;
	enum err err;
};

struct posts {
	struct seed *s;
	struct made_post *made;
	size_t n;
	struct idset marks; /* pairs of post and account: boosted or favourited */
	struct batch batches[2];
};

/* ---- making ---- */

static int64_t moment(const struct seed *s, size_t number)
{
	int64_t step = SEED_DAYS * SEED_MS_PER_DAY / (int64_t)s->posts;

	return s->now - SEED_DAYS * SEED_MS_PER_DAY + (int64_t)number * step + (int64_t)seeded_below((size_t)step);
}

/* Some write much: half of the posts are by the first quarter of the accounts, who are also followed most. */
static uint32_t author(const struct seed *s)
{
	double u = (double)(seeded() >> 11) / (double)(1ULL << 53);

	return (uint32_t)(s->announcers + (size_t)(u * u * (double)s->accounts));
}

static uint32_t anybody(const struct seed *s)
{
	return (uint32_t)(s->announcers + seeded_below(s->accounts));
}

/* A public post among the last ones, or NOBODY. */
static uint32_t recent(const struct posts *p)
{
	size_t reach = p->n < RECENT ? p->n : RECENT;

	for (int i = 0; i < 4 && reach; i++) {
		size_t number = p->n - 1 - seeded_below(reach);

		if (!p->made[number].boost && p->made[number].visibility == VISIBILITY_PUBLIC)
			return (uint32_t)number;
	}
	return NOBODY;
}

/* False when the account has marked this post already; kind 0: boost, 1: favourite. */
static bool mark(struct posts *p, uint32_t number, uint32_t who, unsigned kind)
{
	return number != NOBODY && p->made[number].author != who &&
	       idset_add(&p->marks, ((uint64_t)number << 24 | who) << 1 | kind | 1ULL << 62);
}

static struct view compose(struct posts *p, struct arena *a, const struct row *r)
{
	struct buf out CLEANUP(buf_release);
	char word[16];

	buf_init(&out, 16 * LIMIT_KIB);
	if (r->reply_to != NOBODY)
		buf_printf(&out, "@%s ", p->s->people[p->made[r->reply_to].author].username);
	else if (seeded_chance(10))
		buf_printf(&out, "@%s ", p->s->people[anybody(p->s)].username);
	vocabulary_sentences(&out, 6 + seeded_below(20), p->s->met);
	if (seeded_chance(20))
		buf_printf(&out, " https://example.org/%" PRIu64 "/news", seeded() >> 40);
	for (unsigned tags = seeded_chance(30) ? 1 + (unsigned)seeded_below(2) : 0; tags; tags--) {
		vocabulary_word(200 + vocabulary_pick(VOCABULARY_TAGS), word);
		buf_printf(&out, " #%s", word);
	}
	return arena_view(a, buf_view(&out));
}

static struct view file_key(struct arena *a)
{
	struct buf out CLEANUP(buf_release);

	buf_init(&out, LIMIT_KIB);
	vocabulary_file_key(&out, "jpg");
	return arena_view(a, buf_view(&out));
}

static enum err make_text(struct posts *p, struct arena *a, struct row *r)
{
	struct core *c = p->s->core;
	struct account_id who = p->s->people[p->made[r->number].author].id;

	r->text = compose(p, a, r);
	if (seeded_chance(4)) {
		r->file = file_key(a);
		r->preview = file_key(a);
		r->description = V("A bird on a wire, seen from below");
	}
	TRY(post_text_make(c, store_db(c->store), a, who, r->text, &r->made));
	const struct view pieces[] = {r->text, r->description};
	return post_text_tokens(a, pieces, ARRAY_LEN(pieces), &r->tokens);
}

static void place_reply(struct posts *p, struct row *r, struct made_post *m)
{
	struct made_post *parent = &p->made[r->reply_to];

	m->thread = parent->thread;
	m->answered = parent->author;
	if (m->visibility <= VISIBILITY_UNLISTED && parent->replies < UINT16_MAX)
		parent->replies++;
}

static void count_author(struct seed *s, const struct made_post *m)
{
	struct person *author_of = &s->people[m->author];

	author_of->posts++;
	author_of->last_post_at = id_time(m->id);
}

static enum err make_row(struct posts *p, struct arena *a, struct row *r)
{
	struct made_post *m = &p->made[p->n];
	unsigned dice = (unsigned)seeded_below(100);
	uint32_t earlier = recent(p);

	*r = (struct row){.number = (uint32_t)p->n, .reply_to = NOBODY, .boost_of = NOBODY, .favourite_of = NOBODY};
	*m = (struct made_post){.id = id_at(moment(p->s, p->n)) + 1, .author = author(p->s), .answered = NOBODY};
	m->thread = m->id;
	if (dice < 10 && mark(p, earlier, m->author, 0)) {
		r->boost_of = earlier;
		m->boost = true;
		m->thread = p->made[earlier].thread;
		p->made[earlier].boosts++;
	} else {
		m->visibility = dice >= 97 ? VISIBILITY_PRIVATE : dice >= 90 ? VISIBILITY_UNLISTED : VISIBILITY_PUBLIC;
		if (dice >= 10 && dice < 25 && earlier != NOBODY)
			r->reply_to = earlier;
		if (r->reply_to != NOBODY)
			place_reply(p, r, m);
		TRY(make_text(p, a, r));
	}
	count_author(p->s, m);
	p->n++;
	r->favourite_by = anybody(p->s);
	earlier = recent(p);
	if (seeded_chance(30) && mark(p, earlier, r->favourite_by, 1)) {
		r->favourite_of = earlier;
		p->made[earlier].favourites++;
	}
	return OK;
}

/* ---- writing ---- */

static enum err notify(struct db *tx, const struct posts *p, uint32_t about, struct account_id to,
		       enum notification_kind kind, struct account_id from, int64_t id)
{
	if (account_eq(to, from))
		return OK;
	return db_exec(
		tx, &seed_notification,
		BINDS(B_INT(to.v), B_INT(id), B_INT(kind), B_INT(from.v), B_INT(p->made[about].id), B_INT(id_time(id))),
		NULL);
}

static enum err write_favourite(struct db *tx, const struct posts *p, const struct row *r)
{
	const struct made_post *post = &p->made[r->favourite_of];
	struct account_id who = p->s->people[r->favourite_by].id;
	int64_t id = p->made[r->number].id + 1;

	TRY(db_exec(tx, &seed_favourite, BINDS(B_INT(who.v), B_INT(post->id), B_INT(id)), NULL));
	TRY(db_exec(tx, &seed_favourited, BINDS(B_INT(post->id), B_INT(id), B_INT(who.v)), NULL));
	return notify(tx, p, r->favourite_of, p->s->people[post->author].id, NOTIFY_FAVOURITE, who, id);
}

static enum err write_boost(struct db *tx, const struct posts *p, const struct row *r, const struct post_place *place)
{
	const struct made_post *post = &p->made[r->boost_of];
	const struct person *who = &p->s->people[p->made[r->number].author];
	char uri[URI_BYTES];

	snprintf(uri, sizeof(uri), "%s/users/%s/statuses/%" PRId64 "/activity", p->s->core->config.base_url,
		 who->username, place->id.v);
	TRY(db_exec(tx, &seed_boost,
		    BINDS(B_INT(place->id.v), B_INT(who->id.v), B_TEXT(view_of(uri)), B_INT(post->id),
			  B_INT(post->thread), B_INT(place->at)),
		    NULL));
	TRY(db_exec(tx, &seed_boost_of_account, BINDS(B_INT(who->id.v), B_INT(post->id), B_INT(place->id.v)), NULL));
	TRY(db_exec(tx, &seed_boost_of_post, BINDS(B_INT(post->id), B_INT(place->id.v), B_INT(who->id.v)), NULL));
	TRY(account_post_put(tx, place, POST_BOOST));
	return notify(tx, p, r->boost_of, p->s->people[post->author].id, NOTIFY_REBLOG, who->id, place->id.v + 2);
}

static enum err write_media(struct db *tx, const struct row *r, const struct post_place *place)
{
	if (!r->file.len)
		return OK;
	return db_exec(tx, &seed_media,
		       BINDS(B_INT(place->id.v + 3), B_INT(place->author.v), B_INT(place->id.v), B_TEXT(r->file),
			     B_TEXT(r->preview), B_TEXT(r->description), B_INT(place->at)),
		       NULL);
}

static enum err insert_post(struct db *tx, const struct posts *p, const struct row *r, const struct post_place *place)
{
	const struct made_post *m = &p->made[r->number];
	const char *base = p->s->core->config.base_url, *name = p->s->people[m->author].username;
	char uri[URI_BYTES], url[URI_BYTES];

	snprintf(uri, sizeof(uri), "%s/users/%s/statuses/%" PRId64, base, name, m->id);
	snprintf(url, sizeof(url), "%s/@%s/%" PRId64, base, name, m->id);
	return db_exec(tx, &seed_post,
		       BINDS(B_INT(m->id), B_INT(place->author.v), B_TEXT(view_of(uri)), B_TEXT(view_of(url)),
			     B_INT_OR_NULL(r->reply_to == NOBODY ? 0 : p->made[r->reply_to].id),
			     B_INT_OR_NULL(m->answered == NOBODY ? 0 : p->s->people[m->answered].id.v),
			     B_INT(m->thread), B_INT(m->visibility), B_TEXT(r->text), B_TEXT(r->made.html),
			     B_INT(r->file.len > 0), B_INT(r->made.n_mentions > 0), B_INT(r->made.n_tags > 0),
			     B_INT(place->at)),
		       NULL);
}

static unsigned kind_of(const struct made_post *m, const struct row *r)
{
	unsigned kind = r->file.len ? POST_MEDIA : 0;

	if (m->answered != NOBODY)
		kind |= m->answered == m->author ? POST_SELF_REPLY : POST_REPLY;
	return kind;
}

static enum err write_post(struct db *tx, const struct posts *p, const struct row *r, const struct post_place *place)
{
	TRY(insert_post(tx, p, r, place));
	TRY(account_post_put(tx, place, kind_of(&p->made[r->number], r)));
	TRY(search_index_put(tx, place->id, r->tokens));
	for (size_t i = 0; i < r->made.n_mentions; i++) {
		struct account_id to = r->made.mentions[i];

		TRY(db_exec(tx, &seed_mention, BINDS(B_INT(place->id.v), B_INT(to.v), B_INT(i)), NULL));
		TRY(notify(tx, p, r->number, to, NOTIFY_MENTION, place->author, place->id.v + 4 + (int64_t)i));
	}
	TRY(post_write_tags(tx, place, r->made.tags, r->made.n_tags));
	return write_media(tx, r, place);
}

static enum err write_batch(struct db *tx, void *arg)
{
	const struct batch *b = arg;
	const struct posts *p = b->posts;

	for (size_t i = 0; i < b->n; i++) {
		const struct row *r = &b->rows[i];
		const struct made_post *m = &p->made[r->number];
		struct post_place place = {
			{m->id}, p->s->people[m->author].id, (enum visibility)m->visibility, id_time(m->id)};

		TRY(r->boost_of != NOBODY ? write_boost(tx, p, r, &place) : write_post(tx, p, r, &place));
		if (r->favourite_of != NOBODY)
			TRY(write_favourite(tx, p, r));
	}
	return OK;
}

static void batch_written(enum err err, void *arg)
{
	struct batch *b = arg;

	b->err = err;
	sem_post(&b->written);
}

/* Waits until the batch may be filled anew. */
static enum err batch_wait(struct batch *b)
{
	if (b->under_way)
		sem_wait(&b->written);
	b->under_way = false;
	b->n = 0;
	arena_reset(&b->arena);
	return b->err;
}

static enum err batch_send(struct posts *p, struct batch *b)
{
	TRY(store_write_async(p->s->core->store, write_batch, b, batch_written));
	b->under_way = true;
	return OK;
}

static enum err write_post_counts(struct db *tx, void *arg)
{
	const struct posts *p = arg;

	for (size_t i = 0; i < p->n; i++) {
		const struct made_post *m = &p->made[i];

		if (m->replies || m->boosts || m->favourites)
			TRY(db_exec(tx, &seed_post_count,
				    BINDS(B_INT(m->id), B_INT(m->replies), B_INT(m->boosts), B_INT(m->favourites)),
				    NULL));
	}
	return OK;
}

static enum err run(struct posts *p)
{
	size_t turn = 0;

	for (; p->n < p->s->posts; turn ^= 1) {
		struct batch *b = &p->batches[turn];

		TRY(batch_wait(b));
		while (b->n < POSTS_BATCH && p->n < p->s->posts)
			TRY(make_row(p, &b->arena, &b->rows[b->n++]));
		TRY(batch_send(p, b));
	}
	TRY(batch_wait(&p->batches[0]));
	TRY(batch_wait(&p->batches[1]));
	return store_write(p->s->core->store, write_post_counts, p);
}

enum err seed_posts(struct seed *s)
{
	struct posts *p = xcalloc(1, sizeof(*p));

	p->s = s;
	p->made = xcalloc(s->posts, sizeof(*p->made));
	idset_init(&p->marks);
	for (size_t i = 0; i < ARRAY_LEN(p->batches); i++) {
		p->batches[i].posts = p;
		arena_init(&p->batches[i].arena, 512 * LIMIT_MIB);
		sem_init(&p->batches[i].written, 0, 0);
	}
	enum err err = run(p);
	idset_release(&p->marks);
	for (size_t i = 0; i < ARRAY_LEN(p->batches); i++)
		arena_release(&p->batches[i].arena);
	free(p->made);
	free(p);
	return err;
}
