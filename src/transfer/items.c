/*
 * items.c - see items.h.
 */
#include "base/base.h"

#include "transfer/items.h"

#define PREFIX_MAX 256

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static size_t skip_space(struct view text, size_t at)
{
	while (at < text.len && is_space(text.p[at]))
		at++;
	return at;
}

/* Behind the string that begins at `at` (its quote); text.len when it does not end. */
static size_t skip_string(struct view text, size_t at)
{
	for (at++; at < text.len; at++) {
		if (text.p[at] == '\\')
			at++;
		else if (text.p[at] == '"')
			return at + 1;
	}
	return text.len;
}

/* Behind the value at `at`. *ret_whole false: the text ends within it. */
static size_t skip_value(struct view text, size_t at, bool *ret_whole)
{
	size_t depth = 0;

	*ret_whole = true;
	while (at < text.len) {
		char c = text.p[at];

		if (c == '"') {
			at = skip_string(text, at);
			if (!depth && (at < text.len || text.p[text.len - 1] == '"'))
				return at;
		} else if (c == '{' || c == '[') {
			depth++;
			at++;
		} else if (c == '}' || c == ']') {
			if (!depth)
				return at;
			at++;
			if (--depth == 0)
				return at;
		} else if (!depth && (c == ',' || is_space(c))) {
			return at;
		} else {
			at++;
		}
	}
	*ret_whole = false;
	return text.len;
}

static enum err find_member(struct view text, const char *key, size_t *ret)
{
	size_t at = skip_space(text, view_starts(text, V("\xef\xbb\xbf")) ? 3 : 0);
	bool whole = true;

	if (at >= text.len || text.p[at] != '{')
		return ERR_NOT_FOUND;
	at = skip_space(text, at + 1);
	while (at < text.len && text.p[at] == '"') {
		size_t end = skip_string(text, at);
		struct view name = view_sub(text, at + 1, end > at + 2 ? end - at - 2 : 0);

		at = skip_space(text, end);
		if (at >= text.len || text.p[at] != ':')
			return ERR_NOT_FOUND;
		at = skip_space(text, at + 1);
		if (view_is(name, key) && at < text.len && text.p[at] == '[') {
			*ret = at + 1;
			return OK;
		}
		at = skip_space(text, skip_value(text, at, &whole));
		if (at < text.len && text.p[at] == ',')
			at = skip_space(text, at + 1);
	}
	return ERR_NOT_FOUND;
}

enum err items_begin(struct view text, const char *key, struct items *ret)
{
	size_t at = 0;

	if (key) {
		TRY(find_member(text, key, &at));
	} else {
		at = view_find(view_sub(text, 0, PREFIX_MAX), 0, '[') + 1;
		if (at > text.len || text.p[at - 1] != '[')
			return ERR_NOT_FOUND;
	}
	*ret = (struct items){.text = text, .at = at, .inside = true};
	return OK;
}

bool items_next(struct items *i, struct item *ret)
{
	bool whole;

	while (i->inside && i->at < i->text.len && (is_space(i->text.p[i->at]) || i->text.p[i->at] == ','))
		i->at++;
	if (!i->inside)
		return false;
	if (i->at >= i->text.len) {
		i->inside = false;
		*ret = (struct item){.n = ++i->n, .json = V(""), .wrong = "the file ends before its list does"};
		return true;
	}
	if (i->text.p[i->at] == ']' || i->text.p[i->at] == '}') {
		i->inside = false;
		return false;
	}
	size_t end = skip_value(i->text, i->at, &whole);

	*ret = (struct item){.n = ++i->n, .json = view_sub(i->text, i->at, end - i->at)};
	i->at = end;
	i->inside = whole;
	if (!whole)
		ret->wrong = "the file ends in the middle of it";
	else if (ret->json.len > ITEM_BYTES_MAX)
		ret->wrong = "it is too long";
	if (ret->wrong)
		ret->json = V("");
	return true;
}
