/*
 * p256.c - OpenSSL's functions on points rather than its EVP_PKEY: a pair of keys lives for one message, and making the
 * objects around it would cost more than the mathematics.
 */
#include "base/base.h"
#include "push/p256.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <pthread.h>

static EC_GROUP *group; /* never changed, so any thread may use it */
static pthread_once_t group_once = PTHREAD_ONCE_INIT;

static void make_group(void)
{
	group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	if (!group)
		BUG("OpenSSL does not know P-256");
}

/* What one calculation needs. */
struct sum {
	BN_CTX *ctx;
	BIGNUM *scalar, *x;
	EC_POINT *in, *out;
};

static bool sum_begin(struct sum *s)
{
	pthread_once(&group_once, make_group);
	*s = (struct sum){.ctx = BN_CTX_secure_new(),
			  .scalar = BN_secure_new(),
			  .x = BN_secure_new(),
			  .in = EC_POINT_new(group),
			  .out = EC_POINT_new(group)};
	return s->ctx && s->scalar && s->x && s->in && s->out;
}

static void sum_end(struct sum *s)
{
	EC_POINT_clear_free(s->out);
	EC_POINT_free(s->in);
	BN_clear_free(s->x);
	BN_clear_free(s->scalar);
	BN_CTX_free(s->ctx);
}

/* OpenSSL refuses what is not on the curve. The point at infinity has another length. */
static bool read_point(struct sum *s, const unsigned char point[P256_POINT_LEN])
{
	return point[0] == POINT_CONVERSION_UNCOMPRESSED &&
	       EC_POINT_oct2point(group, s->in, point, P256_POINT_LEN, s->ctx) == 1;
}

bool p256_is_point(const unsigned char point[P256_POINT_LEN])
{
	struct sum s CLEANUP(sum_end);

	return sum_begin(&s) && read_point(&s, point);
}

static bool make_scalar(struct sum *s)
{
	do {
		if (BN_priv_rand_range(s->scalar, EC_GROUP_get0_order(group)) != 1)
			return false;
	} while (BN_is_zero(s->scalar));
	BN_set_flags(s->scalar, BN_FLG_CONSTTIME);
	return true;
}

enum err p256_make(unsigned char ret_scalar[P256_SCALAR_LEN], unsigned char ret_point[P256_POINT_LEN])
{
	struct sum s CLEANUP(sum_end);
	bool ok = sum_begin(&s) && make_scalar(&s) && EC_POINT_mul(group, s.out, s.scalar, NULL, NULL, s.ctx) == 1 &&
		  EC_POINT_point2oct(group, s.out, POINT_CONVERSION_UNCOMPRESSED, ret_point, P256_POINT_LEN, s.ctx) ==
			  P256_POINT_LEN &&
		  BN_bn2binpad(s.scalar, ret_scalar, P256_SCALAR_LEN) == P256_SCALAR_LEN;

	return ok ? OK : ERR_INTERNAL;
}

enum err p256_shared(const unsigned char scalar[P256_SCALAR_LEN], const unsigned char point[P256_POINT_LEN],
		     unsigned char ret[P256_SCALAR_LEN])
{
	struct sum s CLEANUP(sum_end);

	if (!sum_begin(&s) || !BN_bin2bn(scalar, P256_SCALAR_LEN, s.scalar))
		return ERR_INTERNAL;
	BN_set_flags(s.scalar, BN_FLG_CONSTTIME);
	if (!read_point(&s, point))
		return ERR_INVALID;
	bool ok = EC_POINT_mul(group, s.out, NULL, s.in, s.scalar, s.ctx) == 1 &&
		  EC_POINT_get_affine_coordinates(group, s.out, s.x, NULL, s.ctx) == 1 &&
		  BN_bn2binpad(s.x, ret, P256_SCALAR_LEN) == P256_SCALAR_LEN;

	return ok ? OK : ERR_INTERNAL;
}
