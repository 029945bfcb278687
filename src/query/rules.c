/*
 * rules.c - see rules.h. A rule is filed under one literal for each leaf of its cover (ast.h): of a phrase its longest
 * word. What no literal can stand for is compared with every post.
 */
#include "base/base.h"
#include "query/rules.h"

#include "base/map.h"
#include "base/vec.h"
#include "query/ast.h"
#include "query/operators.h"

struct rule {
	int64_t id;
	struct query *query;
	uint64_t seen; /* number of the post it was last compared with */
};

struct drawer {
	struct VEC(struct rule *) rules;
};

struct rules {
	struct map by_id;
	struct strmap drawers; /* of literals, as literal() writes them */
	uint64_t posts;
};

struct rules *rules_new(void)
{
	struct rules *r = xcalloc(1, sizeof(*r));

	map_init(&r->by_id);
	strmap_init(&r->drawers);
	return r;
}

static void rule_free(struct rule *rule)
{
	free(rule->query);
	free(rule);
}

void rules_free(struct rules *r)
{
	size_t at = 0;
	uint64_t id;
	struct view key;
	void *p;

	if (!r)
		return;
	while (map_next(&r->by_id, &at, &id, &p))
		rule_free(p);
	for (at = 0; strmap_next(&r->drawers, &at, &key, &p);) {
		VEC_FREE(&((struct drawer *)p)->rules);
		free(p);
	}
	map_release(&r->by_id);
	strmap_release(&r->drawers);
	free(r);
}

/* ---- literals ---- */

#define LITERAL_BYTES 512

struct literal {
	char text[LITERAL_BYTES];
	size_t len;
};

/* kind: one letter, so that a word and a tag are different. What is longer is cut on both sides alike. */
static struct view literal(struct literal *l, char kind, struct view text)
{
	size_t n = text.len < LITERAL_BYTES - 1 ? text.len : LITERAL_BYTES - 1;

	l->text[0] = kind;
	memcpy(l->text + 1, text.p, n);
	l->len = n + 1;
	return view_make(l->text, l->len);
}

static struct view literal_id(struct literal *l, char kind, int64_t id)
{
	l->text[0] = kind;
	memcpy(l->text + 1, &id, sizeof(id));
	l->len = 1 + sizeof(id);
	return view_make(l->text, l->len);
}

enum { BY_ID, BY_TEXT, BY_BOTH, BY_WORD };

/* Which values of a post are literals of which kind. */
static const struct {
	const struct operator* op;
	char kind;
	int by;
} kinds[] = {
	{&op_words, 'w', BY_WORD},   {&op_url, 'w', BY_WORD},
	{&op_cashtag, '$', BY_TEXT}, {&op_tag, '#', BY_TEXT},
	{&op_mention, '@', BY_TEXT}, {&op_from, 'f', BY_BOTH},
	{&op_to, 't', BY_BOTH},	     {&op_boosts_of_author, 'b', BY_BOTH},
	{&op_thread, 'c', BY_ID},    {&op_replies_of, 'r', BY_ID},
	{&op_boosts_of, 'p', BY_ID}, {&op_quotes_of, 'q', BY_ID},
};

static struct view longest_word(struct view phrase)
{
	struct view rest = phrase, word, longest = V("");

	while (view_split(&rest, ' ', &word))
		if (word.len > longest.len)
			longest = word;
	return longest;
}

/* ---- filing ---- */

struct filing {
	struct rules *rules;
	struct rule *rule;
	bool take_out;
};

static void put_in(struct rules *r, struct view key, struct rule *rule)
{
	struct drawer *d = strmap_get(&r->drawers, key);

	if (!d) {
		d = xcalloc(1, sizeof(*d));
		strmap_put(&r->drawers, key, d);
	}
	VEC_PUSH(&d->rules, rule);
}

static void take_out(struct rules *r, struct view key, const struct rule *rule)
{
	struct drawer *d = strmap_get(&r->drawers, key);

	for (size_t i = 0; d && i < d->rules.n;) {
		if (d->rules.v[i] == rule)
			d->rules.v[i] = d->rules.v[--d->rules.n];
		else
			i++;
	}
	if (!d || d->rules.n)
		return;
	strmap_del(&r->drawers, key);
	VEC_FREE(&d->rules);
	free(d);
}

