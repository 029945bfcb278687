/*
 * ece_test.c - the example of RFC 8291 and that of the draft before it, and what apps may give as keys.
 */
#include "base/base.h"
#include "push/ece.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/secret.h"

static void decode(const char *text, void *ret, size_t len)
{
	size_t n;

	assert_true(base64_decode(view_of(text), ret, len, &n));
	assert_int_equal(n, len);
}

static struct view encoded(const struct buf *b)
{
	static char text[BASE64URL_LEN(ECE_MESSAGE_MAX) + 1];

	base64url_encode(b->p, b->len, text);
	return view_of(text);
}

/* RFC 8291, 5 and appendix A. */
static void rfc_8291_example(void **state MAYBE_UNUSED)
{
	struct ece_receiver to;
	struct ece_sender from;
	struct buf out;

	assert_true(ece_receiver_parse(
		V("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
		V("BTBZMqHH6r4Tts7J_aSIgg"), &to));
	decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", from.scalar, sizeof(from.scalar));
	decode("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8", from.point,
	       sizeof(from.point));
	decode("DGv6ra1nlYgDCS1FRnbzlw", from.salt, sizeof(from.salt));
	buf_init(&out, ECE_MESSAGE_MAX);
	assert_int_equal(ece_encrypt(ECE_AES128GCM, &to, &from, V("When I grow up, I want to be a watermelon"), &out),
			 OK);
	assert_true(view_is(encoded(&out), "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
					   "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
					   "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"));
	buf_release(&out);
}

/* draft-ietf-webpush-encryption-04, 5. */
static void draft_example(void **state MAYBE_UNUSED)
{
	struct ece_receiver to;
	struct ece_sender from;
	struct buf out;

	assert_true(ece_receiver_parse(
		V("BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU"),
		V("R29vIGdvbyBnJyBqb29iIQ"), &to));
	decode("nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY", from.scalar, sizeof(from.scalar));
	decode("BNoRDbb84JGm8g5Z5CFxurSqsXWJ11ItfXEWYVLE85Y7CYkDjXsIEc4aqxYaQ1G8BqkXCJ6DPpDrWtdWj_mugHU", from.point,
	       sizeof(from.point));
	decode("lngarbyKfMoi9Z75xYXmkg", from.salt, sizeof(from.salt));
	buf_init(&out, ECE_MESSAGE_MAX);
	assert_int_equal(ece_encrypt(ECE_AESGCM, &to, &from, V("I am the walrus"), &out), OK);
	assert_true(view_is(encoded(&out), "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA"));
	buf_release(&out);
}

static void messages_fit_into_what_services_take(void **state MAYBE_UNUSED)
{
	static const char plain[ECE_PLAIN_MAX + 1];
	struct ece_receiver to = {0};
	struct ece_sender app, from;
	struct buf out;

	assert_int_equal(ece_sender_make(&app), OK);
	assert_int_equal(ece_sender_make(&from), OK);
	memcpy(to.point, app.point, sizeof(to.point));
	buf_init(&out, ECE_MESSAGE_MAX);
	for (int coding = ECE_AES128GCM; coding <= ECE_AESGCM; coding++) {
		buf_clear(&out);
		assert_int_equal(
			ece_encrypt((enum ece_coding)coding, &to, &from, view_make(plain, ECE_PLAIN_MAX), &out), OK);
		buf_clear(&out);
		assert_int_equal(
			ece_encrypt((enum ece_coding)coding, &to, &from, view_make(plain, ECE_PLAIN_MAX + 1), &out),
			ERR_TOO_LARGE);
	}
	buf_release(&out);
}

static void two_pairs_share_a_secret(void **state MAYBE_UNUSED)
{
	unsigned char a[P256_SCALAR_LEN], b[P256_SCALAR_LEN], pa[P256_POINT_LEN], pb[P256_POINT_LEN];
	unsigned char ab[P256_SCALAR_LEN], ba[P256_SCALAR_LEN];

	assert_int_equal(p256_make(a, pa), OK);
	assert_int_equal(p256_make(b, pb), OK);
	assert_true(p256_is_point(pa));
	assert_int_equal(p256_shared(a, pb, ab), OK);
	assert_int_equal(p256_shared(b, pa, ba), OK);
	assert_memory_equal(ab, ba, sizeof(ab));
	pb[40] ^= 1;
	assert_false(p256_is_point(pb));
	assert_int_equal(p256_shared(a, pb, ab), ERR_INVALID);
}

static void keys_that_are_none_are_refused(void **state MAYBE_UNUSED)
{
	const struct view point =
		V("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
	const struct view auth = V("BTBZMqHH6r4Tts7J_aSIgg");
	struct ece_receiver to;

	assert_true(ece_receiver_parse(point, V("BTBZMqHH6r4Tts7J/aSIgg=="), &to));
	assert_false(ece_receiver_parse(point, V(""), &to));
	assert_false(ece_receiver_parse(point, V("BTBZMqHH6r4Tts7J_aSI"), &to));
	assert_false(ece_receiver_parse(point, point, &to));
	assert_false(ece_receiver_parse(auth, auth, &to));
	assert_false(ece_receiver_parse(V(""), auth, &to));
	/* Compressed; not on the curve; all zero. */
	assert_false(ece_receiver_parse(V("AiVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"), auth, &to));
	assert_false(ece_receiver_parse(
		V("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8"), auth,
		&to));
	assert_false(ece_receiver_parse(
		V("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), auth,
		&to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_8291_example),
		cmocka_unit_test(draft_example),
		cmocka_unit_test(messages_fit_into_what_services_take),
		cmocka_unit_test(two_pairs_share_a_secret),
		cmocka_unit_test(keys_that_are_none_are_refused),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
