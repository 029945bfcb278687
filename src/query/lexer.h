/*
 * lexer.h - a query cut into brackets, minus signs, ORs and terms. Private to this folder.
 */
#ifndef QUERY_LEXER_H
#define QUERY_LEXER_H

#include "base/base.h"

enum lexeme_kind { LEX_END, LEX_OPEN, LEX_CLOSE, LEX_NOT, LEX_OR, LEX_TERM };

struct lexeme {
	enum lexeme_kind kind;
	size_t at;	   /* characters from 1 */
	struct view op;	   /* of a term: "from" of from:x, "#", "@", "$"; empty for words and phrases */
	struct view value; /* without quotation marks */
	bool quoted;
};

struct lexer {
	struct view text; /* valid UTF-8 */
	size_t offset;	  /* bytes */
	size_t at;	  /* characters from 1 */
};

/* ERR_INVALID with words and place. After LEX_END it stays there. */
enum err lexer_next(struct lexer *l, struct lexeme *ret, struct problem *problem);

#endif
