/*
 * timelines_test.c - home timelines against a short oracle, over a random network: whatever people do, the page from
 * rings, the page rebuilt from the database, and the page with every author merged in on read hold the same posts.
 *
 * Boosts are compared apart, by the one rule of their own: which of several boosts of a post is shown depends on when
 * each arrived, and a ring remembers that longer than the database does.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/graph.h"
#include "core/lists.h"
#include "core/posts.h"
#include "core/tag_follows.h"
#include "core/timelines.h"
#include "core/visibility.h"

#define PEOPLE 7
#define STEPS 500
#define POSTS_MAX 600

static const char *const names[PEOPLE] = {"ani", "budi", "citra", "dewi", "eko", "fajar", "gita"};

SQL(test_tagged, "SELECT count(*) FROM tag_posts WHERE name = 'burung' AND post_id = $1");
SQL(test_is_member, "SELECT count(*) FROM list_accounts WHERE list_id = $1 AND account_id = $2");

struct world {
	struct fixture *f;
	struct core *merging; /* the same network, where every author counts as having very many followers */
	struct account_id people[PEOPLE];
	int64_t exclusive;	     /* list of people[0] */
	bool german[PEOPLE][PEOPLE]; /* [who][whom]: follows for posts in German only */
	bool tag[PEOPLE];	     /* follows the hashtag */
	struct post_id posts[POSTS_MAX];
	size_t n_posts;
	uint64_t random;
};

static size_t pick(struct world *w, size_t n)
{
	w->random = w->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (size_t)(w->random >> 33) % n;
}

static void relay(void *arg, const struct event *ev)
{
	struct world *w = arg;

	events_announce(w->merging->events, ev);
}

static int setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	struct problem problem = {0};
	struct list list = {.title = V("apart"), .exclusive = true};

	w->f = fixture_open();
	struct core_config config = w->f->core->config;
	config.merge_followers = 0;
	assert_int_equal(core_open(&config, w->f->store, &w->merging, &problem), OK);
	cards_set_renderers(w->merging, (struct card_renderers){.post = fixture_render});
	events_subscribe(w->f->core->events, relay, w);
	for (size_t i = 0; i < PEOPLE; i++)
		w->people[i] = fixture_account(w->f, names[i]);
	assert_int_equal(list_create(w->f->core, w->people[0], &list, &problem), OK);
	w->exclusive = list.id;
	w->random = 20261124;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	core_close(w->merging);
	fixture_close(w->f);
	free(w);
	return 0;
}

static bool follows(struct world *w, size_t who, size_t whom)
{
	struct viewer *v;

	assert_int_equal(viewer_get(w->f->core, w->f->db, w->people[who], &v), OK);
	bool yes = idset_has(&v->following, (uint64_t)w->people[whom].v);
	viewer_put(v);
	return yes;
}

static void write_post(struct world *w, size_t who)
{
	static const enum visibility kinds[] = {VISIBILITY_PUBLIC, VISIBILITY_PUBLIC, VISIBILITY_UNLISTED,
						VISIBILITY_PRIVATE, VISIBILITY_DIRECT};
	struct problem problem = {0};
	struct new_post np = {.author = w->people[who],
			      .has_visibility = true,
			      .visibility = kinds[pick(w, 5)],
			      .language = pick(w, 2) ? V("de") : V("id"),
			      .text = V("kicau")};
	struct viewer *v;

	if (pick(w, 3) == 0)
		np.text = arena_printf(&w->f->arena, "@%s kicau", names[pick(w, PEOPLE)]);
	if (pick(w, 3) == 0)
		np.text = arena_printf(&w->f->arena, "%.*s #burung #Burung #murai", VIEW_ARG(np.text));
	assert_int_equal(viewer_get(w->f->core, w->f->db, np.author, &v), OK);
	if (w->n_posts && pick(w, 3) == 0) {
		struct post_meta m;
		struct post_id parent = w->posts[w->n_posts - 1 - pick(w, w->n_posts < 8 ? w->n_posts : 8)];

		if (post_load_meta(w->f->core, w->f->db, &w->f->arena, parent, &m) == OK && visible_to(v, &m))
			np.reply_to = parent;
	}
	viewer_put(v);
	assert_true(w->n_posts < POSTS_MAX);
	assert_int_equal(post_create(w->f->core, w->f->db, &w->f->arena, &np, &w->posts[w->n_posts], &problem), OK);
	w->n_posts++;
}

