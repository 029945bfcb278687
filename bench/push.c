/*
 * push.c - pushes a second that one core encrypts and signs, without the database and the network around that: for
 * each a key of its own, the secret shared with the app, the keys of the message, AES-GCM, and an ES256 signature (which
 * the server makes once in six hours for a push service, and is counted here each time).
 *
 *   push     prints {"push_per_core_s":…,…}
 */
#include "base/base.h"

#include <sched.h>
#include <time.h>

#include "base/secret.h"
#include "push/ece.h"
#include "push/voucher.h"

#define APPS 256
#define WARM 200
#define SECONDS 2.0
#define BYTES 500 /* a payload of a post with a full body */

struct app {
	char p256dh[BASE64URL_LEN(P256_POINT_LEN) + 1], auth[BASE64URL_LEN(ECE_AUTH_LEN) + 1];
};

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_app(struct app *app)
{
	unsigned char scalar[P256_SCALAR_LEN], point[P256_POINT_LEN], auth[ECE_AUTH_LEN];

	if (p256_make(scalar, point) != OK)
		BUG("no key");
	rand_bytes(auth, sizeof(auth));
	base64url_encode(point, sizeof(point), app->p256dh);
	base64url_encode(auth, sizeof(auth), app->auth);
}

static struct vouchers *make_vouchers(void)
{
	unsigned char scalar[P256_SCALAR_LEN], point[P256_POINT_LEN];
	struct vapid_pair pair;
	struct vouchers *v;

	if (p256_make(scalar, point) != OK)
		BUG("no key");
	base64url_encode(point, sizeof(point), pair.public);
	base64url_encode(scalar, sizeof(scalar), pair.private);
	if (vouchers_new(&pair, "mailto:admin@example.org", &v) != OK)
		BUG("no vouchers");
	return v;
}

/* As push/push.c does it for a subscription it has read. */
static void encrypt_one(const struct app *app, enum ece_coding coding, struct buf *out)
{
	static const char plain[BYTES];
	struct ece_receiver to;
	struct ece_sender from;

	buf_clear(out);
	if (!ece_receiver_parse(view_of(app->p256dh), view_of(app->auth), &to) || ece_sender_make(&from) != OK ||
	    ece_encrypt(coding, &to, &from, view_make(plain, sizeof(plain)), out) != OK)
		BUG("a push could not be encrypted");
}

static void sign_one(struct vouchers *v, size_t i)
{
	char voucher[VOUCHER_MAX];

	if (voucher_sign(v, V("https://push.example"), (int64_t)i, voucher) != OK)
		BUG("a push could not be signed");
}

/* Rounds a second. Half of the apps speak the draft. */
static double rate(const struct app *apps, struct vouchers *v, struct buf *out)
{
	size_t n = 0;
	double begin = thread_seconds(), took;

	do {
		encrypt_one(&apps[n % APPS], n % 2 ? ECE_AES128GCM : ECE_AESGCM, out);
		if (v)
			sign_one(v, n);
		n++;
		took = thread_seconds() - begin;
	} while (n < WARM || took < SECONDS);
	return (double)n / took;
}

int main(void)
{
	static struct app apps[APPS];
	struct buf out;
	cpu_set_t one;

	if (secret_init() != OK)
		return 2;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	struct vouchers *v = make_vouchers();
	buf_init(&out, ECE_MESSAGE_MAX);
	for (size_t i = 0; i < APPS; i++)
		make_app(&apps[i]);
	for (size_t i = 0; i < WARM; i++)
		encrypt_one(&apps[i % APPS], ECE_AES128GCM, &out);
	double signed_each = rate(apps, v, &out), encrypted = rate(apps, NULL, &out);
	printf("{\"push_per_core_s\": %.0f, \"push_encrypt_per_core_s\": %.0f}\n", signed_each, encrypted);
	buf_release(&out);
	vouchers_free(v);
	return 0;
}
