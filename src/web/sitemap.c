/*
 * sitemap.c - robots.txt, and the maps it names (sitemaps.org): profiles of people who let themselves be found. Posts are found
 * from there.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/sitemap.h"
#include "text/html.h"
#include "web/page.h"
#include "web/web.h"

#define XML_TYPE V("application/xml; charset=utf-8")
#define NAMESPACE V("http://www.sitemaps.org/schemas/sitemap/0.9")

/* Crawlers are asked to stay off what is not a page to be found. */
static enum err show_robots(struct call *c)
{
	call_header(c, "Content-Type", V("text/plain; charset=utf-8"));
	buf_printf(&c->out,
		   "User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /login\n\nSitemap: %s/sitemap.xml\n",
		   c->core->config.base_url);
	return OK;
}

static struct html begin(struct call *c, const char *root)
{
	call_header(c, "Content-Type", XML_TYPE);
	call_header(c, "Cache-Control", V("public, max-age=3600"));
	struct html h = xml_to(&c->out);
	html_tag(&h, root, A("xmlns", NAMESPACE));
	return h;
}

static void write_map(struct call *c, struct html *h, int64_t behind)
{
	html_open(h, "sitemap");
	html_elem(h, "loc",
		  arena_printf(c->arena, "%s/sitemap/accounts.xml?behind=%" PRId64, c->core->config.base_url, behind));
	html_close(h, "sitemap");
}

static enum err show_index(struct call *c)
{
	int64_t *ends = ARENA_ARRAY(c->arena, SITEMAP_PAGES, int64_t);
	size_t n = 0;

	TRY(sitemap_pages(c->db, ends, &n));
	struct html h = begin(c, "sitemapindex");
	write_map(c, &h, 0);
	for (size_t i = 0; i < n; i++)
		write_map(c, &h, ends[i]);
	html_close(&h, "sitemapindex");
	return html_done(&h);
}

static void write_account(struct call *c, struct html *h, const struct sitemap_entry *e)
{
	char when[CLOCK_ISO_LEN + 1];

	html_open(h, "url");
	html_elem(h, "loc", arena_printf(c->arena, "%s/@%.*s", c->core->config.base_url, VIEW_ARG(e->username)));
	if (e->last_post_at) {
		clock_iso(e->last_post_at, when);
		html_elem(h, "lastmod", view_of(when));
	}
	html_close(h, "url");
}

static enum err show_accounts(struct call *c)
{
	struct sitemap_entry *entries = ARENA_ARRAY(c->arena, SITEMAP_PAGE, struct sitemap_entry);
	size_t n = 0;

	TRY(sitemap_page(c->db, c->arena, arg_id(c, "behind"), entries, &n));
	struct html h = begin(c, "urlset");
	for (size_t i = 0; i < n; i++)
		write_account(c, &h, &entries[i]);
	html_close(&h, "urlset");
	return html_done(&h);
}

#define OTHER(at, fn, runs)                                                                                            \
	.method = HTTP_GET, .path = (at), .handle = (fn), .auth = AUTH_NONE, .meter = METER_FREE, .run = (runs),       \
	.kind = REPLY_OTHER

const struct endpoint web_sitemap[] = {
	{OTHER("/robots.txt", show_robots, RUN_INLINE), .rate = RATE_NONE, .reply = "Text", .doc = "RFC 9309."},
	{OTHER("/sitemap.xml", show_index, RUN_WORKER), .rate = RATE_DEFAULT, .reply = "Sitemap",
	 .doc = "Which maps there are (sitemaps.org)."},
	{OTHER("/sitemap/accounts.xml", show_accounts, RUN_WORKER), .rate = RATE_DEFAULT, .reply = "Sitemap",
	 .params = PARAMS({.name = "behind", .type = PARAM_ID, .doc = "Where the page begins."}),
	 .doc = "Profiles of people who let everybody find their posts by searching."},
	ENDPOINTS_END,
};