static void change_follow(struct world *w, size_t who, size_t whom)
{
	struct problem problem = {0};
	struct follow_options o = {.has_languages = true};

	if (follows(w, who, whom) && pick(w, 2)) {
		assert_int_equal(graph_unfollow(w->f->core, w->people[who], w->people[whom]), OK);
		return;
	}
	w->german[who][whom] = pick(w, 4) == 0;
	o.languages = w->german[who][whom] ? V("de") : V("");
	if (graph_follow(w->f->core, w->people[who], w->people[whom], &o, &problem) != OK)
		w->german[who][whom] = false; /* blocked */
}

/* Unfollowing and blocking take members off the list, too: the table is asked. */
static bool apart(struct world *w, struct account_id id)
{
	int64_t n = 0;

	assert_int_equal(db_int(w->f->db, &test_is_member, BINDS(B_INT(w->exclusive), B_INT(id.v)), &n), OK);
	return n > 0;
}

static void change_list(struct world *w, size_t whom)
{
	struct problem problem = {0};
	struct account_id id = w->people[whom];

	if (apart(w, id))
		assert_int_equal(list_remove(w->f->core, w->people[0], w->exclusive, &id, 1), OK);
	else /* refused when not followed */
		(void)!list_add(w->f->core, w->people[0], w->exclusive, &id, 1, &problem);
}

static void change_tag(struct world *w, size_t who)
{
	struct problem problem = {0};

	w->tag[who] = !w->tag[who];
	for (size_t i = 0; i < 2; i++) { /* a post with both comes once */
		struct view name = i ? V("murai") : V("burung");

		if (w->tag[who])
			assert_int_equal(tag_follow(w->f->core, w->people[who], name, &problem), OK);
		else
			assert_int_equal(tag_unfollow(w->f->core, w->people[who], name), OK);
	}
}

static void step(struct world *w)
{
	size_t who = pick(w, PEOPLE), whom = (who + 1 + pick(w, PEOPLE - 1)) % PEOPLE;
	struct account_id a = w->people[who], b = w->people[whom];

	switch (pick(w, 16)) {
	case 0:
	case 1:
	case 2:
		change_follow(w, who, whom);
		break;
	case 3:
		assert_int_equal(pick(w, 3) ? graph_unblock(w->f->core, a, b) : graph_block(w->f->core, a, b), OK);
		break;
	case 4:
		assert_int_equal(pick(w, 2) ? graph_unmute(w->f->core, a, b) : graph_mute(w->f->core, a, b, true, 0),
				 OK);
		break;
	case 5:
		if (w->n_posts)
			(void)!post_delete(w->f->core, w->f->db, &w->f->arena, a, w->posts[pick(w, w->n_posts)]);
		break;
	case 6:
		if (whom)
			change_list(w, whom);
		break;
	case 7:
		if (pick(w, 2))
			change_tag(w, who);
		break;
	default:
		write_post(w, who);
	}
}

static bool hides_any(const struct viewer *v, const struct post_meta *m)
{
	bool hidden = m->reply_to_account.v && viewer_hides(v, m->reply_to_account);

	for (size_t i = 0; i < m->n_mentions; i++)
		hidden |= viewer_hides(v, m->mentions[i]);
	return hidden;
}

static size_t person(const struct world *w, struct account_id id)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (account_eq(w->people[i], id))
			return i;
	return PEOPLE;
}

/* Only public posts are in that table. */
static bool is_tagged(struct world *w, struct post_id id)
{
	int64_t n = 0;

	assert_int_equal(db_int(w->f->db, &test_tagged, BINDS(B_INT(id.v)), &n), OK);
	return n > 0;
}

/* The oracle: should this post be in this home? */
static bool belongs(struct world *w, size_t who, const struct viewer *v, const struct post_meta *m)
{
	size_t author = person(w, m->author);

	if (!listed_for(v, m))
		return false;
	if (author == who)
		return true;
	if (hides_any(v, m))
		return false;
	bool follows_author = idset_has(&v->following, (uint64_t)m->author.v);
	bool spoken = !follows_author || !w->german[who][author] || !strcmp(m->language, "de");

	if (who == 0 && apart(w, m->author))
		return false;
	if (w->tag[who] && is_tagged(w, m->id) && spoken)
		return true;
	if (!follows_author || !spoken)
		return false;
	return !m->reply_to.v || account_eq(m->reply_to_account, m->author) ||
	       account_eq(m->reply_to_account, v->account) || idset_has(&v->following, (uint64_t)m->reply_to_account.v);
}

