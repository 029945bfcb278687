/*
 * operators.c - see operators.h.
 */
#include "base/base.h"
#include "query/operators.h"

#include "query/values.h"

#define SAMPLE_OF 100

/* ---- what they match ---- */

static bool match_words(const struct leaf *l, const struct query_post *p)
{
	return query_has_phrase(p->words, l->text);
}

/* The text must have it as words too: that is what the index of the search knows. */
static bool match_url(const struct leaf *l, const struct query_post *p)
{
	return query_has_phrase(p->urls, l->text) && query_has_phrase(p->words, l->text);
}

static bool match_symbols(const struct leaf *l, const struct query_post *p)
{
	return p->symbols.len && memmem(p->symbols.p, p->symbols.len, l->text.p, l->text.len);
}

static bool in_views(struct views list, struct view v)
{
	for (size_t i = 0; i < list.n; i++)
		if (view_eq(list.v[i], v))
			return true;
	return false;
}

static bool match_tag(const struct leaf *l, const struct query_post *p)
{
	return in_views(p->tags, l->text);
}

static bool match_cashtag(const struct leaf *l, const struct query_post *p)
{
	return in_views(p->cashtags, l->text);
}

static bool match_mention(const struct leaf *l, const struct query_post *p)
{
	return in_views(p->names, l->text);
}

static bool is_account(const struct leaf *l, int64_t id, struct view name)
{
	return id && (view_eq(l->text, name) || id == l->num);
}

static bool match_from(const struct leaf *l, const struct query_post *p)
{
	return is_account(l, p->author, p->author_name);
}

static bool match_to(const struct leaf *l, const struct query_post *p)
{
	return is_account(l, p->reply_author, p->reply_name);
}

static bool match_boosts_of_author(const struct leaf *l, const struct query_post *p)
{
	return is_account(l, p->boost_author, p->boost_name);
}

static bool match_thread(const struct leaf *l, const struct query_post *p)
{
	return p->thread == l->num;
}

static bool match_replies_of(const struct leaf *l, const struct query_post *p)
{
	return p->reply_to == l->num;
}

static bool match_boosts_of(const struct leaf *l, const struct query_post *p)
{
	return p->boost_of == l->num;
}

static bool match_quotes_of(const struct leaf *l, const struct query_post *p)
{
	return p->quote_of == l->num;
}

static bool match_likes(const struct leaf *l, const struct query_post *p)
{
	return p->likes >= l->num;
}

static bool match_reply_count(const struct leaf *l, const struct query_post *p)
{
	return p->replies >= l->num;
}

static bool match_reposts(const struct leaf *l, const struct query_post *p)
{
	return p->boosts >= l->num;
}

static bool match_flag(const struct leaf *l, const struct query_post *p)
{
	return (p->flags & (unsigned)l->num) != 0;
}

/* lang:zh is also what is written in zh-TW. */
static bool match_language(const struct leaf *l, const struct query_post *p)
{
	if (view_is(l->text, "und"))
		return p->language.len == 0;
	return view_eq(l->text, p->language) ||
	       (view_starts(p->language, l->text) && p->language.p[l->text.len] == '-');
}

static bool match_since(const struct leaf *l, const struct query_post *p)
{
	return p->created_ms >= l->num;
}

static bool match_until(const struct leaf *l, const struct query_post *p)
{
	return p->created_ms < l->num;
}

/* The same posts for everybody, today and tomorrow: a fixed mix of the id's bits (splitmix64's), which are mostly time. */
static bool match_sample(const struct leaf *l, const struct query_post *p)
{
	uint64_t x = (uint64_t)p->id;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	x ^= x >> 31;
	return x % SAMPLE_OF < (uint64_t)l->num;
}

/* ---- is: and has: ---- */

static const struct {
	const char *op, *value;
	unsigned flag;
	const char *same_as; /* the name it is printed by; NULL: its own */
} flags[] = {
	{"is", "retweet", FLAG_BOOST, NULL},
	{"is", "reply", FLAG_REPLY, NULL},
	{"is", "quote", FLAG_QUOTE, NULL},
	{"is", "verified", FLAG_VERIFIED, NULL},
	{"is", "nullcast", FLAG_ADVERT, NULL},
	{"has", "hashtags", FLAG_TAGS, NULL},
	{"has", "cashtags", FLAG_CASHTAGS, NULL},
	{"has", "links", FLAG_LINKS, NULL},
	{"has", "mentions", FLAG_MENTIONS, NULL},
	{"has", "media", FLAG_MEDIA, NULL},
	{"has", "images", FLAG_IMAGES, NULL},
	{"has", "videos", FLAG_VIDEOS, NULL},
	{"has", "video_link", FLAG_VIDEOS, "videos"},
	{"has", "poll", FLAG_POLL, NULL},
};

