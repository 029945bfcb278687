/*
 * poll_view.c - a poll with its results, as far as they may be seen.
 */
#include "base/base.h"

#include "web/post_view.h"

#include "base/clock.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/kept.h"

static const struct {
	struct view closed, left, hidden, vote_where, vote, yours;
	struct noun people;
} words = {
	.closed = N_("closed"),
	.left = N_(" left"),
	.hidden = N_("results at the end"),
	.vote_where = N_("log in to vote"),
	.vote = N_("Vote"),
	.yours = N_("your choice"),
	.people = {N_("person voted"), N_("people voted")},
};

#define MINUTE_MS 60000
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

struct standing {
	const struct shown_post *of;
	const struct post_poll *poll;
	int64_t now;
	bool over, counted, asked; /* counted: numbers are shown; asked: the viewer may vote */
};

static void draw_share(struct call *c, struct html *h, int64_t share)
{
	html_open(h, "strong");
	draw_number(c, h, share);
	html_text(h, V(" %"));
	html_close(h, "strong");
	html_text(h, V(" "));
}

static void draw_title(struct call *c, struct html *h, struct view title)
{
	html_tag(h, "span", A("dir", V("auto")));
	draw_text(c, h, title);
	html_close(h, "span");
}

static void draw_option(struct call *c, struct html *h, const struct standing *s, size_t i)
{
	const struct post_poll *poll = s->poll;
	int64_t votes = poll->options[i].votes, share = percent(votes, poll->voters);
	bool leads = s->counted && votes > 0 && votes == most_votes(poll);

	html_tag(h, "li", A("class", leads ? V("leads") : V("")));
	if (s->counted)
		draw_share(c, h, share);
	draw_title(c, h, poll->options[i].title);
	if (s->of->votes >> i & 1) {
		html_text(h, V(" "));
		html_elem(h, "span", page_say(c, words.yours), A("class", V("badge")));
	}
	if (s->counted)
		draw_bar(h, share);
	html_close(h, "li");
}

static void draw_choice(struct call *c, struct html *h, const struct standing *s, size_t i)
{
	html_open(h, "li");
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", s->poll->multiple ? V("checkbox") : V("radio")), A("name", V("choices[]")));
	html_attr_int(h, "value", (int64_t)i);
	draw_title(c, h, s->poll->options[i].title);
	html_close(h, "label");
	html_close(h, "li");
}

static void draw_state(struct call *c, struct html *h, const struct standing *s)
{
	const struct post_poll *poll = s->poll;

	html_tag(h, "p", A("class", V("hint")));
	draw_counted(c, h, poll->voters, &words.people);
	if (s->over) {
		html_text(h, V(" · "));
		html_text(h, page_say(c, words.closed));
	} else if (poll->expires_at) {
		html_text(h, V(" · "));
		draw_span(c, h, poll->expires_at - s->now);
		html_text(h, page_say(c, words.left));
	}
	if (!s->over && (poll->hide_totals || !c->auth.account.v)) {
		html_text(h, V(" · "));
		html_text(h, page_say(c, poll->hide_totals ? words.hidden : words.vote_where));
	}
	html_close(h, "p");
}

static void draw_vote(struct call *c, struct html *h, const struct standing *s)
{
	page_form(c, h, arena_printf(c->arena, "/act/vote/%" PRId64, s->of->post.meta.id.v), "vote");
	page_hidden(h, "back", page_here(c));
	html_open(h, "ul");
	for (size_t i = 0; i < s->poll->n_options; i++)
		draw_choice(c, h, s, i);
	html_close(h, "ul");
	html_elem(h, "button", page_say(c, words.vote), A("type", V("submit")));
	html_close(h, "form");
}

/* Who may still vote chooses; how it stands is shown to others, and afterwards. */
void draw_poll(struct call *c, struct html *h, const struct shown_post *post)
{
	const struct post_poll *poll = post->post.poll;
	struct standing s = {.of = post, .poll = poll, .now = clock_now()};

	s.over = poll->expires_at && poll->expires_at <= s.now;
	if (!s.over && poll->expires_at)
		kept_until(c, s.now + (poll->expires_at - s.now) % MINUTE_MS + 1);
	s.counted = s.over || !poll->hide_totals;
	s.asked = c->auth.session_id && !s.over && !post->voted;
	html_tag(h, "div", A("class", V("poll")));
	if (s.asked) {
		draw_vote(c, h, &s);
	} else {
		html_open(h, "ul");
		for (size_t i = 0; i < poll->n_options; i++)
			draw_option(c, h, &s, i);
		html_close(h, "ul");
	}
	draw_state(c, h, &s);
	html_close(h, "div");
}
