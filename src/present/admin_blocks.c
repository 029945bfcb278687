/*
 * admin_blocks.c - see admin_blocks.h.
 */
#include "base/base.h"

#include "present/admin_blocks.h"

#include "base/secret.h"

void present_domain_allow(const struct domain_allow *a, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", a->id);
	jw_kv_str(j, "domain", a->domain);
	jw_kv_time(j, "created_at", a->created_at);
	jw_object_end(j);
}

static void comment(struct jw *j, const char *key, struct view v)
{
	if (v.len)
		jw_kv_str(j, key, v);
	else
		jw_kv_null(j, key);
}

void present_domain_block(const struct domain_block *b, struct jw *j)
{
	struct digest d = digest_sha256(b->domain);
	char digest[HEX_LEN(DIGEST_LEN) + 1];

	hex_encode(d.b, DIGEST_LEN, digest);
	jw_object(j);
	jw_kv_id(j, "id", b->id);
	jw_kv_str(j, "domain", b->domain);
	jw_kv_cstr(j, "digest", digest);
	jw_kv_time(j, "created_at", b->created_at);
	jw_kv_cstr(j, "severity", block_severities[b->severity]);
	jw_kv_bool(j, "reject_media", b->reject_media);
	jw_kv_bool(j, "reject_reports", b->reject_reports);
	comment(j, "private_comment", b->private_comment);
	comment(j, "public_comment", b->public_comment);
	jw_kv_bool(j, "obfuscate", b->obfuscate);
	jw_object_end(j);
}

/* Numbers as text, days in seconds, as in Tag.history. */
enum err present_email_domain(const struct present *p, const struct email_domain *d, struct jw *j)
{
	struct email_domain_day days[EMAIL_DOMAIN_DAYS];

	TRY(email_domain_days(p->db, d->domain, days));
	jw_object(j);
	jw_kv_id(j, "id", d->id);
	jw_kv_str(j, "domain", d->domain);
	jw_kv_time(j, "created_at", d->created_at);
	jw_key(j, "history");
	jw_array(j);
	for (size_t i = 0; i < EMAIL_DOMAIN_DAYS; i++) {
		jw_object(j);
		jw_kv_str(j, "day", arena_printf(p->arena, "%" PRId64, days[i].day / 1000));
		jw_kv_str(j, "accounts", arena_printf(p->arena, "%" PRId64, days[i].accounts));
		jw_kv_str(j, "uses", arena_printf(p->arena, "%" PRId64, days[i].uses));
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_kv_bool(j, "allow_with_approval", d->allow_with_approval);
	jw_object_end(j);
	return OK;
}

void present_ip_block(const struct ip_block *b, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", b->id);
	jw_kv_str(j, "ip", b->network);
	jw_kv_cstr(j, "severity", ip_severities[b->severity]);
	jw_kv_str(j, "comment", b->comment);
	jw_kv_time(j, "created_at", b->created_at);
	jw_kv_time(j, "expires_at", b->expires_at);
	jw_object_end(j);
}

void present_canonical_block(const struct canonical_block *b, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", b->id);
	jw_kv_str(j, "canonical_email_hash", b->hash);
	jw_object_end(j);
}
