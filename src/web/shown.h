/*
 * shown.h - posts as one viewer is shown them: loaded, judged by visibility.h, each with who wrote it.
 */
#ifndef WEB_SHOWN_H
#define WEB_SHOWN_H

#include "core/accounts.h"
#include "core/post.h"
#include "core/visibility.h"
#include "gate/call.h"

/* What a post quotes. */
struct shown_quote {
	struct post post;
	const struct account *author;
};

struct shown_post {
	struct post_id id;			/* of the boost, where it is one */
	struct post post;			/* the post itself, also of a boost */
	const struct account *author, *booster; /* booster NULL: not a boost */
	bool quotes;				/* something; quoted NULL: it is not shown */
	const struct shown_quote *quoted;
	const struct account *answered; /* whom it answers, when that is somebody else and still here; NULL */
	/* Of who is logged in: */
	uint8_t flags;	      /* enum post_flags */
	bool own, voted;      /* voted: or may see how a poll stands because it is theirs */
	uint32_t votes;	      /* bits of the options they chose */
	struct view filtered; /* title of a filter of theirs that says to warn of it; empty: none does */
	struct view blurred;  /* of one that says to cover its media */
};

/*
 * In the order given. Left out: what is gone, what does not fit the viewer, by one of the rules of visibility.h, and what
 * their filters hide in the context (enum filter_context; 0: filters do not count here). ret has room for n. Authors are
 * loaded once each.
 */
typedef bool shown_fits(const struct viewer *v, const struct post_meta *m);
enum err shown_load(struct call *c, const struct post_id *ids, size_t n, shown_fits *fits, unsigned context,
		    struct shown_post *ret, size_t *ret_n);
/* The rule for lists of this context. */
shown_fits *shown_rule(unsigned context);

#endif
