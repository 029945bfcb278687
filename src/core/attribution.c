/*
 * attribution.c - see attribution.h.
 */
#include "base/base.h"

#include "core/attribution.h"

#include "text/url.h"

#define DOMAIN_BYTES 253

SQL(attribution_select, "SELECT domain FROM attribution_domains WHERE account_id = $1 ORDER BY position LIMIT $2");
SQL(attribution_clear, "DELETE FROM attribution_domains WHERE account_id = $1");
SQL(attribution_add, "INSERT INTO attribution_domains (account_id, domain, position) VALUES ($1, $2, $3)"
		     " ON CONFLICT DO NOTHING");

enum err attribution_load(struct db *db, struct arena *a, struct account_id who, struct view *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &attribution_select, BINDS(B_INT(who.v), B_INT(LIMIT_ATTRIBUTION_DOMAINS)));
	while (n < LIMIT_ATTRIBUTION_DOMAINS && rows_next(&r))
		ret[n++] = row_copy(&r, 0, a);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

static struct view without(struct view v, struct view prefix)
{
	return view_starts(v, prefix) ? view_sub(v, prefix.len, v.len) : v;
}

/* ERR_INVALID: no name of a site. */
static enum err read_domain(struct arena *a, struct view written, struct view *ret)
{
	struct buf CLEANUP(buf_release) host = {.max = 4 * DOMAIN_BYTES};
	struct view name = without(without(view_trim(written), V("https://")), V("http://"));
	struct url url;

	name = without(view_sub(name, 0, view_find(name, 0, '/')), V("*."));
	if (name.len > DOMAIN_BYTES || !url_parse(arena_printf(a, "https://%.*s/", VIEW_ARG(name)), &url) ||
	    !view_eq(url.host, name) || view_find(name, 0, '.') == name.len)
		return ERR_INVALID;
	TRY(url_host_lower(&host, name));
	*ret = arena_view(a, buf_view(&host));
	return OK;
}

struct setting {
	struct account_id who;
	const struct view *domains;
	size_t n;
};

static enum err write_domains(struct db *tx, void *arg)
{
	const struct setting *s = arg;

	TRY(db_exec(tx, &attribution_clear, BINDS(B_INT(s->who.v)), NULL));
	for (size_t i = 0; i < s->n; i++)
		TRY(db_exec(tx, &attribution_add, BINDS(B_INT(s->who.v), B_TEXT(s->domains[i]), B_INT(i)), NULL));
	return OK;
}

enum err attribution_set(struct core *c, struct arena *a, struct account_id who, const struct view *domains, size_t n,
			 struct problem *problem)
{
	struct view *read = ARENA_ARRAY(a, n + 1, struct view);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!view_trim(domains[i]).len)
			continue;
		if (read_domain(a, domains[i], &read[kept]) != OK)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: Attribution domains contains an invalid domain");
		kept++;
	}
	if (kept > LIMIT_ATTRIBUTION_DOMAINS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Attribution domains is too long (maximum is %d)",
			    LIMIT_ATTRIBUTION_DOMAINS);
	return store_write(c->store, write_domains, &(struct setting){who, read, kept});
}

/* The domain itself, or one under it. */
static bool covers(struct view domain, struct view host)
{
	return view_ends(host, domain) && (host.len == domain.len || host.p[host.len - domain.len - 1] == '.');
}

enum err attribution_allows(struct db *db, struct arena *a, struct account_id who, struct view host, bool *ret)
{
	struct view domains[LIMIT_ATTRIBUTION_DOMAINS];
	size_t n = 0;

	TRY(attribution_load(db, a, who, domains, &n));
	*ret = false;
	for (size_t i = 0; i < n && !*ret; i++)
		*ret = covers(domains[i], host);
	return OK;
}
