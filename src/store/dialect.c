/*
 * dialect.c - see dialect.h. One small scanner cuts SQL into pieces: quoted text, comments and words are never split.
 */
#include "base/base.h"
#include "store/dialect.h"

enum piece { PIECE_OTHER, PIECE_WORD, PIECE_QUOTED, PIECE_COMMENT };

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of what begins at `at` and goes on to the text `until`; the end of v when that is missing. */
static size_t skip_to(struct view v, size_t at, const char *until)
{
	size_t n = strlen(until);

	for (; at + n <= v.len; at++)
		if (memcmp(v.p + at, until, n) == 0)
			return at + n;
	return v.len;
}

/* The piece of v at `at`; its end in *ret_end. A doubled quote is two quoted pieces, which comes to the same. */
static enum piece piece_at(struct view v, size_t at, size_t *ret_end)
{
	char c = v.p[at];
	char two = at + 1 < v.len ? v.p[at + 1] : 0;

	if (c == '\'' || c == '"') {
		*ret_end = skip_to(v, at + 1, c == '"' ? "\"" : "'");
		return PIECE_QUOTED;
	}
	if ((c == '-' && two == '-') || (c == '/' && two == '*')) {
		*ret_end = skip_to(v, at + 2, c == '-' ? "\n" : "*/");
		return PIECE_COMMENT;
	}
	*ret_end = at + 1;
	if (!is_word(c))
		return PIECE_OTHER;
	while (*ret_end < v.len && is_word(v.p[*ret_end]))
		++*ret_end;
	return PIECE_WORD;
}

bool sql_next(struct view *rest, struct view *ret_statement)
{
	size_t at = 0, end;
	bool any = false;

	while (at < rest->len) {
		enum piece kind = piece_at(*rest, at, &end);

		if (kind == PIECE_OTHER && rest->p[at] == ';') {
			struct view statement = view_make(rest->p, at);

			*rest = view_sub(*rest, end, rest->len);
			if (any) {
				*ret_statement = statement;
				return true;
			}
			at = 0;
			continue;
		}
		any |= kind != PIECE_COMMENT && !(kind == PIECE_OTHER && is_space(rest->p[at]));
		at = end;
	}
	if (any)
		*ret_statement = *rest;
	*rest = view_make(rest->p + rest->len, 0);
	return any;
}

/* CREATE TABLE or ALTER TABLE? Of the words so far, the first two decide. */
static bool defines_columns(struct view first, struct view second)
{
	return (view_eq_nocase(first, V("CREATE")) || view_eq_nocase(first, V("ALTER"))) &&
	       view_eq_nocase(second, V("TABLE"));
}

void sql_schema(struct view statement, const struct sql_words *words, struct buf *out)
{
	struct view first[2] = {0};
	size_t n_first = 0, end;

	for (size_t at = 0; at < statement.len; at = end) {
		enum piece kind = piece_at(statement, at, &end);
		struct view piece = view_sub(statement, at, end - at);
		bool column = kind == PIECE_WORD && defines_columns(first[0], first[1]);

		if (kind == PIECE_WORD && n_first < 2)
			first[n_first++] = piece;
		if (kind == PIECE_COMMENT)
			buf_add_str(out, view_is(piece, "/*CLUSTERED*/") ? words->clustered : "\n");
		else if (column && view_is(piece, "TEXT"))
			buf_add_str(out, words->text);
		else if (column && view_is(piece, "BIGINT"))
			buf_add_str(out, words->bigint);
		else
			buf_add(out, piece);
	}
}

/* `IDS`, then `($n)` at `at`: the number and where it ends. */
static bool ids_parameter(struct view v, size_t at, uint64_t *ret_number, size_t *ret_end)
{
	size_t close = view_find(v, at, ')');

	if (close == v.len || close - at < 3 || v.p[at] != '(' || v.p[at + 1] != '$' ||
	    !parse_u64(view_sub(v, at + 2, close - at - 2), 64, ret_number) || *ret_number == 0)
		return false;
	*ret_end = close + 1;
	return true;
}

uint64_t sql_expand_ids(const char *text, const char *before, const char *after, struct buf *out)
{
	struct view v = view_of(text);
	uint64_t used = 0, number = 0;
	size_t end;

	for (size_t at = 0; at < v.len; at = end) {
		enum piece kind = piece_at(v, at, &end);
		struct view piece = view_sub(v, at, end - at);

		if (kind != PIECE_WORD || !view_is(piece, "IDS") || !ids_parameter(v, end, &number, &end)) {
			buf_add(out, piece);
			continue;
		}
		used |= (uint64_t)1 << (number - 1);
		buf_add_str(out, before);
		buf_printf(out, "$%" PRIu64, number);
		buf_add_str(out, after);
	}
	return used;
}
