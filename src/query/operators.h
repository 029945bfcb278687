/*
 * operators.h - what each operator takes, and what it matches: one row each. Private to this folder.
 */
#ifndef QUERY_OPERATORS_H
#define QUERY_OPERATORS_H

#include "query/ast.h"
#include "query/lexer.h"

/* What reading a value has at hand. */
struct reader {
	struct arena *arena;
	enum query_use use;
	const char *wants; /* set by who refuses a value: "a user name" */
};

/* Fills *ret from a term. ERR_INVALID with words and place. */
enum err leaf_read(struct arena *a, enum query_use use, const struct lexeme *term, struct leaf *ret,
		   struct problem *problem);

/* As it stands in a query, quoted where it must be. */
void leaf_print(struct buf *out, const struct leaf *leaf);

size_t leaf_cost(const struct leaf *leaf);

bool leaf_is_flag(const struct leaf *leaf, unsigned flag);

/* Rows that the search and the index of rules treat by themselves. */
extern const struct operator op_words, op_tag, op_cashtag, op_mention, op_from, op_to, op_url, op_thread, op_replies_of,
	op_boosts_of, op_quotes_of, op_boosts_of_author, op_since, op_until;

#endif