static bool read_flag(struct reader *r, struct view value, struct leaf *ret, const char *op)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (strcmp(flags[i].op, op) != 0 || !view_eq_nocase(value, view_of(flags[i].value)))
			continue;
		ret->num = flags[i].flag;
		ret->text = view_of(flags[i].same_as ? flags[i].same_as : flags[i].value);
		return true;
	}
	r->wants = strcmp(op, "is") == 0 ? "retweet, reply, quote, verified or nullcast"
					 : "hashtags, cashtags, links, mentions, media, images, videos or poll";
	return false;
}

static bool value_is(struct reader *r, struct view value, struct leaf *ret)
{
	return read_flag(r, value, ret, "is");
}

static bool value_has(struct reader *r, struct view value, struct leaf *ret)
{
	return read_flag(r, value, ret, "has");
}

bool leaf_is_flag(const struct leaf *leaf, unsigned flag)
{
	return leaf->op->match == match_flag && leaf->num == (int64_t)flag;
}

/* ---- the rows ---- */

const struct operator op_words = {"", COVER_WORDS, value_words, match_words};
static const struct operator op_symbols = {"", COVER_NONE, value_symbols, match_symbols};
const struct operator op_tag = {"#", COVER_TAG, value_tag, match_tag};
const struct operator op_cashtag = {"$", COVER_WORDS, value_cashtag, match_cashtag};
const struct operator op_mention = {"@", COVER_WORDS, value_name, match_mention};
const struct operator op_from = {"from:", COVER_AUTHOR, value_name, match_from};
const struct operator op_to = {"to:", COVER_ANSWERED, value_name, match_to};
const struct operator op_boosts_of_author = {"retweets_of:", COVER_ANSWERED, value_name, match_boosts_of_author};
const struct operator op_url = {"url:", COVER_WORDS, value_url, match_url};
const struct operator op_thread = {"conversation_id:", COVER_POST, value_id, match_thread};
const struct operator op_replies_of = {"in_reply_to_tweet_id:", COVER_POST, value_id, match_replies_of};
const struct operator op_boosts_of = {"retweets_of_tweet_id:", COVER_POST, value_id, match_boosts_of};
const struct operator op_quotes_of = {"quotes_of_tweet_id:", COVER_POST, value_id, match_quotes_of};
const struct operator op_since = {"since:", COVER_NONE, value_time, match_since};
const struct operator op_until = {"until:", COVER_NONE, value_time, match_until};
static const struct operator op_is = {"is:", COVER_NONE, value_is, match_flag};
static const struct operator op_has = {"has:", COVER_NONE, value_has, match_flag};
static const struct operator op_lang = {"lang:", COVER_NONE, value_language, match_language};
static const struct operator op_likes = {"min_likes:", COVER_ALL, value_count, match_likes, .search_only = true};
static const struct operator op_replies = {"min_replies:", COVER_ALL, value_count, match_reply_count,
					   .search_only = true};
static const struct operator op_reposts = {"min_reposts:", COVER_ALL, value_count, match_reposts, .search_only = true};
static const struct operator op_sample = {"sample:",	COVER_NONE,	     value_percent,
					  match_sample, .stream_only = true, .never_negated = true};

/* By what stands before the value; some of X's have two names. */
static const struct {
	const char *name;
	const struct operator* op;
} names[] = {
	{"#", &op_tag},
	{"@", &op_mention},
	{"$", &op_cashtag},
	{"from", &op_from},
	{"to", &op_to},
	{"retweets_of", &op_boosts_of_author},
	{"retweets_of_user", &op_boosts_of_author},
	{"url", &op_url},
	{"is", &op_is},
	{"has", &op_has},
	{"lang", &op_lang},
	{"conversation_id", &op_thread},
	{"in_reply_to_tweet_id", &op_replies_of},
	{"in_reply_to_status_id", &op_replies_of},
	{"retweets_of_tweet_id", &op_boosts_of},
	{"retweets_of_status_id", &op_boosts_of},
	{"quotes_of_tweet_id", &op_quotes_of},
	{"since", &op_since},
	{"until", &op_until},
	{"min_likes", &op_likes},
	{"min_replies", &op_replies},
	{"min_reposts", &op_reposts},
	{"sample", &op_sample},
};

