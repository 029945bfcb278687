/*
 * seed_people.c - accounts with filled-in profiles, their tokens, and who follows whom: follower counts by a power law
 * (rank^-0.75), as measured for Twitter's early graph.
 */
#include "base/base.h"

#include "seed.h"

#include <math.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "text/post_html.h"
#include "vocabulary.h"

#define PEOPLE_BATCH 2000
#define MOST_FOLLOWERS 2 /* one part of everybody */

SQL(seed_account,
    "INSERT INTO accounts (id, username, username_key, domain, uri, url, display_name, note, note_html, fields, "
    "avatar, avatar_static, header, header_static, discoverable, indexable, created_at, updated_at) "
    "VALUES ($1, $2, $2, '', $3, $4, $5, $6, $7, $8, $9, $9, $10, $10, 1, 1, $11, $11)");
SQL(seed_user,
    "INSERT INTO users (account_id, email, email_key, password_hash, confirmed_at, last_active_at, created_at) "
    "VALUES ($1, $2, $2, '', $3, $4, $3)"); /* no password fits an empty hash */
SQL(seed_token, "INSERT INTO tokens (id, token_hash, account_id, scopes, created_at) VALUES ($1, $2, $3, $4, $5)");
SQL(seed_follower, "INSERT INTO followers (account_id, follower_id, id) VALUES ($1, $2, $3)");
SQL(seed_followed, "INSERT INTO following (account_id, target_id, id) VALUES ($1, $2, $3)");
SQL(seed_count, "INSERT INTO account_counts (account_id, posts, followers, following, last_post_at) "
		"VALUES ($1, $2, $3, $4, $5)");

static size_t n_people(const struct seed *s)
{
	return s->announcers + s->accounts;
}

struct people_batch {
	struct seed *s;
	size_t from, to;
	FILE *tokens;
	unsigned char *follows; /* a bit for each pair: target * n_people + follower */
	bool followers_side;
};

static bool follow_bit(const struct people_batch *b, size_t target, size_t follower)
{
	size_t bit = target * n_people(b->s) + follower;

	return b->follows[bit / 8] >> (bit % 8) & 1;
}

/* What is written on both sides of a follow: one id. */
static int64_t follow_id(const struct seed *s, size_t target, size_t follower)
{
	return id_at(s->now - (SEED_DAYS + 10) * SEED_MS_PER_DAY) + (int64_t)(target * n_people(s) + follower);
}

/* ---- profiles ---- */

static enum err render(const struct seed *s, struct arena *a, struct view text, bool field, struct view *ret)
{
	struct tokens tokens = compose_tokens(a, text, LIMIT_POST_TOKENS);
	struct post_style style = {
		.base_url = view_of(s->core->config.base_url), .paragraphs = !field, .rel_me = field};
	struct safe_html html;
	struct buf out CLEANUP(buf_release);

	buf_init(&out, 64 * LIMIT_KIB);
	TRY(post_html(&out, text, tokens, NULL, &style, &html));
	*ret = arena_view(a, html.reviewed);
	return OK;
}

static enum err make_fields(const struct seed *s, struct arena *a, const char *username, struct view *ret)
{
	static const char *const names[LIMIT_FIELDS] = {"Website", "Pronouns", "Where", "Elsewhere"};
	static const char *const values[LIMIT_FIELDS] = {"https://%s.example.org", "they / dia (%s)",
							 "Yogyakarta, near %s", "%s@elsewhere.example"};
	struct buf out CLEANUP(buf_release);

	buf_init(&out, 64 * LIMIT_KIB);
	struct jw j = jw_to(&out);
	jw_array(&j);
	for (size_t i = 0, n = seeded_below(2); i < n; i++) {
		struct view rest = view_of(values[i]), before, html;
		view_split(&rest, '%', &before);
		struct view value = arena_printf(a, "%.*s%s%.*s", VIEW_ARG(before), username,
						 VIEW_ARG(view_sub(rest, 1, rest.len)));
		TRY(render(s, a, value, true, &html));
		jw_object(&j);
		jw_kv_str(&j, "name", view_of(names[i]));
		jw_kv_str(&j, "value", value);
		jw_kv_str(&j, "html", html);
		jw_kv_null(&j, "verified_at");
		jw_object_end(&j);
	}
	jw_array_end(&j);
	TRY(buf_err(&out));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

static struct view sentences(struct arena *a, size_t words, const char *behind)
{
	struct buf out CLEANUP(buf_release);

