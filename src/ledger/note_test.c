/*
 * note_test.c - signed notes against the example of C2SP's signed-note and of Go's package that they come from, keys in
 * files, cosignatures, and what is no note.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/base64.h"
#include "ledger/checkpoint.h"
#include "ledger/note_private.h"

/* signed-note, "Example" */
#define SPEC_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_NOTE                                                                                                      \
	"This is an example message.\n\n"                                                                              \
	"— example.com/foo "                                                                                           \
	"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
/* golang.org/x/mod/sumdb/note, package documentation */
#define GO_PRIVATE "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
#define GO_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_NOTE                                                                                                        \
	"If you think cryptography is the answer to your problem,\n"                                                   \
	"then you don't know what your problem is.\n\n"                                                                \
	"— PeterNeumann "                                                                                              \
	"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static char dir[] = "/tmp/kicau-note-XXXXXX";

static void example_of_the_specification(void **state MAYBE_UNUSED)
{
	struct note_key key;
	struct note n;
	struct buf out;

	assert_int_equal(note_key_parse(V(SPEC_KEY), &key), OK);
	assert_string_equal(key.name, "example.com/foo");
	assert_int_equal(note_parse(V(SPEC_NOTE), &n), OK);
	assert_true(view_is(n.text, "This is an example message.\n"));
	assert_int_equal(note_verify(&n, &key, NULL), OK);
	buf_init(&out, NOTE_MAX);
	note_key_write(&key, &out);
	assert_string_equal(out.p, SPEC_KEY);
	buf_release(&out);
}

