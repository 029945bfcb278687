/*
 * note_key.c - keys of signed notes: public ones as verifier keys, the log's own in a file, in the form that Go's
 * golang.org/x/mod/sumdb/note gave it: "PRIVATE+KEY+name+id+base64(type ‖ seed)".
 */
#include "base/base.h"
#include "ledger/note.h"

#include <assert.h>
#include <sodium.h>

#include "base/secret.h"
#include "ledger/base64.h"
#include "ledger/file.h"
#include "ledger/note_private.h"

#define ID_HEX_LEN 8
#define PRIVATE_PREFIX "PRIVATE+KEY+"
#define SEED_LEN crypto_sign_SEEDBYTES
#define KEY_FILE "key"
#define KEY_TEXT_MAX 1024

static_assert(NOTE_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES && NOTE_SECRET_LEN == crypto_sign_SECRETKEYBYTES &&
		      NOTE_ED25519_LEN == crypto_sign_BYTES && SEED_LEN == NOTE_PUBLIC_LEN,
	      "Ed25519");

/* ---- names and ids ---- */

/* White_Space of Unicode beyond ASCII, in UTF-8. */
static const char *const spaces[] = {
	"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

static bool is_space(struct view c)
{
	if (c.len == 3 && memcmp(c.p, "\xe2\x80", 2) == 0 && (unsigned char)c.p[2] <= 0x8a)
		return true; /* U+2000 to U+200A */
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		if (view_is(c, spaces[i]))
			return true;
	return false;
}

bool note_name_ok(struct view name)
{
	if (!name.len || name.len > NOTE_NAME_MAX)
		return false;
	for (size_t at = 0, n; at < name.len; at += n) {
		n = utf8_step(name, at);
		if (n == 0 || (unsigned char)name.p[at] <= ' ' || name.p[at] == '+' || name.p[at] == 0x7f ||
		    is_space(view_sub(name, at, n)))
			return false;
	}
	return true;
}

/* The first four bytes of SHA-256(name ‖ newline ‖ type ‖ key). */
static uint32_t key_id(const struct note_key *k)
{
	unsigned char text[NOTE_NAME_MAX + 2 + NOTE_PUBLIC_LEN];
	size_t n = strlen(k->name);

	memcpy(text, k->name, n);
	text[n++] = '\n';
	text[n++] = k->type;
	memcpy(text + n, k->public, NOTE_PUBLIC_LEN);
	struct digest d = digest_sha256(view_make((const char *)text, n + NOTE_PUBLIC_LEN));
	return note_get_id(d.b);
}

/* "name+id+base64(type ‖ 32 bytes)": both kinds of keys. The id is read, not compared. */
static bool parse_parts(struct view v, struct note_key *ret, unsigned char bytes[1 + NOTE_PUBLIC_LEN])
{
	struct view name, id;
	unsigned char number[ID_HEX_LEN / 2];
	size_t n;

	if (!view_split(&v, '+', &name) || !view_split(&v, '+', &id) || !note_name_ok(name) ||
	    !hex_decode(id, number, sizeof(number)) || !base64_strict(v, bytes, 1 + NOTE_PUBLIC_LEN, &n) ||
	    n != 1 + NOTE_PUBLIC_LEN)
		return false;
	*ret = (struct note_key){.type = bytes[0], .id = note_get_id(number)};
	memcpy(ret->name, name.p, name.len);
	return true;
}

/* ---- public keys ---- */

enum err note_key_parse(struct view vkey, struct note_key *ret)
{
	unsigned char bytes[1 + NOTE_PUBLIC_LEN];
	struct note_key k;

	if (!parse_parts(vkey, &k, bytes))
		return ERR_INVALID;
	memcpy(k.public, bytes + 1, NOTE_PUBLIC_LEN);
	if ((k.type != NOTE_ED25519 && k.type != NOTE_COSIGNATURE) || k.id != key_id(&k))
		return ERR_INVALID;
	*ret = k;
	return OK;
}

static void write_parts(const struct note_key *key, const unsigned char material[NOTE_PUBLIC_LEN], struct buf *out)
{
	unsigned char bytes[1 + NOTE_PUBLIC_LEN] = {key->type};

	memcpy(bytes + 1, material, NOTE_PUBLIC_LEN);
	buf_printf(out, "%s+%08" PRIx32 "+", key->name, key->id);
	base64_add(out, bytes, sizeof(bytes));
	secret_wipe(bytes, sizeof(bytes));
}

void note_key_write(const struct note_key *key, struct buf *out)
{
	write_parts(key, key->public, out);
}

/* ---- the signer's ---- */

static void signer_make(struct note_signer *s, struct view name, const unsigned char seed[SEED_LEN])
{
	*s = (struct note_signer){.key.type = NOTE_ED25519};
	memcpy(s->key.name, name.p, name.len);
	crypto_sign_seed_keypair(s->key.public, s->secret, seed);
	s->key.id = key_id(&s->key);
}

void note_signer_wipe(struct note_signer *s)
{
	secret_wipe(s->secret, sizeof(s->secret));
}

static enum err parse_private(struct view v, struct note_signer *ret)
{
	unsigned char bytes[1 + SEED_LEN];
	struct view prefix = V(PRIVATE_PREFIX);
	struct note_key k;

	if (!view_starts(v, prefix) || !parse_parts(view_sub(v, prefix.len, v.len), &k, bytes) ||
	    k.type != NOTE_ED25519)
		return ERR_CORRUPT;
	signer_make(ret, view_of(k.name), bytes + 1);
	secret_wipe(bytes, sizeof(bytes));
	return ret->key.id == k.id ? OK : ERR_CORRUPT;
}

static enum err signer_load(const char *path, struct note_signer *ret)
{
	struct note_signer s;
	struct buf text;

	buf_init(&text, KEY_TEXT_MAX);
	enum err err = file_read(path, &text);
	if (err == OK)
		err = parse_private(view_trim(buf_view(&text)), &s);
	else if (err == ERR_TOO_LARGE)
		err = ERR_CORRUPT;
	if (text.p)
		secret_wipe(text.p, text.len);
	buf_release(&text);
	if (err == OK)
		*ret = s;
	return err;
}

static enum err signer_create(const char *path, struct view name, struct note_signer *ret)
{
	unsigned char seed[SEED_LEN];
	struct note_signer s;
	struct buf text;

	rand_bytes(seed, sizeof(seed));
	signer_make(&s, name, seed);
	buf_init(&text, KEY_TEXT_MAX);
	buf_add(&text, V(PRIVATE_PREFIX));
	write_parts(&s.key, seed, &text);
	buf_add_c(&text, '\n');
	enum err err = file_replace(path, buf_view(&text), 0600, FILE_DURABLE);
	secret_wipe(text.p, text.len);
	buf_release(&text);
	secret_wipe(seed, sizeof(seed));
	if (err == OK)
		*ret = s;
	return err;
}

enum err note_signer_open(const char *dir, const char *name, bool make, struct note_signer *ret,
			  struct problem *problem)
{
	char path[FILE_PATH_MAX];

	TRY(file_path(dir, KEY_FILE, path));
	enum err err = signer_load(path, ret);
	if (err == ERR_NOT_FOUND && make) {
		if (!note_name_ok(view_of(name)))
			return fail(problem, ERR_INVALID, "%.100s cannot be the name of a ledger", name);
		err = signer_create(path, view_of(name), ret);
	}
	if (err == ERR_CORRUPT)
		return fail(problem, err, "%.180s is not a signing key; restore it from a backup", path);
	return err == OK ? OK : fail(problem, err, "the signing key %.180s: %s", path, err_name(err));
}
