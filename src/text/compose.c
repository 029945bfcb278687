/*
 * compose.c - see compose.h. Only '@', '#', '＃' and 'h' can begin a token; everything else is stepped over bytewise.
 */
#include "base/base.h"
#include "text/compose.h"

#include <unigbrk.h>

#include "base/limits.h"
#include "text/compose_url.h"
#include "text/fold.h"
#include "text/utf8.h"

#define FULLWIDTH_HASH "\xEF\xBC\x83"
#define DOMAIN_BYTES_MAX 253 /* RFC 1035 2.3.4, as text */

/* End of chars (joints chars)*, where a joint is a run of '.' and '-': "a.b--c". `at` when there is none. */
static size_t joined_end(struct view t, size_t at, bool (*is_char)(ucs4_t))
{
	size_t end = at, begin = at;
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		bool joint = c == '.' || c == '-';
		if (!is_char(c) && !(joint && at > begin))
			break;
		at += n;
		if (!joint)
			end = at;
	}
	return end;
}

static bool is_user_char(ucs4_t c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* What must not follow a mention: it is then the beginning of something else (twitter-text's end_mention_match). */
static bool spoils_mention(struct view rest)
{
	if (rest.len == 0)
		return false;
	ucs4_t c;
	utf8_at(rest, 0, &c);
	bool accented_latin = c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7;
	return c == '@' || c == 0xFF20 || accented_latin || view_starts(rest, V("://"));
}

/* Returns the bytes that were read: a token of that length, or something to step over when kind stays unset. */
static size_t scan_mention(struct view t, size_t at, struct token *ret, bool *ret_found)
{
	ucs4_t before = utf8_before(t, at);
	if (before == '=' || before == '/' || utf8_is_word(before))
		return 1;
	size_t user = at + 1, user_end = joined_end(t, user, is_user_char), end = user_end;
	if (user_end == user)
		return 1;
	struct view domain = {"", 0};
	if (end < t.len && t.p[end] == '@') {
		size_t domain_end = joined_end(t, end + 1, utf8_is_word);
		if (domain_end > end + 1) {
			domain = view_sub(t, end + 1, domain_end - end - 1);
			end = domain_end;
		}
	}
	if (domain.len > DOMAIN_BYTES_MAX || spoils_mention(view_sub(t, end, t.len - end)))
		return end - at;
	*ret = (struct token){TOKEN_MENTION, at, end - at, view_sub(t, user, user_end - user), domain};
	*ret_found = true;
	return end - at;
}

/* The middle dots and the non-joiner that may stand inside a tag; '_' is a word character as well. */
static bool is_tag_separator(ucs4_t c)
{
	return c == '_' || c == 0xB7 || c == 0x30FB || c == 0x200C;
}

/*
 * End of the tag name at `at`, or `at`. A name is word characters, with separators inside, and more than digits:
 * either a letter, or a separator that has something on both sides.
 */
static size_t tag_end(struct view t, size_t at)
{
	size_t begin = at, end = at;
	bool letter = false, joint = false, joined = false;
	while (at < t.len) {
		ucs4_t c;
		size_t n = utf8_at(t, at, &c);
		bool word = utf8_is_word(c);
		if (!word && !(at > begin && is_tag_separator(c)))
			break;
		if (word) {
			joined |= joint;
			letter |= utf8_is_alpha(c);
			end = at + n;
		}
		joint |= at > begin && is_tag_separator(c);
		at += n;
	}
	return letter || joined ? end : begin;
}

/* "#taghttps://example.com": a link written right behind a tag is not part of it. */
static size_t without_scheme(struct view t, size_t begin, size_t end)
{
	static const struct view schemes[] = {V("https"), V("http")};
	if (!view_starts(view_sub(t, end, t.len - end), V("://")))
		return end;
	struct view name = view_sub(t, begin, end - begin);
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (name.len > schemes[i].len && view_ends(name, schemes[i]))
			return end - schemes[i].len;
	return end;
}

static size_t scan_tag(struct view t, size_t at, size_t sign, struct token *ret, bool *ret_found)
{
	ucs4_t before = utf8_before(t, at);
	if (before == '=' || before == '/' || before == ')' || utf8_is_alnum(before))
		return sign;
	size_t name = at + sign, end = tag_end(t, name);
	if (end == name)
		return sign;
	end = tag_end(view_sub(t, 0, without_scheme(t, name, end)), name);
	if (end == name)
		return sign;
	*ret = (struct token){TOKEN_TAG, at, end - at, view_sub(t, name, end - name), {"", 0}};
	*ret_found = true;
	return end - at;
}

static size_t scan_url(struct view t, size_t at, struct token *ret, bool *ret_found)
{
	size_t len = compose_url(t, at);
	if (!len)
		return 1;
	*ret = (struct token){TOKEN_URL, at, len, view_sub(t, at, len), {"", 0}};
	*ret_found = true;
	return len;
}

bool compose_next(struct view text, size_t *at, struct token *ret)
{
	bool found = false;
	size_t i = *at;
	while (i < text.len && !found) {
		char c = text.p[i];
		if (c == '@')
			i += scan_mention(text, i, ret, &found);
		else if (c == '#')
			i += scan_tag(text, i, 1, ret, &found);
		else if (c == 'h' || c == 'H')
			i += scan_url(text, i, ret, &found);
		else if (c == FULLWIDTH_HASH[0] && view_eq(view_sub(text, i, 3), V(FULLWIDTH_HASH)))
			i += scan_tag(text, i, 3, ret, &found);
		else
			i++;
	}
	*at = i;
	return found;
}

struct tokens compose_tokens(struct arena *a, struct view text, size_t max)
{
	struct token t;
	size_t n = 0, i = 0;
	for (size_t at = 0; n < max && compose_next(text, &at, &t);)
		n++;
	if (n == 0)
		return (struct tokens){NULL, 0};
	struct token *v = ARENA_ARRAY(a, n, struct token);
	for (size_t at = 0; i < n && compose_next(text, &at, &v[i]);)
		i++;
	return (struct tokens){v, n};
}

size_t compose_chars(struct view text)
{
	if (text.len == 0)
		return 0;
	char *breaks = xmalloc(text.len);
	u8_grapheme_breaks((const uint8_t *)text.p, text.len, breaks);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		n += breaks[i] != 0;
	free(breaks);
	return n;
}

size_t compose_length(struct view text, struct view spoiler)
{
	static const char link[COMPOSE_URL_CHARS + 1] = "xxxxxxxxxxxxxxxxxxxxxxx";
	struct buf counted;
	struct token t;
	size_t plain = 0;
	/* The shortest link has 11 bytes, so the counted text is at most 23/11 of what was written. */
	buf_init(&counted, 3 * (text.len + spoiler.len) + 1);
	buf_add(&counted, spoiler);
	for (size_t at = 0; compose_next(text, &at, &t); plain = at) {
		size_t kept = t.kind == TOKEN_URL ? 0 : t.kind == TOKEN_MENTION ? 1 + t.name.len : t.len;
		buf_add(&counted, view_sub(text, plain, t.at - plain));
		buf_add(&counted,
			t.kind == TOKEN_URL ? view_make(link, COMPOSE_URL_CHARS) : view_sub(text, t.at, kept));
	}
	buf_add(&counted, view_sub(text, plain, text.len - plain));
	size_t n = compose_chars(buf_view(&counted));
	buf_release(&counted);
	return n;
}

enum err compose_tag_key(struct buf *out, struct view name)
{
	struct buf CLEANUP(buf_release) folded = {.max = COMPOSE_TAG_BYTES};
	char key[COMPOSE_TAG_BYTES];
	size_t len = 0;
	TRY(fold(&folded, name));
	struct view v = buf_view(&folded);
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (utf8_is_word(c) || is_tag_separator(c)) {
			memcpy(key + len, v.p + at, n);
			len += n;
		}
		at += n;
	}
	if (len == 0 || tag_end(view_make(key, len), 0) != len)
		return ERR_INVALID;
	buf_add(out, view_make(key, len));
	return buf_err(out);
}
