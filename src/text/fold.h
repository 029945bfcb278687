/*
 * fold.h - one spelling for texts that people take for the same: what search and hashtags compare.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/buf.h"

/*
 * Appends text in NFKC (Unicode Standard Annex 15), full case folding (Unicode 3.13), without accents and points
 * (Latin, Greek, Cyrillic, Hebrew, Arabic) and without invisible characters. Marks that make another letter stay:
 * vowel signs of Indic scripts, the voicing of kana, the breve of й and ў. U+200B stays too, for it parts words.
 * ERR_INVALID when text is not UTF-8, ERR_TOO_LARGE when out is full. Linear but for sorting runs of marks.
 */
enum err fold(struct buf *out, struct view text);

#endif
