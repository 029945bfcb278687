/*
 * post_text.h - what the plain text of a post written here means: its HTML, whom it mentions, its hashtags, and the
 * tokens search finds it by. Reads accounts; writes nothing.
 */
#ifndef CORE_POST_TEXT_H
#define CORE_POST_TEXT_H

#include "core/core.h"

struct post_tag {
	struct view name, display; /* folded, and as written */
};

struct post_text {
	struct view html;
	/* In the order of the text, each once, at most LIMIT_POST_MENTIONS; nobody the author blocks. */
	const struct account_id *mentions;
	size_t n_mentions;
	const struct post_tag *tags; /* each once, at most LIMIT_POST_TAGS */
	size_t n_tags;
};

/* Bytes of a text and its warning together: a character, which is a grapheme cluster, may be as long as it likes. */
size_t post_text_bytes_max(const struct core *c);

/*
 * text: valid UTF-8, at most post_text_bytes_max(). What it answers lives in a. ERR_TOO_LARGE: its HTML would be
 * several times as long.
 */
enum err post_text_make(struct core *c, struct db *db, struct arena *a, struct account_id author, struct view text,
			struct post_text *ret);

/* The same for a text from elsewhere: whom it mentions are not people of this server, whatever their names. */
enum err post_text_make_plain(struct core *c, struct arena *a, struct view text, struct post_text *ret);

/* Tokens for search_index_put of the pieces that are not empty. */
enum err post_text_tokens(struct arena *a, const struct view *pieces, size_t n, struct view *ret);

/* White space only, in any script: nothing to post. */
bool post_text_blank(struct view text);

#endif