/* X has them, this server not: posts here have no such thing, or it is not looked through. */
static const char *const not_offered[] = {
	"context",    "entity",	     "place",	     "place_country",	 "point_radius",      "bounding_box",
	"list",	      "bio",	     "bio_name",     "bio_location",	 "from_affiliate_of", "to_affiliate_of",
	"url_title",  "url_contains", "url_description", "source",	 "embedding",	      "embedding_threshold",
	"min_followers", "followers_count", "following_count", "tweets_count", "listed_count", "geocode", "near",
};

/* ---- reading and writing ---- */

static const struct operator* find_operator(struct view name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (view_eq_nocase(name, view_of(names[i].name)))
			return names[i].op;
	return NULL;
}

static enum err unknown_operator(const struct lexeme *x, struct problem *problem)
{
	for (size_t i = 0; i < ARRAY_LEN(not_offered); i++)
		if (view_eq_nocase(x->op, view_of(not_offered[i])))
			return fail(problem, ERR_INVALID, "the operator '%s:' is not offered here (at position %zu)",
				    not_offered[i], x->at);
	return fail(problem, ERR_INVALID, "reference to invalid operator '%.*s' (at position %zu)", VIEW_ARG(x->op),
		    x->at);
}

static enum err refuse_value(const struct operator* op, const struct lexeme *x, const struct reader *r,
			     struct problem *problem)
{
	if (view_is(x->op, "has") && view_eq_nocase(x->value, V("geo")))
		return fail(problem, ERR_INVALID, "the operator 'has:geo' is not offered here (at position %zu)",
			    x->at);
	if (op->name[0] == '\0')
		return fail(problem, ERR_INVALID, "there is nothing to look for in it (at position %zu)", x->at);
	return fail(problem, ERR_INVALID, "'%s%.*s%s' wants %s (at position %zu)", op->name,
		    x->value.len > 40 ? 0 : (int)x->value.len, x->value.p, x->value.len > 40 ? "…" : "", r->wants,
		    x->at);
}

static enum err check_use(const struct operator* op, enum query_use use, const struct lexeme *x,
			  struct problem *problem)
{
	if (op->search_only && use != QUERY_SEARCH)
		return fail(problem, ERR_INVALID, "'%s' is for searches, not for rules (at position %zu)", op->name,
			    x->at);
	if (op->stream_only && use != QUERY_STREAM)
		return fail(problem, ERR_INVALID, "'%s' is for rules, not for searches (at position %zu)", op->name,
			    x->at);
	return OK;
}

enum err leaf_read(struct arena *a, enum query_use use, const struct lexeme *x, struct leaf *ret,
		   struct problem *problem)
{
	struct reader r = {.arena = a, .use = use, .wants = ""};
	struct leaf leaf = {.op = &op_words};

	if (x->op.len) {
		leaf.op = find_operator(x->op);
		if (!leaf.op)
			return unknown_operator(x, problem);
		TRY(check_use(leaf.op, use, x, problem));
	} else if (!value_words(&r, x->value, &leaf)) {
		leaf.op = &op_symbols;
	} else {
		*ret = leaf;
		return OK;
	}
	if (!leaf.op->read(&r, x->value, &leaf))
		return refuse_value(leaf.op, x, &r, problem);
	*ret = leaf;
	return OK;
}

static bool is_plain(const struct leaf *leaf)
{
	struct view v = leaf->text;

	if (leaf->op == &op_symbols)
		return false;
	if (leaf->op == &op_words && (view_is(v, "or") || view_is(v, "and")))
		return false;
	return view_find(v, 0, ' ') == v.len;
}

void leaf_print(struct buf *out, const struct leaf *leaf)
{
	bool plain = is_plain(leaf);

	buf_add_str(out, leaf->op->name);
	if (!plain)
		buf_add_c(out, '"');
	buf_add(out, leaf->text);
	if (!plain)
		buf_add_c(out, '"');
}

size_t leaf_cost(const struct leaf *leaf)
{
	size_t cost = 1;

	for (size_t i = 0; leaf->op->cover == COVER_WORDS && i < leaf->text.len; i++)
		cost += leaf->text.p[i] == ' ';
	return cost;
}