static void file(const struct filing *f, struct view key)
{
	if (f->take_out)
		take_out(f->rules, key, f->rule);
	else
		put_in(f->rules, key, f->rule);
}

static void file_leaf(void *arg, const struct node *n, const struct node *and_node)
{
	const struct leaf *leaf = &n->leaf;
	struct literal l;

	(void)and_node;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].op != leaf->op)
			continue;
		if (kinds[i].by == BY_WORD)
			file(arg, literal(&l, kinds[i].kind, longest_word(leaf->text)));
		if (kinds[i].by == BY_TEXT || kinds[i].by == BY_BOTH)
			file(arg, literal(&l, kinds[i].kind, leaf->text));
		if (kinds[i].by == BY_ID || (kinds[i].by == BY_BOTH && leaf->num))
			file(arg, literal_id(&l, (char)(kinds[i].kind - 'a' + 'A'), leaf->num));
		return;
	}
	file(arg, V("*"));
}

enum err rules_add(struct rules *r, int64_t id, const struct query *q)
{
	struct rule *rule;

	if (map_get(&r->by_id, (uint64_t)id))
		return ERR_CONFLICT;
	rule = xcalloc(1, sizeof(*rule));
	*rule = (struct rule){.id = id, .query = query_copy(q)};
	map_put(&r->by_id, (uint64_t)id, rule);
	query_cover(rule->query, file_leaf, &(struct filing){r, rule, false});
	return OK;
}

bool rules_remove(struct rules *r, int64_t id)
{
	struct rule *rule = map_del(&r->by_id, (uint64_t)id);

	if (!rule)
		return false;
	query_cover(rule->query, file_leaf, &(struct filing){r, rule, true});
	rule_free(rule);
	return true;
}

size_t rules_count(const struct rules *r)
{
	return r->by_id.count;
}

/* ---- matching ---- */

struct matching {
	struct rules *rules;
	const struct query_post *post;
	int64_t *ret;
	size_t n, cap;
};

static void look_in(struct matching *m, struct view key)
{
	struct drawer *d = strmap_get(&m->rules->drawers, key);

	for (size_t i = 0; d && i < d->rules.n; i++) {
		struct rule *rule = d->rules.v[i];

		if (rule->seen == m->rules->posts || m->n == m->cap)
			continue;
		rule->seen = m->rules->posts;
		if (query_match(rule->query, m->post))
			m->ret[m->n++] = rule->id;
	}
}

static void look_for(struct matching *m, char kind, struct view text)
{
	struct literal l;

	if (text.len)
		look_in(m, literal(&l, kind, text));
}

static void look_for_all(struct matching *m, char kind, struct views list)
{
	for (size_t i = 0; i < list.n; i++)
		look_for(m, kind, list.v[i]);
}

static void look_for_words(struct matching *m, struct view words)
{
	struct view rest = words, word;

	while (view_split(&rest, ' ', &word))
		look_for(m, 'w', word);
}

/* As literal_id() of file_leaf(): capitals are ids. */
static void look_for_ids(struct matching *m)
{
	const struct query_post *p = m->post;
	const struct {
		char kind;
		int64_t id;
	} ids[] = {{'F', p->author},   {'T', p->reply_author}, {'B', p->boost_author}, {'C', p->thread},
		   {'R', p->reply_to}, {'P', p->boost_of},     {'Q', p->quote_of}};
	struct literal l;

	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (ids[i].id)
			look_in(m, literal_id(&l, ids[i].kind, ids[i].id));
}

size_t rules_match(struct rules *r, const struct query_post *post, int64_t *ret, size_t cap)
{
	struct matching m = {r, post, ret, 0, cap};

	r->posts++;
	look_for_words(&m, post->words);
	look_for_all(&m, '#', post->tags);
	look_for_all(&m, '@', post->names);
	look_for_all(&m, '$', post->cashtags);
	look_for(&m, 'f', post->author_name);
	look_for(&m, 't', post->reply_name);
	look_for(&m, 'b', post->boost_name);
	look_for_ids(&m);
	look_in(&m, V("*"));
	return m.n;
}
