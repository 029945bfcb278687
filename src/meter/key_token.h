/*
 * key_token.h - how keys of licensees look: "kicau_", 40 random letters and digits (238 bits), and 6 that are made of
 * them, so that a scanner for leaked secrets finds them (kicau_[0-9A-Za-z]{46}) and tells a real one from an example
 * without asking anybody: the first 32 bits of the SHA-256 of what stands before, as a number of base 62 in 0-9A-Za-z.
 */
#ifndef METER_KEY_TOKEN_H
#define METER_KEY_TOKEN_H

#include "base/base.h"

#define KEY_TOKEN_PREFIX "kicau_"
#define KEY_TOKEN_LEN 52
#define KEY_HINT_LEN 4 /* last characters, by which people tell keys apart */

void key_token_make(char ret[KEY_TOKEN_LEN + 1]);
/* It may be one: its last characters follow from the others. */
bool key_token_plausible(struct view token);

#endif
