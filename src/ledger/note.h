/*
 * note.h - signed notes (C2SP signed-note): a text and Ed25519 signatures over it, with keys that have names.
 */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "base/base.h"
#include "base/buf.h"

#define NOTE_MAX 16384	    /* bytes of a whole note */
#define NOTE_NAME_MAX 255   /* of a key */
#define NOTE_SIGNATURES_MAX 32
#define NOTE_SIGNATURE_MAX 2560 /* bytes of one, decoded: larger ones (none are in use) make the note invalid */
#define NOTE_ED25519 0x01   /* signature types */
#define NOTE_COSIGNATURE 0x04
#define NOTE_PUBLIC_LEN 32
#define NOTE_SECRET_LEN 64
#define NOTE_ED25519_LEN 64 /* of a signature */

/* Who can be checked: name, and key with its type. */
struct note_key {
	char name[NOTE_NAME_MAX + 1];
	uint32_t id;
	uint8_t type;
	unsigned char public[NOTE_PUBLIC_LEN];
};
/* "name+hex(id)+base64(type ‖ key)". ERR_INVALID for anything else, also for an id that is not the key's. */
enum err note_key_parse(struct view vkey, struct note_key *ret);
void note_key_write(const struct note_key *key, struct buf *out); /* without a newline */

struct note_signer {
	struct note_key key;
	unsigned char secret[NOTE_SECRET_LEN];
};
/*
 * The signer in dir/key. make: when there is none, makes one of this name (a name without spaces and plus, at most
 * NOTE_NAME_MAX bytes), readable by its owner alone, durable on return. An existing one keeps its name: a log does not
 * change its origin. ERR_NOT_FOUND, ERR_CORRUPT, ERR_INVALID (the name), ERR_UNAVAILABLE (the file).
 */
enum err note_signer_open(const char *dir, const char *name, bool make, struct note_signer *ret,
			  struct problem *problem);
void note_signer_wipe(struct note_signer *s);
/* Ed25519 over text as it is. */
void note_sign_bytes(const struct note_signer *s, struct view text, unsigned char ret[NOTE_ED25519_LEN]);
bool note_bytes_signed(const struct note_key *k, struct view text, const unsigned char signature[NOTE_ED25519_LEN]);
/* The whole note. text: UTF-8, ends in a newline. */
void note_write(const struct note_signer *s, struct view text, struct buf *out);

struct note_signature {
	struct view name;
	uint32_t id;
	struct view base64; /* as written: id and signature */
};
struct note {
	struct view text; /* with its last newline */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	size_t n_signatures;
};
/* Points into v. ERR_INVALID when it is no note, ERR_TOO_LARGE over NOTE_MAX or NOTE_SIGNATURES_MAX. */
enum err note_parse(struct view v, struct note *ret);
/* ERR_NOT_FOUND: this key has not signed. ERR_FORBIDDEN: a signature in its name does not hold. A cosignature
 * (tlog-cosignature) puts its time, in seconds, into *ret_time (may be NULL). */
enum err note_verify(const struct note *n, const struct note_key *key, uint64_t *ret_time);

#endif
