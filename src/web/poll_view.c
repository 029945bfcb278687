/*
 * poll_view.c - a poll with its results, as far as they may be seen.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "base/clock.h"
#include "web/emoji_view.h"
#include "web/figures.h"

static const struct {
	struct view closed, left, hidden, vote_where;
	struct noun people;
} words = {
	.closed = V("closed"),
	.left = V(" left"),
	.hidden = V("results at the end"),
	.vote_where = V("vote in your app"),
	.people = {V("person voted"), V("people voted")},
};

#define BAR_WIDTH "100"

/* An option's share in whole percent of those who voted, so that a multiple choice may add up to more than 100. */
static int64_t percent(int64_t votes, int64_t all)
{
	return all > 0 ? (votes * 100 + all / 2) / all : 0;
}

static void draw_bar(struct html *h, int64_t share)
{
	html_tag(h, "svg", A("class", V("share")), A("viewBox", V("0 0 " BAR_WIDTH " 1")),
		 A("preserveAspectRatio", V("none")), A("aria-hidden", V("true")));
	html_tag(h, "rect", A("height", V("1")));
	html_attr_int(h, "width", share > 100 ? 100 : share);
	html_close(h, "rect");
	html_close(h, "svg");
}

static int64_t most_votes(const struct post_poll *poll)
{
	int64_t most = 0;

	for (size_t i = 0; i < poll->n_options; i++)
		if (poll->options[i].votes > most)
			most = poll->options[i].votes;
	return most;
}

static void draw_option(struct call *c, struct html *h, const struct post_poll *poll, size_t i, bool shown)
{
	int64_t votes = poll->options[i].votes, share = percent(votes, poll->voters);
	bool leads = shown && votes > 0 && votes == most_votes(poll);

	html_tag(h, "li", A("class", leads ? V("leads") : V("")));
	if (shown) {
		html_open(h, "strong");
		html_int(h, share);
		html_text(h, V(" %"));
		html_close(h, "strong");
		html_text(h, V(" "));
	}
	html_tag(h, "span", A("dir", V("auto")));
	draw_text(c, h, poll->options[i].title);
	html_close(h, "span");
	if (shown)
		draw_bar(h, share);
	html_close(h, "li");
}

static void draw_state(struct html *h, const struct post_poll *poll, int64_t now, bool over)
{
	html_tag(h, "p", A("class", V("hint")));
	draw_counted(h, poll->voters, &words.people);
	html_text(h, V(" · "));
	if (over) {
		html_text(h, words.closed);
	} else {
		if (poll->expires_at) {
			draw_span(h, poll->expires_at - now);
			html_text(h, words.left);
			html_text(h, V(" · "));
		}
		html_text(h, poll->hide_totals ? words.hidden : words.vote_where);
	}
	html_close(h, "p");
}

void draw_poll(struct call *c, struct html *h, const struct post_poll *poll)
{
	int64_t now = clock_now();
	bool over = poll->expires_at && poll->expires_at <= now;

	html_tag(h, "div", A("class", V("poll")));
	html_open(h, "ul");
	for (size_t i = 0; i < poll->n_options; i++)
		draw_option(c, h, poll, i, over || !poll->hide_totals);
	html_close(h, "ul");
	draw_state(h, poll, now, over);
	html_close(h, "div");
}
