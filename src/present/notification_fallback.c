/*
 * notification_fallback.c - see notification_fallback.h.
 */
#include "base/base.h"

#include "present/notification_fallback.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "text/html.h"
#include "text/tongue.h"

static const struct view titles[NOTIFY_KINDS] = {
	[NOTIFY_ADMIN_SIGN_UP] = N_("%s signed up"),
	[NOTIFY_ADMIN_REPORT] = N_("%s filed a report"),
	[NOTIFY_MODERATION_WARNING] = N_("The moderators have sent you a warning"),
	[NOTIFY_ADDED_TO_COLLECTION] = N_("%s put you into a collection"),
	[NOTIFY_COLLECTION_UPDATE] = N_("%s changed a collection you are in"),
};
static const struct view summary = N_("This app does not show more of it. It is all on the page %s.");

/* The words, with a link where they say %s. */
static void sentence(struct html *h, struct view said, struct view text, struct view url)
{
	size_t at = 0;

	while (at < said.len && !view_starts(view_sub(said, at, said.len - at), V("%s")))
		at++;
	html_text(h, view_sub(said, 0, at));
	if (at == said.len)
		return;
	html_elem(h, "a", text, A("href", url));
	html_text(h, view_sub(said, at + 2, said.len - at - 2));
}

static enum err kv_sentence(const struct present *p, const char *key, struct view words, struct view text,
			    struct view url, struct jw *j)
{
	struct buf out CLEANUP(buf_release) = {.max = 4 * LIMIT_URL_BYTES};
	struct html h = html_to(&out);

	sentence(&h, say((enum tongue)p->tongue, words), text, url);
	TRY(html_done(&h));
	jw_kv_str(j, key, buf_view(&out));
	return OK;
}

enum err present_notification_fallback(const struct present *p, const struct notification *n, struct jw *j)
{
	struct view page = arena_printf(p->arena, "%s/notifications", p->core->config.base_url);
	struct account from;

	if (!(p->fallbacks & NOTIFY_WITH_FALLBACK & 1u << n->kind))
		return OK;
	TRY(account_load(p->db, p->arena, n->from, &from));
	jw_key(j, "fallback");
	jw_object(j);
	TRY(kv_sentence(p, "title", titles[n->kind], arena_printf(p->arena, "@%.*s", VIEW_ARG(from.username)), from.url,
			j));
	TRY(kv_sentence(p, "summary", summary, page, page, j));
	jw_kv_null(j, "details");
	jw_object_end(j);
	return OK;
}
