/*
 * chart.c - see chart.h.
 */
#include "base/base.h"

#include "staff/chart.h"

#include "staff/cell.h"

#define BAR 8	  /* units of the picture, of which GAP are left free */
#define GAP 2
#define HEIGHT 100 /* of the highest bar */

static const struct {
	struct view numbers, day, value, most;
} words = {
	.numbers = N_("The numbers"),
	.day = N_("When"),
	.value = N_("How many"),
	.most = N_("at most"),
};

static int64_t highest(const struct chart *chart)
{
	int64_t most = 0;

	for (size_t i = 0; i < chart->n; i++)
		if (chart->values[i] > most)
			most = chart->values[i];
	return most;
}

static int64_t figure(const struct chart *chart)
{
	int64_t sum = 0;

	if (chart->last_only)
		return chart->n ? chart->values[chart->n - 1] : 0;
	for (size_t i = 0; i < chart->n; i++)
		sum += chart->values[i];
	return sum;
}

static void draw_value(struct call *c, struct html *h, const struct chart *chart, int64_t n)
{
	cell_draw(c, h, chart->kind, &(struct cell){.n = n}, 0);
}

static void draw_caption(struct call *c, struct html *h, const struct chart *chart, int64_t most)
{
	html_open(h, "figcaption");
	html_elem(h, "span", page_say(c, chart->title));
	html_text(h, V(" "));
	html_open(h, "strong");
	draw_value(c, h, chart, figure(chart));
	html_close(h, "strong");
	html_tag(h, "span", A("class", V("hint")));
	html_text(h, page_say(c, words.most));
	html_text(h, V(" "));
	draw_value(c, h, chart, most);
	html_close(h, "span");
	html_close(h, "figcaption");
}

/* What is more than nothing is seen, however little. */
static int64_t bar_height(int64_t value, int64_t most)
{
	int64_t height = most ? (int64_t)((double)value / (double)most * HEIGHT) : 0;

	return value > 0 && height < 1 ? 1 : height < 0 ? 0 : height;
}

static void draw_bars(struct call *c, struct html *h, const struct chart *chart, int64_t most)
{
	html_tag(h, "svg", A("viewBox", arena_printf(c->arena, "0 0 %zu %d", chart->n * BAR, HEIGHT)),
		 A("preserveAspectRatio", V("none")), A("aria-hidden", V("true")), A("class", V("bars")));
	for (size_t i = 0; i < chart->n; i++) {
		int64_t height = bar_height(chart->values[i], most);

		html_open(h, "rect");
		html_attr_int(h, "x", (int64_t)(i * BAR));
		html_attr_int(h, "y", HEIGHT - height);
		html_attr_int(h, "width", BAR - GAP);
		html_attr_int(h, "height", height);
		html_open(h, "title");
		html_text(h, chart->labels[i]);
		html_text(h, V(": "));
		draw_value(c, h, chart, chart->values[i]);
		html_close(h, "title");
		html_close(h, "rect");
	}
	html_close(h, "svg");
}

static void draw_ends(struct html *h, const struct chart *chart)
{
	html_tag(h, "p", A("class", V("ends hint")));
	html_elem(h, "span", chart->labels[0]);
	html_text(h, V(" "));
	html_elem(h, "span", chart->labels[chart->n - 1]);
	html_close(h, "p");
}

static void draw_numbers(struct call *c, struct html *h, const struct chart *chart)
{
	html_open(h, "details");
	html_elem(h, "summary", page_say(c, words.numbers));
	html_tag(h, "table", A("class", V("plain-sheet")));
	html_open(h, "thead");
	html_open(h, "tr");
	html_elem(h, "th", page_say(c, words.day), A("scope", V("col")));
	html_elem(h, "th", page_say(c, words.value), A("scope", V("col")));
	html_close(h, "tr");
	html_close(h, "thead");
	html_open(h, "tbody");
	for (size_t i = chart->n; i-- > 0;) {
		html_open(h, "tr");
		html_elem(h, "td", chart->labels[i]);
		html_open(h, "td");
		draw_value(c, h, chart, chart->values[i]);
		html_close(h, "td");
		html_close(h, "tr");
	}
	html_close(h, "tbody");
	html_close(h, "table");
	html_close(h, "details");
}

void chart_draw(struct call *c, struct html *h, const struct chart *chart)
{
	int64_t most = highest(chart);

	if (!chart->n)
		return;
	html_tag(h, "figure", A("class", V("chart")));
	draw_caption(c, h, chart, most);
	draw_bars(c, h, chart, most);
	draw_ends(h, chart);
	draw_numbers(c, h, chart);
	html_close(h, "figure");
}
