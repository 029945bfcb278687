/*
 * post_draft.c - see post_draft.h. The words of refusal are those Mastodon's clients know.
 */
#include "base/base.h"

#include "core/post_draft.h"

#include "core/post_load.h"
#include "core/tag_rules.h"
#include "text/compose.h"

SQL(draft_media, "SELECT id, state, kind, description FROM media WHERE id IN IDS($1) AND account_id = $2"
		 " AND (post_id IS NULL OR post_id = $3) AND NOT EXISTS (SELECT 1 FROM scheduled_media s"
		 " WHERE s.media_id = media.id AND s.scheduled_id <> $4)");

static enum err check_text(struct core *c, const struct draft_input *in, struct post_draft *d, struct problem *problem)
{
	d->text = view_trim(in->text);
	d->spoiler = view_trim(in->spoiler);
	d->imported = in->imported;
	d->sensitive = in->sensitive || d->spoiler.len;
	if (post_text_blank(d->text)) { /* a warning without a text is the text */
		d->text = d->spoiler;
		d->spoiler = V("");
	}
	if (post_text_blank(d->text) && !in->n_media)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Text can't be blank");
	bool long_bytes = d->text.len + d->spoiler.len > post_text_bytes_max(c);
	if (long_bytes || (!in->imported && compose_length(d->text, d->spoiler) > (size_t)c->config.post_chars))
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Text character limit of %" PRIi64 " exceeded", c->config.post_chars);
	return OK;
}

static void choose_language(const struct draft_input *in, struct post_draft *d)
{
	for (size_t i = 0; i < ARRAY_LEN(in->languages); i++)
		if (in->languages[i].len && lang_normalise(in->languages[i], d->language))
			return;
	memcpy(d->language, "en", sizeof("en"));
}

static enum err check_options(const struct new_poll *poll, struct problem *problem)
{
	if (poll->n_options < 2)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Choices must have more than one item");
	if (poll->n_options > LIMIT_POLL_OPTIONS)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Choices can't contain more than %d items",
			    LIMIT_POLL_OPTIONS);
	for (size_t i = 0; i < poll->n_options; i++) {
		if (poll->options[i].len > LIMIT_POLL_OPTION_CHARS * LIMIT_CHAR_BYTES ||
		    compose_chars(poll->options[i]) > LIMIT_POLL_OPTION_CHARS)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: Choices cannot be longer than %d characters each",
				    LIMIT_POLL_OPTION_CHARS);
		for (size_t j = 0; j < i; j++)
			if (view_eq(poll->options[i], poll->options[j]))
				return fail(problem, ERR_UNPROCESSABLE,
					    "Validation failed: Choices contain duplicate items");
	}
	return OK;
}

static enum err check_poll(struct core *c, struct arena *a, const struct new_poll *in, struct post_draft *d,
			   struct problem *problem)
{
	int64_t shortest = c->config.poll_min_seconds ? c->config.poll_min_seconds : LIMIT_POLL_MIN_SECONDS;

	if (!in)
		return OK;
	struct view *options = ARENA_ARRAY(a, in->n_options + 1, struct view);
	d->has_poll = true;
	d->poll = *in;
	d->poll.n_options = 0;
	for (size_t i = 0; i < in->n_options; i++) {
		struct view option = view_trim(in->options[i]);

		if (!post_text_blank(option))
			options[d->poll.n_options++] = option;
	}
	d->poll.options = options;
	TRY(check_options(&d->poll, problem));
	if (in->expires_in > LIMIT_POLL_MAX_SECONDS)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Deadline is too far into the future");
	if (in->expires_in < shortest)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Deadline is too soon");
	return OK;
}

/* What the database says about the ids asked for. */
struct found_media {
	size_t n, ready, moving; /* moving: video or audio */
	struct draft_media v[LIMIT_POST_MEDIA];
};

static enum err find_media(struct db *db, struct arena *a, const struct draft_input *in, struct found_media *found)
{
	struct rows r;

	db_query(db, &r, &draft_media,
		 BINDS(bind_ids(a, in->media, in->n_media), B_INT(in->author.v), B_INT(in->post.v),
		       B_INT(in->scheduled)));
	while (rows_next(&r) && found->n < LIMIT_POST_MEDIA) {
		found->v[found->n++] = (struct draft_media){row_int(&r, 0), row_copy(&r, 3, a), !row_is_null(&r, 3)};
		found->ready += row_int(&r, 1) == MEDIA_READY;
		found->moving += view_is(row_text(&r, 2), "video") || view_is(row_text(&r, 2), "audio");
	}
	return rows_end(&r);
}

/* In the order asked for, each once. */
static enum err place_media(const struct draft_input *in, const struct found_media *found, struct post_draft *d,
			    struct problem *problem)
{
	for (size_t i = 0; i < in->n_media; i++) {
		size_t f = 0, placed = 0;

		while (f < found->n && found->v[f].id != in->media[i])
			f++;
		if (f == found->n)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Media %" PRIi64 " not found or already attached to another post", in->media[i]);
		while (placed < d->n_media && d->media[placed].id != in->media[i])
			placed++;
		if (placed == d->n_media)
			d->media[d->n_media++] = found->v[f];
	}
	return OK;
}

static enum err check_media(struct db *db, struct arena *a, const struct draft_input *in, struct post_draft *d,
			    struct problem *problem)
{
	struct found_media found = {0};

	if (!in->n_media)
		return OK;
	if (in->n_media > LIMIT_POST_MEDIA || in->poll)
		return fail(problem, ERR_UNPROCESSABLE, "Cannot attach more than %d files", LIMIT_POST_MEDIA);
	TRY(find_media(db, a, in, &found));
	TRY(place_media(in, &found, d, problem));
	if (found.n > 1 && found.moving)
		return fail(problem, ERR_UNPROCESSABLE, "Cannot attach a video to a post that already contains images");
	if (found.ready < found.n)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Cannot attach files that have not finished processing. Try again in a moment!");
	return OK;
}

enum err post_draft_check(struct core *c, struct db *db, struct arena *a, const struct draft_input *in,
			  struct post_draft *ret, struct problem *problem)
{
	struct post_draft d = {0};

	TRY(check_media(db, a, in, &d, problem));
	TRY(check_text(c, in, &d, problem));
	TRY(check_poll(c, a, in->poll, &d, problem));
	choose_language(in, &d);
	*ret = d;
	return OK;
}

enum err post_draft_compose(struct core *c, struct db *db, struct arena *a, struct account_id author,
			    struct post_draft *d, struct problem *problem)
{
	struct view pieces[2 + LIMIT_POLL_OPTIONS + LIMIT_POST_MEDIA];
	size_t n = 0;

	if (d->imported)
		TRY(post_text_make_plain(c, a, d->text, &d->made));
	else
		TRY(post_text_make(c, db, a, author, d->text, &d->made));
	for (size_t i = 0; i < d->made.n_tags && !d->imported; i++)
		TRY(tag_rules_check(c, db, d->made.tags[i].name, problem));
	pieces[n++] = d->text;
	pieces[n++] = d->spoiler;
	for (size_t i = 0; d->has_poll && i < d->poll.n_options; i++)
		pieces[n++] = d->poll.options[i];
	for (size_t i = 0; i < d->n_media; i++)
		pieces[n++] = d->media[i].description;
	return post_text_tokens(a, pieces, n, &d->tokens);
}
