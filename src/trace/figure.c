/*
 * figure.c - see figure.h. Units are those of the viewBox; the page scales it.
 */
#include "base/base.h"

#include "trace/figure.h"

#include <math.h>

#define WIDTH 720.0
#define HEIGHT 280.0
#define LEFT 64.0
#define RIGHT 16.0
#define TOP 26.0
#define BOTTOM 46.0
#define TICKS 5
#define ROW 20.0
#define ROW_LEFT 190.0
#define NAME_CHARS 24

static void attr(struct html *h, const char *name, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", v);
	html_attr(h, name, view_of(text));
}

static void line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
	html_open(h, "line");
	html_attr(h, "class", view_of(class));
	attr(h, "x1", x1);
	attr(h, "y1", y1);
	attr(h, "x2", x2);
	attr(h, "y2", y2);
	html_close(h, "line");
}

static void rect(struct html *h, const char *class, double x, double y, double w, double height)
{
	html_open(h, "rect");
	html_attr(h, "class", view_of(class));
	attr(h, "x", x);
	attr(h, "y", y);
	attr(h, "width", w);
	attr(h, "height", height);
	html_close(h, "rect");
}

static void words(struct html *h, const char *anchor, double x, double y, struct view text)
{
	html_open(h, "text");
	attr(h, "x", x);
	attr(h, "y", y);
	html_attr(h, "text-anchor", view_of(anchor));
	html_text(h, text);
	html_close(h, "text");
}

static void number(struct html *h, const char *anchor, double x, double y, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.4g", v);
	words(h, anchor, x, y, view_of(text));
}

static void begin(struct html *h, struct view title, double height)
{
	char box[64];

	snprintf(box, sizeof(box), "0 0 %.0f %.0f", WIDTH, height);
	html_open(h, "figure");
	html_tag(h, "svg", A("viewBox", view_of(box)), A("role", V("img")), A("aria-label", title));
}

static void end(struct html *h, struct view title)
{
	html_close(h, "svg");
	html_elem(h, "figcaption", title);
	html_close(h, "figure");
}

/* Where the axes end, and where a value lies between. */
struct scale {
	double x0, x1, y1;
};

static double at_x(const struct scale *s, double x)
{
	return LEFT + (x - s->x0) / (s->x1 - s->x0) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct scale *s, double y)
{
	return HEIGHT - BOTTOM - y / s->y1 * (HEIGHT - BOTTOM - TOP);
}

static struct scale scale_of(const struct figure *f)
{
	double step = f->columns && f->n > 1 ? (f->x[f->n - 1] - f->x[0]) / (double)(f->n - 1) : 0;
	struct scale s = {f->n ? f->x[0] : 0, f->n ? f->x[f->n - 1] : 1, 0};

	for (size_t i = 0; i < f->n_marks; i++) {
		s.x0 = fmin(s.x0, f->marks[i].x);
		s.x1 = fmax(s.x1, f->marks[i].x);
	}
	for (size_t i = 0; i < f->n; i++)
		s.y1 = fmax(s.y1, f->y[i]);
	s.x0 -= step / 2;
	s.x1 += step / 2;
	if (!(s.x1 > s.x0))
		s.x1 = s.x0 + 1;
	if (!(s.y1 > 0))
		s.y1 = 1;
	return s;
}

