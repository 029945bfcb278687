/*
 * compose.h - the form in which posts are written: all that was typed is in a struct draft, so that it can be drawn again
 * as it was, whatever went wrong, and be carried through the login form when the session has ended meanwhile.
 */
#ifndef WEB_COMPOSE_H
#define WEB_COMPOSE_H

#include "base/limits.h"
#include "base/secret.h"
#include "core/post.h"
#include "web/page.h"

#define WRITE_PATH "/write"

struct draft_file {
	int64_t id;
	struct view words; /* what it shows, as typed */
};

struct draft {
	struct post_id reply, quote, edit; /* 0: none */
	struct view text, warning, language;
	enum visibility visibility;
	bool has_quotes; /* else the author's default, or as it was */
	enum quote_policy quotes;
	bool sensitive;
	size_t n_options;
	struct view options[LIMIT_POLL_OPTIONS]; /* of a poll; empty ones too */
	int64_t poll_for;			 /* seconds; 0: not chosen */
	bool multiple;
	size_t n_files;
	struct draft_file files[LIMIT_POST_MEDIA];
	struct view at;	  /* "2026-05-06T07:08", UTC; empty: now */
	struct view key;  /* the same each time it is sent: it is posted once */
	struct view back; /* path to go to afterwards; empty: what fits */
};

/* As the fields say, of a row with DRAFT_PARAMS. */
void draft_read(struct call *c, struct draft *ret);
bool draft_has_poll(const struct draft *d);
/* All that the form sends, by the names of DRAFT_PARAMS. */
typedef void draft_field_fn(void *to, const char *name, struct view value);
void draft_fields(struct call *c, const struct draft *d, draft_field_fn *add, void *to);
/* "/write?text=…": the form with all of it. ERR_TOO_LARGE: more than goes into a request's line. */
enum err draft_path(struct call *c, const struct draft *d, struct view *ret);
/* The key, and what it stands for: one that was changed since is another post. Empty without a key. */
struct view draft_key(struct call *c, const struct draft *d);

/* refusal: above it, marked words or a translated sentence; may be empty (else the answer is 422). */
enum err compose_draw(struct call *c, const struct draft *d, struct view refusal);
/*
 * For who is not logged in any more, and wrote more than goes through the form to log in: all of it, to be sent once more
 * when they have logged in elsewhere (compose_held.c).
 */
enum err compose_draw_held(struct call *c, const struct draft *d);
/* Text, who may see it and the button, for the top of a timeline. */
enum err compose_draw_short(struct call *c, struct html *h, struct view text, struct view back);

/* Attached files with their descriptions, and the field for one more (compose_files.c). */
enum err compose_files_draw(struct call *c, struct html *h, const struct draft *d);

extern const char *const visibility_names[]; /* in the order of enum visibility; NULL-ended */
/* The same of enum quote_policy, and what they are called. */
extern const char *const quote_policy_names[];
extern const struct view quote_policy_words[];

#define DRAFT_PARAMS                                                                                                   \
	{.name = "text", .max = LIMIT_POST_TEXT_BYTES, .doc = "The text."},                                            \
		{.name = "warning", .max = LIMIT_POST_TEXT_BYTES, .doc = "A warning shown before it."},                \
		{.name = "visibility", .type = PARAM_CHOICE, .choices = visibility_names, .doc = "Who may see it."},   \
		{.name = "quotes", .type = PARAM_CHOICE, .choices = quote_policy_names, .doc = "Who may quote it."},   \
		{.name = "language", .max = 35, .doc = "Its language."},                                               \
		{.name = "sensitive", .type = PARAM_BOOL, .doc = "Media are covered."},                                \
		{.name = "reply", .type = PARAM_POST, .doc = "The post it answers."},                                  \
		{.name = "quote", .type = PARAM_POST, .doc = "The post it quotes."},                                   \
		{.name = "edit", .type = PARAM_POST, .doc = "The post of one's own that it changes."},                 \
		{.name = "option[]",                                                                                   \
		 .type = PARAM_STRINGS,                                                                                \
		 .max = LIMIT_POST_TEXT_BYTES,                                                                         \
		 .doc = "Answers of a poll."},                                                                         \
		{.name = "poll_for", .type = PARAM_INT, .doc = "Seconds the poll is open."},                           \
		{.name = "multiple", .type = PARAM_BOOL, .doc = "Several answers may be chosen."},                     \
		{.name = "media[]", .type = PARAM_IDS, .doc = "Files that are attached already."},                     \
		{.name = "alt[]",                                                                                      \
		 .type = PARAM_STRINGS,                                                                                \
		 .max = LIMIT_MEDIA_ALT_BYTES,                                                                         \
		 .doc = "What each of them shows."},                                                                   \
		{.name = "at", .max = 32, .doc = "Post it then, UTC."},                                                \
		{.name = "key", .max = TOKEN_LEN, .doc = "Of this draft: it is posted once."},                         \
	{                                                                                                              \
		.name = "back", .max = 16 * LIMIT_KIB, .doc = "Where to go afterwards; a path of this server."         \
	}

#endif
