/*
 * csv.c - see csv.h.
 */
#include "base/base.h"

#include "transfer/csv.h"

#define BOM V("\xef\xbb\xbf")

struct csv csv_of(struct view text)
{
	return (struct csv){.text = text, .at = view_starts(text, BOM) ? BOM.len : 0, .line = 1};
}

static bool at_end(const struct csv *c) { return c->at >= c->text.len; }

static char peek(const struct csv *c) { return c->text.p[c->at]; }

static bool at_line_end(const struct csv *c) { return at_end(c) || peek(c) == '\n' || peek(c) == '\r'; }

/* Over CR, LF or both. */
static void take_line_end(struct csv *c)
{
	if (at_end(c))
		return;
	if (peek(c) == '\r') {
		c->at++;
		if (!at_end(c) && peek(c) == '\n')
			c->at++;
	} else {
		c->at++;
	}
	c->line++;
}

static void skip_line(struct csv *c)
{
	while (!at_line_end(c))
		c->at++;
	take_line_end(c);
}

/* Without its doubled quotes, of which there is one at least. */
static struct view undouble(struct arena *a, struct view v)
{
	char *p = arena_alloc(a, v.len);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		p[n++] = v.p[i];
		i += v.p[i] == '"';
	}
	return view_make(p, n);
}

/* Behind the opening quote. Words of what is wrong, or NULL. */
static const char *quoted(struct csv *c, struct arena *a, size_t end, struct view *ret)
{
	size_t begin = c->at;
	bool doubled = false;

	for (; c->at < end; c->at++) {
		if (peek(c) == '\n' || (peek(c) == '\r' && (c->at + 1 >= end || c->text.p[c->at + 1] != '\n')))
			c->line++;
		if (peek(c) != '"')
			continue;
		if (c->at + 1 >= end || c->text.p[c->at + 1] != '"')
			break;
		doubled = true;
		c->at++;
	}
	if (c->at >= end)
		return end < c->text.len ? "it is too long" : "a quote is not closed";
	*ret = view_make(c->text.p + begin, c->at - begin);
	c->at++;
	if (!at_line_end(c) && peek(c) != ',')
		return "something stands behind a closing quote";
	if (doubled)
		*ret = undouble(a, *ret);
	return NULL;
}

static const char *bare(struct csv *c, size_t end, struct view *ret)
{
	size_t begin = c->at;

	while (c->at < end && !at_line_end(c) && peek(c) != ',')
		if (c->text.p[c->at++] == '"')
			return "a quote stands in the middle of a field";
	if (c->at >= end && !at_line_end(c))
		return "it is too long";
	*ret = view_make(c->text.p + begin, c->at - begin);
	return NULL;
}

static const char *read_record(struct csv *c, struct arena *a, struct csv_record *r)
{
	size_t end = c->text.len - c->at < CSV_RECORD_MAX ? c->text.len : c->at + CSV_RECORD_MAX;

	for (;;) {
		struct view field = V("");
		const char *wrong;

		if (r->n == CSV_FIELDS_MAX)
			return "it has too many fields";
		if (c->at < end && peek(c) == '"') {
			c->at++;
			wrong = quoted(c, a, end, &field);
		} else {
			wrong = bare(c, end, &field);
		}
		if (wrong)
			return wrong;
		if (!utf8_valid(field))
			return "it is not UTF-8";
		r->fields[r->n++] = field;
		if (at_line_end(c))
			return NULL;
		c->at++; /* the comma */
	}
}

bool csv_next(struct csv *c, struct arena *a, struct csv_record *ret)
{
	while (!at_end(c) && at_line_end(c))
		take_line_end(c);
	if (at_end(c))
		return false;
	struct csv begin = *c;

	*ret = (struct csv_record){.line = c->line};
	ret->wrong = read_record(c, a, ret);
	if (ret->wrong) {
		ret->n = 0;
		*c = begin;
		skip_line(c);
	} else {
		take_line_end(c);
	}
	return true;
}

static bool is_plain(struct view field)
{
	bool plain = field.len == 0 || (field.p[0] != ' ' && field.p[field.len - 1] != ' ');

	for (size_t i = 0; i < field.len && plain; i++)
		plain = field.p[i] != '"' && field.p[i] != ',' && field.p[i] != '\n' && field.p[i] != '\r';
	return plain;
}

void csv_add(struct buf *to, struct view field)
{
	if (is_plain(field)) {
		buf_add(to, field);
		return;
	}
	buf_add_c(to, '"');
	for (size_t i = 0; i < field.len; i++) {
		if (field.p[i] == '"')
			buf_add_c(to, '"');
		buf_add_c(to, field.p[i]);
	}
	buf_add_c(to, '"');
}

void csv_put(FILE *to, struct view field)
{
	struct buf CLEANUP(buf_release) out = {.max = 2 * field.len + 2};

	csv_add(&out, field);
	fwrite(out.p, 1, out.len, to);
}
