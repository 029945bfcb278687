/*
 * lexer.c - see lexer.h. Anything but space, brackets and quotation marks belongs to a word; `name:` at its beginning
 * makes it an operator, whose value may be quoted.
 */
#include "base/base.h"
#include "query/lexer.h"

#include "text/utf8.h"

static bool at_end(const struct lexer *l)
{
	return l->offset >= l->text.len;
}

static char peek(const struct lexer *l)
{
	return at_end(l) ? '\0' : l->text.p[l->offset];
}

static void step(struct lexer *l)
{
	ucs4_t c;

	l->offset += utf8_at(l->text, l->offset, &c);
	l->at++;
}

static bool at_space(const struct lexer *l)
{
	ucs4_t c;

	if (at_end(l))
		return false;
	utf8_at(l->text, l->offset, &c);
	return utf8_is_space(c);
}

static bool ends_word(const struct lexer *l)
{
	char c = peek(l);

	return at_end(l) || c == '(' || c == ')' || c == '"' || at_space(l);
}

static struct view since(const struct lexer *l, size_t offset)
{
	return view_sub(l->text, offset, l->offset - offset);
}

/* At the opening mark; ends behind the closing one. */
static enum err read_quoted(struct lexer *l, struct lexeme *x, struct problem *problem)
{
	size_t at = l->at, begin;

	step(l);
	begin = l->offset;
	while (!at_end(l) && peek(l) != '"')
		step(l);
	if (at_end(l))
		return fail(problem, ERR_INVALID, "missing '\"' that closes this one (at position %zu)", at);
	x->value = since(l, begin);
	x->quoted = true;
	step(l);
	if (peek(l) == '~')
		return fail(problem, ERR_INVALID,
			    "'~' for words that are near each other is not offered (at position %zu)", l->at);
	return OK;
}

/* Length of "from" in "from:…"; 0 when the word is not an operator. */
static size_t operator_len(struct view word)
{
	size_t n = 0;

	while (n < word.len && (ascii_is_alpha((unsigned char)word.p[n]) || word.p[n] == '_'))
		n++;
	return n < word.len && word.p[n] == ':' ? n : 0;
}

static bool is_sigil(struct view word)
{
	if (word.len < 2)
		return false;
	if (word.p[0] == '$')
		return ascii_is_alpha((unsigned char)word.p[1]);
	return word.p[0] == '#' || word.p[0] == '@';
}

static enum err read_word(struct lexer *l, struct lexeme *x, struct problem *problem)
{
	size_t begin = l->offset;
	struct view word;

	while (!ends_word(l))
		step(l);
	word = since(l, begin);
	size_t n = operator_len(word);
	if (n) {
		x->op = view_sub(word, 0, n);
		x->value = view_sub(word, n + 1, word.len - n - 1);
		if (!x->value.len && peek(l) == '"')
			return read_quoted(l, x, problem);
		return OK;
	}
	if (is_sigil(word)) {
		x->op = view_sub(word, 0, 1);
		x->value = view_sub(word, 1, word.len - 1);
		return OK;
	}
	x->value = word;
	if (view_is(word, "OR"))
		x->kind = LEX_OR;
	else if (view_eq_nocase(word, V("or")) || view_eq_nocase(word, V("and")))
		return fail(
			problem, ERR_INVALID,
			"'%.*s' is ambiguous: alternatives are joined by OR, terms that must all match by a space, and "
			"\"%.*s\" finds the word (at position %zu)",
			VIEW_ARG(word), VIEW_ARG(word), x->at);
	return OK;
}

static enum err read_minus(struct lexer *l, struct problem *problem)
{
	size_t at = l->at;

	step(l);
	if (at_end(l) || at_space(l) || peek(l) == ')' || peek(l) == '-')
		return fail(problem, ERR_INVALID, "'-' needs what it negates right behind it (at position %zu)", at);
	return OK;
}

enum err lexer_next(struct lexer *l, struct lexeme *ret, struct problem *problem)
{
	struct lexeme x = {.kind = LEX_TERM, .op = V(""), .value = V("")};

	while (at_space(l))
		step(l);
	x.at = l->at;
	if (at_end(l)) {
		x.kind = LEX_END;
	} else if (peek(l) == '(' || peek(l) == ')') {
		x.kind = peek(l) == '(' ? LEX_OPEN : LEX_CLOSE;
		step(l);
	} else if (peek(l) == '-') {
		x.kind = LEX_NOT;
		TRY(read_minus(l, problem));
	} else if (peek(l) == '"') {
		TRY(read_quoted(l, &x, problem));
	} else {
		TRY(read_word(l, &x, problem));
	}
	*ret = x;
	return OK;
}