static void write_key(const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/key", dir);
	unlink(path);
	if (!text)
		return;
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void example_of_go(void **state MAYBE_UNUSED)
{
	struct note_signer s;
	struct problem p;
	struct buf out;

	write_key(GO_PRIVATE);
	assert_int_equal(note_signer_open(dir, "not asked for", true, &s, &p), OK);
	buf_init(&out, NOTE_MAX);
	note_key_write(&s.key, &out);
	assert_string_equal(out.p, GO_KEY);
	buf_clear(&out);
	note_write(&s,
		   V("If you think cryptography is the answer to your problem,\n"
		     "then you don't know what your problem is.\n"),
		   &out);
	assert_string_equal(out.p, GO_NOTE);
	buf_release(&out);
	note_signer_wipe(&s);
}

static void key_file(void **state MAYBE_UNUSED)
{
	struct note_signer a, b;
	struct problem p;
	struct stat st;
	char path[64];

	write_key(NULL);
	assert_int_equal(note_signer_open(dir, "example.org/log", false, &a, &p), ERR_NOT_FOUND);
	assert_int_equal(note_signer_open(dir, "example.org log", true, &a, &p), ERR_INVALID);
	assert_int_equal(note_signer_open(dir, "example.org/log", true, &a, &p), OK);
	assert_int_equal(note_signer_open(dir, "another.example/log", true, &b, &p), OK);
	assert_memory_equal(&a, &b, sizeof(a));
	snprintf(path, sizeof(path), "%s/key", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	write_key("PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n");
	assert_int_equal(note_signer_open(dir, "x", true, &a, &p), ERR_CORRUPT);
	write_key("");
	assert_int_equal(note_signer_open(dir, "x", true, &a, &p), ERR_CORRUPT);
}

static void every_flipped_bit(void **state MAYBE_UNUSED)
{
	struct note_key key;
	struct note n;
	char text[] = SPEC_NOTE;

	assert_int_equal(note_key_parse(V(SPEC_KEY), &key), OK);
	for (size_t i = 0; i < 8 * (sizeof(text) - 1); i++) {
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		assert_true(note_parse(view_of(text), &n) != OK || note_verify(&n, &key, NULL) != OK);
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
	}
}

static void keys_refused(void **state MAYBE_UNUSED)
{
	static const char *const keys[] = {
		"",
		"+",
		"a+b+c",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", /* another id */
		"example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
		"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", /* type 2 */
		"example.com/ foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
	};
	struct note_key key;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_int_equal(note_key_parse(view_of(keys[i]), &key), ERR_INVALID);
}

static void notes_refused(void **state MAYBE_UNUSED)
{
	static const char *const notes[] = {
		"",
		"\n",
		"\n\n",
		"text\n",
		"text\n\n",
		"text\n— a AAAAAAA=\n",
		"text\n\n— a AAAAAAA=",		 /* the last newline */
		"text\n\n- a AAAAAAA=\n",	 /* the dash */
		"text\n\n— a  AAAAAAA=\n",	 /* two spaces */
		"text\n\n— a AAAAAA==\n",	 /* an id and nothing */
		"text\n\n— a AAAAAAB=\n",	 /* bits that are not looked at */
		"text\n\n— a+b AAAAAAA=\n",	 /* names */
		"text\n\n— a\xc2\xa0z AAAAAAA=\n",
		"text\n\n— a\xe2\x80\x8az AAAAAAA=\n",
		"te\txt\n\n— a AAAAAAA=\n", "te\rxt\n\n— a AAAAAAA=\n", "te\xffxt\n\n— a AAAAAAA=\n",
		"text\n\n— a AAAAAAA=\nb\n",
	};
	struct note n;

	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		assert_int_equal(note_parse(view_of(notes[i]), &n), ERR_INVALID);
	assert_int_equal(note_parse(V("text\n\n— a AAAAAAA=\n"), &n), OK);
	assert_int_equal(note_parse(V("a\n\nb\n\n— a AAAAAAA=\n"), &n), OK);
	assert_true(view_is(n.text, "a\n\nb\n"));
}

static void limits(void **state MAYBE_UNUSED)
{
	struct note n;
	struct buf v;

	buf_init(&v, 4 * NOTE_MAX);
	buf_add(&v, V("text\n\n"));
	for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_add_str(&v, "— a AAAAAAA=\n");
	assert_int_equal(note_parse(buf_view(&v), &n), OK);
	assert_int_equal(n.n_signatures, NOTE_SIGNATURES_MAX);
	buf_add_str(&v, "— a AAAAAAA=\n");
	assert_int_equal(note_parse(buf_view(&v), &n), ERR_TOO_LARGE);
	buf_clear(&v);
	while (v.len <= NOTE_MAX)
		buf_add(&v, V("text "));
	buf_add_str(&v, "\n\n— a AAAAAAA=\n");
	assert_int_equal(note_parse(buf_view(&v), &n), ERR_TOO_LARGE);
	buf_release(&v);
}

/* A cosignature of a witness, made here from tlog-cosignature's own words. */
static void cosignatures(void **state MAYBE_UNUSED)
{
	static const char text[] =
		"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
	struct note_signer s = {.key = {.name = "witness.example/w1", .type = NOTE_COSIGNATURE}};
	unsigned char bytes[4 + 8 + NOTE_ED25519_LEN] = {0}, seed[32] = {7};
	char message[256];
	struct checkpoint c;
	struct note n;
	struct buf out;
	uint64_t time;

	crypto_sign_seed_keypair(s.key.public, s.secret, seed);
	s.key.id = 0x01020304;
	note_put_id(bytes, s.key.id);
	bytes[8] = 0x64;
	bytes[9] = 0x17;
	bytes[10] = 0x0c;
	bytes[11] = 0x8b; /* 1679232139 */
	snprintf(message, sizeof(message), "cosignature/v1\ntime 1679232139\n%s", text);
	note_sign_bytes(&s, view_of(message), bytes + 12);
	buf_init(&out, NOTE_MAX);
	buf_printf(&out, "%s\n— witness.example/w1 ", text);
	base64_add(&out, bytes, sizeof(bytes));
	buf_add_c(&out, '\n');
	assert_int_equal(note_parse(buf_view(&out), &n), OK);
	assert_int_equal(note_verify(&n, &s.key, &time), OK);
	assert_int_equal(time, 1679232139);
	assert_int_equal(checkpoint_parse(n.text, &c), OK);
	assert_int_equal(c.size, 20852163);
	s.key.type = NOTE_ED25519;
	assert_int_equal(note_verify(&n, &s.key, &time), ERR_FORBIDDEN);
	s.key.id++;
	assert_int_equal(note_verify(&n, &s.key, &time), ERR_NOT_FOUND);
	buf_release(&out);
}

static void checkpoints(void **state MAYBE_UNUSED)
{
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
	static const char *const wrong[] = {
		"", "a\n", "a\n1\n", "a\n1\n" ROOT, "\n1\n" ROOT "\n", "a\n01\n" ROOT "\n", "a\n-1\n" ROOT "\n", "a\n\n" ROOT "\n",
		"a\n1\n" ROOT "=\n", "a\n1\nAAAA\n", "a\n1\n" ROOT "\n\n", "a\n1\n" ROOT "\nx", "a\n18446744073709551615\n" ROOT "\n",
		"a\n1\nC\x8d\xaa\xa6\xa8pGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
		"a\n9223372036854775808\n" ROOT "\n",
	};
	struct checkpoint c;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(checkpoint_parse(view_of(wrong[i]), &c), ERR_INVALID);
	assert_int_equal(checkpoint_parse(V("a\n0\n" ROOT "\n"), &c), OK);
	assert_int_equal(checkpoint_parse(V("a b\n12\n" ROOT "\nmore\nlines\n"), &c), OK);
	assert_true(view_is(c.extension, "more\nlines\n"));
	assert_int_equal(c.size, 12);
}

static void signed_checkpoints(void **state MAYBE_UNUSED)
{
	struct checkpoint c = {V("example.org/log"), 5, {{1}}, V("")}, read;
	struct note_signer s, other;
	struct problem p;
	struct buf text, note;

	write_key(NULL);
	assert_int_equal(note_signer_open(dir, "another.example/log", true, &other, &p), OK);
	write_key(NULL);
	assert_int_equal(note_signer_open(dir, "example.org/log", true, &s, &p), OK);
	buf_init(&text, NOTE_MAX);
	buf_init(&note, NOTE_MAX);
	checkpoint_write(&c, &text);
	note_write(&s, buf_view(&text), &note);
	assert_int_equal(checkpoint_open(buf_view(&note), &s.key, &read), OK);
	assert_int_equal(read.size, 5);
	assert_true(digest_eq(&read.root, &c.root));
	assert_int_equal(checkpoint_open(buf_view(&note), &other.key, &read), ERR_FORBIDDEN);
	buf_clear(&note);
	note_write(&other, buf_view(&text), &note); /* signed, but this log is not the key's */
	assert_int_equal(checkpoint_open(buf_view(&note), &other.key, &read), ERR_FORBIDDEN);
	buf_release(&text);
	buf_release(&note);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_the_specification), cmocka_unit_test(example_of_go),
		cmocka_unit_test(key_file),			cmocka_unit_test(every_flipped_bit),
		cmocka_unit_test(keys_refused),			cmocka_unit_test(notes_refused),
		cmocka_unit_test(limits),			cmocka_unit_test(cosignatures),
		cmocka_unit_test(checkpoints),			cmocka_unit_test(signed_checkpoints),
	};

	if (secret_init() != OK || !mkdtemp(dir))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	write_key(NULL);
	rmdir(dir);
	return failed;
}