	buf_init(&out, 4 * LIMIT_KIB);
	vocabulary_sentences(&out, words, NULL);
	buf_add_str(&out, behind);
	return arena_view(a, buf_view(&out));
}

static struct view made_of(struct arena *a, void (*make)(struct buf *out))
{
	struct buf out CLEANUP(buf_release);

	buf_init(&out, LIMIT_KIB);
	make(&out);
	return arena_view(a, buf_view(&out));
}

static void avatar_key(struct buf *out)
{
	vocabulary_file_key(out, "png");
}
static void header_key(struct buf *out)
{
	vocabulary_file_key(out, "jpg");
}

static enum err insert_account(struct db *tx, const struct seed *s, struct arena *a, struct person *p)
{
	const char *base = s->core->config.base_url;
	struct view name = view_of(p->username),
		    note = sentences(a, 4 + seeded_below(12), seeded_chance(30) ? " #kicau" : ""), note_html, fields;
	struct view uri = arena_printf(a, "%s/users/%s", base, p->username),
		    url = arena_printf(a, "%s/@%s", base, p->username);
	struct view display = made_of(a, vocabulary_name);

	TRY(render(s, a, note, false, &note_html));
	TRY(make_fields(s, a, p->username, &fields));
	TRY(db_exec(tx, &seed_account,
		    BINDS(B_INT(p->id.v), B_TEXT(name), B_TEXT(uri), B_TEXT(url), B_TEXT(display), B_TEXT(note),
			  B_TEXT(note_html), B_TEXT(fields), B_TEXT(made_of(a, avatar_key)),
			  B_TEXT(made_of(a, header_key)), B_INT(id_time(p->id.v))),
		    NULL));
	return account_index_words(tx, p->id, name, display);
}

static enum err insert_login(struct db *tx, const struct seed *s, struct arena *a, const struct person *p, FILE *tokens)
{
	uint64_t secret[4] = {seeded(), seeded(), seeded(), seeded()};
	struct view email = arena_printf(a, "%s@mail.example.org", p->username);
	char token[TOKEN_LEN + 1], hash[HEX_LEN(DIGEST_LEN) + 1];

	base64url_encode(secret, sizeof(secret), token);
	struct digest d = digest_token(view_of(token));
	hex_encode(d.b, DIGEST_LEN, hash);
	TRY(db_exec(tx, &seed_user, BINDS(B_INT(p->id.v), B_TEXT(email), B_INT(id_time(p->id.v)), B_INT(s->now)),
		    NULL));
	TRY(db_exec(tx, &seed_token,
		    BINDS(B_INT(p->id.v + 1), B_TEXT(view_of(hash)), B_INT(p->id.v),
			  B_TEXT(V("read write follow push")), B_INT(id_time(p->id.v))),
		    NULL));
	fprintf(tokens, "%s %" PRId64 " %s\n", token, p->id.v, p->username);
	return OK;
}

static enum err insert_people(struct db *tx, void *arg)
{
	struct people_batch *b = arg;
	struct arena a;
	enum err err = OK;

	arena_init(&a, LIMIT_MIB);
	for (size_t i = b->from; i < b->to && err == OK; i++) {
		struct person *p = &b->s->people[i];

		p->id.v = id_at(b->s->now - (SEED_DAYS + 20) * SEED_MS_PER_DAY + (int64_t)i * 60000);
		if (i < b->s->announcers)
			snprintf(p->username, sizeof(p->username), "announcer_%03zu", i);
		else
			snprintf(p->username, sizeof(p->username), "burung_%05zu", i - b->s->announcers);
		err = insert_account(tx, b->s, &a, p);
		if (err == OK)
			err = insert_login(tx, b->s, &a, p, b->tokens);
		arena_reset(&a);
	}
	arena_release(&a);
	return err;
}

static enum err in_batches(struct people_batch *b, enum err (*fn)(struct db *tx, void *arg))
{
	size_t n = n_people(b->s);

