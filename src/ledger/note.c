/*
 * note.c - signed notes: written, taken apart, checked. Their keys are in note_key.c.
 */
#include "base/base.h"
#include "ledger/note.h"

#include <sodium.h>

#include "ledger/base64.h"
#include "ledger/note_private.h"

#define ID_LEN 4
#define TIME_LEN 8
#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define COSIGNED_MAX (NOTE_MAX + 64)

void note_sign_bytes(const struct note_signer *s, struct view text, unsigned char ret[NOTE_ED25519_LEN])
{
	crypto_sign_detached(ret, NULL, (const unsigned char *)text.p, text.len, s->secret);
}

bool note_bytes_signed(const struct note_key *k, struct view text, const unsigned char signature[NOTE_ED25519_LEN])
{
	return crypto_sign_verify_detached(signature, (const unsigned char *)text.p, text.len, k->public) == 0;
}

void note_write(const struct note_signer *s, struct view text, struct buf *out)
{
	unsigned char bytes[ID_LEN + NOTE_ED25519_LEN];

	note_put_id(bytes, s->key.id);
	note_sign_bytes(s, text, bytes + ID_LEN);
	buf_add(out, text);
	buf_printf(out, "\n" DASH "%s ", s->key.name);
	base64_add(out, bytes, sizeof(bytes));
	buf_add_c(out, '\n');
}

/* ---- taking apart ---- */

static bool is_plain(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] < ' ' && v.p[i] != '\n')
			return false;
	return utf8_valid(v);
}

/* The last empty line divides text and signatures: answers the offset of its newline, or v.len. */
static size_t find_division(struct view v)
{
	for (size_t i = v.len; i-- > 1;)
		if (v.p[i] == '\n' && v.p[i - 1] == '\n')
			return i;
	return v.len;
}

/* "— name base64", without its newline. */
static enum err parse_signature(struct view line, struct note_signature *ret)
{
	struct view dash = V(DASH), rest = view_sub(line, dash.len, line.len), name;
	unsigned char bytes[NOTE_SIGNATURE_MAX];
	size_t n;

	if (!view_starts(line, dash) || !view_split(&rest, ' ', &name) || !note_name_ok(name) ||
	    !base64_strict(rest, bytes, sizeof(bytes), &n) || n <= ID_LEN)
		return ERR_INVALID;
	*ret = (struct note_signature){.name = name, .id = note_get_id(bytes), .base64 = rest};
	return OK;
}

enum err note_parse(struct view v, struct note *ret)
{
	struct note n = {0};
	size_t division = find_division(v);
	struct view rest = view_sub(v, division + 1, v.len), line;

	if (v.len > NOTE_MAX)
		return ERR_TOO_LARGE;
	if (!is_plain(v) || division == v.len || !rest.len || v.p[v.len - 1] != '\n')
		return ERR_INVALID;
	n.text = view_sub(v, 0, division);
	while (view_split(&rest, '\n', &line)) {
		if (n.n_signatures == NOTE_SIGNATURES_MAX)
			return ERR_TOO_LARGE;
		TRY(parse_signature(line, &n.signatures[n.n_signatures++]));
	}
	*ret = n;
	return OK;
}

/* ---- checking ---- */

static bool check_plain(struct view text, const struct note_key *key, const unsigned char *bytes, size_t n)
{
	return n == NOTE_ED25519_LEN && note_bytes_signed(key, text, bytes);
}

static uint64_t get_u64(const unsigned char p[TIME_LEN])
{
	uint64_t v = 0;

	for (size_t i = 0; i < TIME_LEN; i++)
		v = v << 8 | p[i];
	return v;
}

/* tlog-cosignature: the text behind two lines, the time in the signature. */
static bool check_cosigned(struct view text, const struct note_key *key, const unsigned char *bytes, size_t n,
			   uint64_t *ret_time)
{
	struct buf message;

	if (n != TIME_LEN + NOTE_ED25519_LEN || get_u64(bytes) > INT64_MAX)
		return false;
	buf_init(&message, COSIGNED_MAX);
	buf_printf(&message, "cosignature/v1\ntime %" PRIu64 "\n", get_u64(bytes));
	buf_add(&message, text);
	bool ok = !message.over && note_bytes_signed(key, buf_view(&message), bytes + TIME_LEN);
	buf_release(&message);
	if (ok)
		*ret_time = get_u64(bytes);
	return ok;
}

enum err note_verify(const struct note *n, const struct note_key *key, uint64_t *ret_time)
{
	unsigned char bytes[NOTE_SIGNATURE_MAX];
	uint64_t time = 0;
	bool found = false;
	size_t len;

	for (size_t i = 0; i < n->n_signatures; i++) {
		const struct note_signature *s = &n->signatures[i];

		if (s->id != key->id || !view_is(s->name, key->name))
			continue;
		if (!base64_strict(s->base64, bytes, sizeof(bytes), &len))
			return ERR_FORBIDDEN;
		len -= ID_LEN;
		bool ok = key->type == NOTE_COSIGNATURE ? check_cosigned(n->text, key, bytes + ID_LEN, len, &time)
							: check_plain(n->text, key, bytes + ID_LEN, len);
		if (!ok)
			return ERR_FORBIDDEN;
		found = true;
	}
	if (!found)
		return ERR_NOT_FOUND;
	if (ret_time)
		*ret_time = time;
	return OK;
}