static void axes(struct html *h, const struct figure *f, const struct scale *s)
{
	double bottom = HEIGHT - BOTTOM;

	line(h, "axis", LEFT, bottom, WIDTH - RIGHT, bottom);
	line(h, "axis", LEFT, TOP, LEFT, bottom);
	for (int i = 0; i <= TICKS; i++) {
		double x = s->x0 + (s->x1 - s->x0) * i / TICKS, y = s->y1 * i / TICKS;

		line(h, "axis", at_x(s, x), bottom, at_x(s, x), bottom + 4);
		number(h, "middle", at_x(s, x), bottom + 17, x);
		line(h, "axis", LEFT - 4, at_y(s, y), LEFT, at_y(s, y));
		number(h, "end", LEFT - 7, at_y(s, y) + 4, y);
	}
	words(h, "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, f->x_label);
	words(h, "start", 4, 14, f->y_label);
}

static void draw_columns(struct html *h, const struct figure *f, const struct scale *s)
{
	double wide = (WIDTH - LEFT - RIGHT) / (s->x1 - s->x0);
	double step = f->n > 1 ? (f->x[f->n - 1] - f->x[0]) / (double)(f->n - 1) : 1;
	double w = fmax(0.5, wide * step * 0.9);

	for (size_t i = 0; i < f->n; i++)
		rect(h, "bar", at_x(s, f->x[i]) - w / 2, at_y(s, f->y[i]), w, HEIGHT - BOTTOM - at_y(s, f->y[i]));
}

static void draw_line(struct html *h, const struct figure *f, const struct scale *s)
{
	struct buf points;

	buf_init(&points, 32 * f->n + 1);
	for (size_t i = 0; i < f->n; i++)
		buf_printf(&points, "%.1f,%.1f ", at_x(s, f->x[i]), at_y(s, f->y[i]));
	html_tag(h, "polyline", A("class", V("curve")), A("points", buf_view(&points)));
	html_close(h, "polyline");
	buf_release(&points);
}

void figure_draw(struct html *h, const struct figure *f)
{
	struct scale s = scale_of(f);

	begin(h, f->title, HEIGHT);
	if (f->columns)
		draw_columns(h, f, &s);
	else
		draw_line(h, f, &s);
	axes(h, f, &s);
	for (size_t i = 0; i < f->n_marks; i++) {
		double x = at_x(&s, f->marks[i].x);
		bool right = x > WIDTH / 2;

		line(h, "mark", x, TOP, x, HEIGHT - BOTTOM);
		words(h, right ? "end" : "start", right ? x - 5 : x + 5, TOP + 12 + 16 * (double)i, f->marks[i].label);
	}
	end(h, f->title);
}

/* ---- rows ---- */

static void row_name(struct html *h, struct view name, double y)
{
	struct buf b;
	size_t at = 0, chars = 0;

	for (size_t step; chars < NAME_CHARS && (step = utf8_step(name, at)); chars++)
		at += step;
	buf_init(&b, name.len + 8);
	buf_add(&b, view_sub(name, 0, at));
	if (at < name.len)
		buf_add_str(&b, "…");
	words(h, "end", ROW_LEFT - 8, y + 14, buf_view(&b));
	buf_release(&b);
}

void figure_draw_rows(struct html *h, const struct figure_rows *f)
{
	double height = ROW * (double)f->n + 52, most = f->threshold, room = WIDTH - ROW_LEFT - 60;

	for (size_t i = 0; i < f->n; i++)
		most = fmax(most, f->rows[i].value);
	if (!(most > 0))
		most = 1;
	begin(h, f->title, height);
	for (size_t i = 0; i < f->n; i++) {
		double y = 20 + ROW * (double)i, w = fmax(0, f->rows[i].value) / most * room;

		row_name(h, f->rows[i].label, y);
		rect(h, f->rows[i].strong ? "bar strong" : "bar", ROW_LEFT, y + 3, w, ROW - 6);
		number(h, "start", ROW_LEFT + w + 5, y + 14, f->rows[i].value);
	}
	line(h, "axis", ROW_LEFT, 18, ROW_LEFT, height - 30);
	if (f->threshold > 0) {
		double x = ROW_LEFT + f->threshold / most * room;

		line(h, "mark", x, 16, x, height - 30);
		words(h, x > WIDTH / 2 ? "end" : "start", x, 12, f->threshold_label);
	}
	words(h, "middle", (ROW_LEFT + WIDTH) / 2, height - 10, f->x_label);
	end(h, f->title);
}
