/*
 * segment.c - see segment.h.
 */
#include "base/base.h"
#include "text/segment.h"

#include <unictype.h>

#include "base/limits.h"
#include "text/fold.h"
#include "text/utf8.h"

enum char_class { CLASS_GAP, CLASS_WORD, CLASS_ALONE, CLASS_MARK };

static bool in_script(ucs4_t c, const char *const *names, size_t n)
{
	const uc_script_t *script = uc_script(c);
	for (size_t i = 0; script && i < n; i++)
		if (strcmp(script->name, names[i]) == 0)
			return true;
	return false;
}

static bool is_spaceless(ucs4_t c)
{
	static const char *const names[] = {"Han", "Hiragana", "Katakana", "Bopomofo", "Thai",
					    "Lao", "Khmer",    "Myanmar",  "Tai_Le",   "New_Tai_Lue",
					    "Yi",  "Tai_Tham", "Tai_Viet"};
	/* The sound mark of long vowels belongs to both kana, so to no script. */
	return c == 0x30FC || c == 0x3006 || in_script(c, names, ARRAY_LEN(names));
}

static bool is_hangul(ucs4_t c)
{
	static const char *const names[] = {"Hangul"};
	return in_script(c, names, ARRAY_LEN(names));
}

static enum char_class classify(ucs4_t c)
{
	if (c < 0x80)
		return ascii_is_alnum(c) ? CLASS_WORD : CLASS_GAP;
	if (utf8_is_mark(c))
		return CLASS_MARK;
	if (!uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N))
		return CLASS_GAP;
	return is_spaceless(c) ? CLASS_ALONE : CLASS_WORD;
}

/* The token being written. */
struct segmenter {
	struct buf *out;
	enum char_class open; /* GAP: none */
	size_t len;	      /* bytes of it; SEGMENT_TOKEN_BYTES and more: nothing is added to it any more */
};

static void add_char(struct segmenter *s, struct view c)
{
	if (s->len + c.len > SEGMENT_TOKEN_BYTES) {
		s->len = SEGMENT_TOKEN_BYTES;
		return;
	}
	buf_add(s->out, c);
	s->len += c.len;
}

static void add_classified(struct segmenter *s, enum char_class class, struct view c)
{
	bool continues = class == CLASS_MARK || (class == CLASS_WORD && s->open == CLASS_WORD);
	if (class == CLASS_GAP) {
		s->open = CLASS_GAP;
		return;
	}
	if (!continues) {
		if (s->out->len && s->out->p[s->out->len - 1] != ' ')
			buf_add_c(s->out, ' ');
		s->open = class;
		s->len = 0;
	}
	if (s->open != CLASS_GAP)
		add_char(s, c);
}

static void split(struct buf *out, struct view folded)
{
	struct segmenter s = {out, CLASS_GAP, 0};
	for (size_t at = 0; at < folded.len && !out->over;) {
		ucs4_t c;
		size_t n = utf8_at(folded, at, &c);
		add_classified(&s, classify(c), view_sub(folded, at, n));
		at += n;
	}
}

enum err segment(struct buf *out, struct view text)
{
	/* No character folds to more than 18, U+FDFA, of at most 3 bytes each. */
	struct buf CLEANUP(buf_release) folded = {.max = 18 * text.len};
	TRY(fold(&folded, text));
	split(out, buf_view(&folded));
	return buf_err(out);
}

/* Length of the quotation mark at `at`, 0 when there is none there. */
static size_t quote_len(struct view v, size_t at)
{
	static const struct view quotes[] = {V("\""), V("\xE2\x80\x9C"), V("\xE2\x80\x9D")};
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++)
		if (view_eq(view_sub(v, at, quotes[i].len), quotes[i]))
			return quotes[i].len;
	return 0;
}

static size_t skip_spaces(struct view v, size_t at)
{
	while (at < v.len) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (!utf8_is_space(c))
			break;
		at += n;
	}
	return at;
}

static size_t word_end(struct view v, size_t at)
{
	while (at < v.len) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (utf8_is_space(c) || quote_len(v, at))
			break;
		at += n;
	}
	return at;
}

static size_t phrase_end(struct view v, size_t at)
{
	while (at < v.len && !quote_len(v, at))
		at++;
	return at;
}

static bool split_operator(struct view word, struct segment_term *term)
{
	static const struct view names[] = {V("has"),	 V("is"),    V("language"), V("from"),
					    V("before"), V("after"), V("during"),   V("in")};
	size_t colon = view_find(word, 0, ':');
	if (colon + 1 >= word.len)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (view_eq_nocase(view_sub(word, 0, colon), names[i])) {
			term->op = names[i];
			term->value = view_sub(word, colon + 1, word.len - colon - 1);
			return true;
		}
	}
	return false;
}

/* False when there is nothing in it to look for. */
static bool make_phrase(struct arena *a, struct view text, struct segment_term *term)
{
	struct buf CLEANUP(buf_release) tokens = {.max = 40 * LIMIT_QUERY_BYTES};
	if (segment(&tokens, text) != OK || tokens.len == 0)
		return false;
	term->phrase = arena_view(a, buf_view(&tokens));
	return true;
}

static bool make_word(struct arena *a, struct view word, struct segment_term *term)
{
	if (split_operator(word, term))
		return true;
	if (!make_phrase(a, word, term))
		return false;
	term->prefix = view_ends(word, V("*")) || is_hangul(utf8_before(term->phrase, term->phrase.len));
	return true;
}

/* Reads the term at *at, which is not a space, and moves behind it. */
static bool next_term(struct arena *a, struct view q, size_t *at, struct segment_term *term)
{
	size_t begin = *at;
	*term = (struct segment_term){.phrase = V(""), .op = V(""), .value = V("")};
	if (q.p[begin] == '-' && begin + 1 < q.len) {
		term->negated = true;
		begin++;
	}
	size_t quote = quote_len(q, begin);
	if (!quote) {
		*at = word_end(q, begin);
		return make_word(a, view_sub(q, begin, *at - begin), term);
	}
	begin += quote;
	size_t end = phrase_end(q, begin);
	*at = end + (end < q.len ? quote_len(q, end) : 0);
	return make_phrase(a, view_sub(q, begin, end - begin), term);
}

static struct view clamp(struct view q, size_t max)
{
	if (q.len <= max)
		return q;
	while (max > 0 && ((unsigned char)q.p[max] & 0xC0) == 0x80)
		max--;
	return view_sub(q, 0, max);
}

size_t segment_query(struct arena *a, struct view query, size_t max, struct segment_term *ret_terms)
{
	struct view q = clamp(query, LIMIT_QUERY_BYTES);
	size_t n = 0, at = skip_spaces(q, 0);
	while (at < q.len && n < max) {
		if (next_term(a, q, &at, &ret_terms[n]))
			n++;
		at = skip_spaces(q, at);
	}
	return n;
}
