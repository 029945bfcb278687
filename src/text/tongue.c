/*
 * tongue.c - see tongue.h. A catalogue is gettext's binary format ("The Format of GNU MO Files" in its manual), made on
 * the machine that compiles: numbers in its byte order, words sorted bytewise.
 */
#include "base/base.h"

#include "text/tongue.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/limits.h"

#define MO_MAGIC 0x950412deU
#define SAID_MAX (64 * LIMIT_KIB)

static const struct {
	const char *code, *catalogue; /* catalogue NULL: the language the source is written in */
} tongues[TONGUES] = {
	[TONGUE_EN] = {"en", NULL},
	[TONGUE_ID] = {"id", "id.mo"},
};

const char *tongue_code(enum tongue t)
{
	return tongues[t].code;
}

static bool find(struct view locale, enum tongue *ret)
{
	size_t cut = 0;

	while (cut < locale.len && locale.p[cut] != '-' && locale.p[cut] != '_')
		cut++;
	for (size_t i = 0; i < TONGUES; i++) {
		if (!view_eq_nocase(view_sub(locale, 0, cut), view_of(tongues[i].code)))
			continue;
		*ret = (enum tongue)i;
		return true;
	}
	return false;
}

enum tongue tongue_of(struct view locale)
{
	enum tongue t = TONGUE_EN;

	(void)find(locale, &t);
	return t;
}

/* "0.8" → 800, nothing → 1000; what is none of it counts as nothing wanted. */
static int quality(struct view params)
{
	struct view piece;
	double q = 1;

	while (view_split(&params, ';', &piece)) {
		piece = view_trim(piece);
		if (view_starts(piece, V("q=")) && !parse_double(view_sub(piece, 2, piece.len), &q))
			return 0;
	}
	return q < 0 || q > 1 ? 0 : (int)(q * 1000);
}

enum tongue tongue_accepted(struct view header)
{
	enum tongue best = TONGUE_EN, t;
	struct view piece;
	int most = 0;

	while (view_split(&header, ',', &piece)) {
		size_t cut = view_find(piece, 0, ';');
		int q = quality(view_sub(piece, cut + 1, piece.len));

		if (q <= most || !find(view_trim(view_sub(piece, 0, cut)), &t))
			continue;
		best = t;
		most = q;
	}
	return best;
}

/* --- catalogues --- */

static uint32_t number_at(const struct embedded *e, size_t at)
{
	uint32_t n;

	if (at + sizeof(n) > e->len)
		BUG("catalogue %s ends too soon", e->name);
	memcpy(&n, e->data + at, sizeof(n));
	return n;
}

/* Entry i of the table at `table`: length and place of a text. */
static struct view text_at(const struct embedded *e, uint32_t table, uint32_t i)
{
	uint32_t len = number_at(e, table + 8 * (size_t)i), at = number_at(e, table + 8 * (size_t)i + 4);

	if ((size_t)at + len > e->len)
		BUG("catalogue %s ends too soon", e->name);
	return view_make((const char *)e->data + at, len);
}

static const struct embedded *catalogue(enum tongue t)
{
	for (const struct embedded *e = embedded_catalogues; tongues[t].catalogue && e->name; e++)
		if (strcmp(e->name, tongues[t].catalogue) == 0)
			return e;
	return NULL;
}

struct view say(enum tongue t, struct view words)
{
	const struct embedded *e = catalogue(t);

	if (!e || words.len == 0)
		return words;
	if (number_at(e, 0) != MO_MAGIC)
		BUG("%s is no catalogue", e->name);
	uint32_t low = 0, high = number_at(e, 8), originals = number_at(e, 12), translations = number_at(e, 16);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = view_cmp(words, text_at(e, originals, middle));

		if (order == 0) {
			struct view said = text_at(e, translations, middle);
			return said.len ? said : words;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return words;
}

struct view say_with(enum tongue t, struct arena *a, struct view words, const struct view *texts, size_t n)
{
	struct buf CLEANUP(buf_release) out = {.max = SAID_MAX};
	struct view said = say(t, words);
	size_t next = 0;

	for (size_t i = 0; i < said.len; i++) {
		if (said.p[i] == '%' && i + 1 < said.len && said.p[i + 1] == 's' && next < n) {
			buf_add(&out, texts[next++]);
			i++;
		} else {
			buf_add_c(&out, said.p[i]);
		}
	}
	return arena_view(a, buf_view(&out));
}