static size_t expected(struct world *w, size_t who, const struct viewer *v, struct post_id *ret)
{
	size_t n = 0;

	for (size_t i = w->n_posts; i-- > 0;) {
		struct post_meta m;

		if (post_load_meta(w->f->core, w->f->db, &w->f->arena, w->posts[i], &m) == OK && belongs(w, who, v, &m))
			ret[n++] = w->posts[i];
	}
	return n;
}

/* Walks the whole home in pages of seven; upwards from its end when `up`. */
static size_t walk(struct core *c, struct world *w, struct viewer *v, bool up, struct post_id *ret)
{
	struct page page = {.limit = 7, .min_id = up ? 1 : 0};
	size_t n = 0;

	for (;;) {
		struct post_id part[7];
		size_t got = 0;

		assert_int_equal(timeline_home(c, w->f->db, &w->f->arena, v, &page, part, &got), OK);
		if (!got)
			break;
		memmove(ret + (up ? got : n), ret + (up ? 0 : n), up ? n * sizeof(*ret) : 0);
		memcpy(ret + (up ? 0 : n), part, got * sizeof(*ret));
		n += got;
		*(up ? &page.min_id : &page.max_id) = up ? part[0].v : part[got - 1].v;
	}
	return n;
}

static void assert_same(const struct post_id *a, size_t n_a, const struct post_id *b, size_t n_b)
{
	assert_int_equal(n_a, n_b);
	for (size_t i = 0; i < n_a; i++)
		assert_int_equal(a[i].v, b[i].v);
}

static void compare(struct world *w, size_t who)
{
	struct post_id want[POSTS_MAX], got[POSTS_MAX];
	struct core *cores[] = {w->f->core, w->merging};
	struct viewer *v;

	assert_int_equal(viewer_get(w->f->core, w->f->db, w->people[who], &v), OK);
	size_t n = expected(w, who, v, want);
	for (size_t i = 0; i < ARRAY_LEN(cores); i++) {
		assert_same(want, n, got, walk(cores[i], w, v, false, got));
		assert_same(want, n, got, walk(cores[i], w, v, true, got));
	}
	viewer_put(v);
}

static void test_homes_agree_with_the_oracle(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < STEPS; i++) {
		step(w);
		if (i % 10 == 9)
			compare(w, pick(w, PEOPLE));
		if (i % 100 == 99) /* everybody away: all is rebuilt from the database */
			timelines_sweep(w->f->core, INT64_MAX / 2);
		arena_reset(&w->f->arena);
	}
	for (size_t who = 0; who < PEOPLE; who++)
		compare(w, who);
}

/* A boost reaches those who show boosts, once. */
static void test_boosts(void **state)
{
	struct world *w = *state;
	struct account_id booster = fixture_account(w->f, "hana"), second = fixture_account(w->f, "indra");
	struct account_id likes = fixture_account(w->f, "joko"), dislikes = fixture_account(w->f, "kiki");
	struct account_id author = fixture_account(w->f, "lina");
	struct follow_options with = {.has_boosts = true, .boosts = true}, without = {.has_boosts = true};
	struct new_post np = {.author = author, .text = V("kicau")};
	struct problem problem = {0};
	struct post_id post, boost, page[10];
	struct viewer *v;
	size_t n = 0;

	assert_int_equal(graph_follow(w->f->core, likes, booster, &with, &problem), OK);
	assert_int_equal(graph_follow(w->f->core, likes, second, &with, &problem), OK);
	assert_int_equal(graph_follow(w->f->core, dislikes, booster, &without, &problem), OK);
	assert_int_equal(post_create(w->f->core, w->f->db, &w->f->arena, &np, &post, &problem), OK);
	struct account_id boosters[] = {booster, second};
	for (size_t i = 0; i < ARRAY_LEN(boosters); i++) {
		assert_int_equal(viewer_get(w->f->core, w->f->db, boosters[i], &v), OK);
		assert_int_equal(post_boost(w->f->core, w->f->db, &w->f->arena, v, post, false, VISIBILITY_PUBLIC,
					    &boost, &problem),
				 OK);
		viewer_put(v);
	}
	struct account_id readers[] = {likes, dislikes};
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		struct page first = {.limit = 10};

		assert_int_equal(viewer_get(w->f->core, w->f->db, readers[i], &v), OK);
		assert_int_equal(timeline_home(w->f->core, w->f->db, &w->f->arena, v, &first, page, &n), OK);
		assert_int_equal(n, i == 0); /* two boosts of one post are shown as one; to one who wants none, none */
		viewer_put(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_homes_agree_with_the_oracle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_boosts, setup, teardown),
	};

	return cmocka_run_group_tests_name("timelines", tests, NULL, NULL);
}