	for (b->from = 0; b->from < n; b->from = b->to) {
		b->to = b->from + PEOPLE_BATCH < n ? b->from + PEOPLE_BATCH : n;
		TRY(store_write(b->s->core->store, fn, b));
	}
	return OK;
}

enum err seed_people(struct seed *s)
{
	char path[4096];
	struct people_batch b = {.s = s};

	s->people = xcalloc(n_people(s), sizeof(*s->people));
	snprintf(path, sizeof(path), "%s/tokens.txt", s->dir);
	b.tokens = fopen(path, "w");
	if (!b.tokens)
		return ERR_UNAVAILABLE;
	enum err err = in_batches(&b, insert_people);
	return fclose(b.tokens) == 0 ? err : ERR_NO_SPACE;
}

/* ---- follows ---- */

static double degree(size_t rank, double scale, double most)
{
	double d = scale * pow((double)rank + 1, -0.75);

	return d < most ? d : most;
}

/* The scale at which the degrees add up to the follows that are wanted. */
static double find_scale(const struct seed *s, double most)
{
	double low = 0, high = (double)s->follows;

	for (int i = 0; i < 60; i++) {
		double mid = (low + high) / 2, sum = 0;

		for (size_t rank = 0; rank < s->accounts; rank++)
			sum += degree(rank, mid, most);
		if (sum < (double)s->follows)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static void add_follow(struct people_batch *b, size_t target, size_t follower)
{
	size_t bit = target * n_people(b->s) + follower;

	b->follows[bit / 8] |= (unsigned char)(1u << (bit % 8));
	b->s->people[target].followers++;
	b->s->people[follower].following++;
	b->s->follows++;
}

static void choose_follows(struct people_batch *b)
{
	struct seed *s = b->s;
	double most = (double)s->accounts / MOST_FOLLOWERS, scale = find_scale(s, most);

	s->follows = 0;
	for (size_t rank = 0; rank < s->accounts; rank++) {
		size_t share = (size_t)(degree(rank, scale, most) / (double)s->accounts * 1e9);

		for (size_t i = 0; i < s->accounts; i++)
			if (i != rank && seeded_below(1000000000) < share)
				add_follow(b, s->announcers + rank, s->announcers + i);
	}
	for (size_t i = 0; i < s->accounts && s->announcers; i++)
		add_follow(b, i % s->announcers, s->announcers + i);
}

static enum err insert_follows(struct db *tx, void *arg)
{
	struct people_batch *b = arg;
	const struct person *people = b->s->people;
	size_t n = n_people(b->s);

	for (size_t i = b->from; i < b->to; i++)
		for (size_t k = 0; k < n; k++) {
			size_t target = b->followers_side ? i : k, follower = b->followers_side ? k : i;

			if (!follow_bit(b, target, follower))
				continue;
			TRY(db_exec(tx, b->followers_side ? &seed_follower : &seed_followed,
				    BINDS(B_INT(people[i].id.v), B_INT(people[k].id.v),
					  B_INT(follow_id(b->s, target, follower))),
				    NULL));
		}
	return OK;
}

enum err seed_follows(struct seed *s)
{
	struct people_batch b = {.s = s, .followers_side = true};

	b.follows = xcalloc(n_people(s) * n_people(s) / 8 + 1, 1);
	choose_follows(&b);
	enum err err = in_batches(&b, insert_follows);
	b.followers_side = false;
	if (err == OK)
		err = in_batches(&b, insert_follows);
	free(b.follows);
	return err;
}

static enum err insert_counts(struct db *tx, void *arg)
{
	const struct people_batch *b = arg;

	for (size_t i = b->from; i < b->to; i++) {
		const struct person *p = &b->s->people[i];

		TRY(db_exec(tx, &seed_count,
			    BINDS(B_INT(p->id.v), B_INT(p->posts), B_INT(p->followers), B_INT(p->following),
				  B_INT_OR_NULL(p->last_post_at)),
			    NULL));
	}
	return OK;
}

enum err seed_counts(struct seed *s)
{
	struct people_batch b = {.s = s};

	return in_batches(&b, insert_counts);
}
