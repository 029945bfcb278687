/*
 * notification_about.c - see notification_about.h.
 */
#include "base/base.h"

#include "present/notification_about.h"

#include "base/limits.h"
#include "moderation/reports.h"
#include "moderation/warnings.h"
#include "present/collection.h"
#include "present/report.h"

static enum err about_report(const struct present *p, int64_t id, struct jw *j)
{
	struct report report;

	TRY(report_load(p->db, p->arena, id, &report));
	return present_report(p, &report, j);
}

static enum err about_warning(const struct present *p, int64_t id, struct jw *j)
{
	struct warning warning;

	TRY(warning_load(p->db, p->arena, id, &warning));
	return present_warning(p, &warning, j);
}

static enum err about_collection(const struct present *p, int64_t id, struct jw *j)
{
	struct collection collection;

	TRY(collection_load(p->db, p->arena, id, &collection));
	return present_collection(p, &collection, j);
}

static const struct {
	const char *key;
	enum err (*present)(const struct present *p, int64_t id, struct jw *j);
} abouts[NOTIFY_KINDS] = {
	[NOTIFY_ADMIN_REPORT] = {"report", about_report},
	[NOTIFY_MODERATION_WARNING] = {"moderation_warning", about_warning},
	[NOTIFY_ADDED_TO_COLLECTION] = {"collection", about_collection},
	[NOTIFY_COLLECTION_UPDATE] = {"collection", about_collection},
};

enum err present_notification_about(const struct present *p, const struct notification *n, struct jw *j)
{
	struct buf out CLEANUP(buf_release) = {.max = LIMIT_REPLY};
	struct jw value = jw_to(&out);

	if (!abouts[n->kind].key)
		return OK;
	TRY(abouts[n->kind].present(p, n->about, &value));
	TRY(buf_err(&out));
	jw_kv_raw(j, abouts[n->kind].key, buf_view(&out));
	return OK;
}
