/*
 * word.c - /admin/announcements/:id and /admin/rules/:id: one of them, to be changed where it stands.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/announcements.h"
#include "core/roles.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"
#include "staff/words.h"

enum { ANNOUNCEMENT, ANNOUNCEMENT_CHANGE, RULE, RULE_CHANGE };

static void draw_form(struct call *c, struct html *h, const struct staff_act *act, int64_t id, struct view text,
		      const struct view *values)
{
	html_elem(h, "p", text, A("class", V("lead")), A("dir", V("auto")));
	staff_act_draw(c, h, act, &(struct table_row){.id = id}, V(""), values);
}

/* ---- an announcement ---- */

/* Of a date field; 0: empty. */
static struct view day_value(struct call *c, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	if (!ms)
		return V("");
	clock_iso(ms, iso);
	return arena_view(c->arena, view_sub(view_of(iso), 0, strlen("2026-12-31")));
}

/* The form knows days only: one that stays the same keeps its hour. */
static enum err change_day(struct call *c, const char *name, int64_t *ms)
{
	int64_t day;

	TRY(words_day(c, name, &day));
	if (!day || !*ms || clock_midnight(day) != clock_midnight(*ms))
		*ms = day;
	return OK;
}

static enum err change_announcement(struct call *c)
{
	struct announcement n;

	TRY(announcement_load(c->db, c->arena, (struct account_id){0}, arg_id(c, "id"), &n));
	n.text = arg_str(c, "text");
	TRY(change_day(c, "starts_at", &n.starts_at));
	TRY(change_day(c, "ends_at", &n.ends_at));
	TRY(announcement_update(c->core, &n, &c->problem));
	return words_note(c, "update", "announcement", n.id, n.text);
}

static const struct staff_act announcement_acts[] = {
	{.row = &staff_word[ANNOUNCEMENT_CHANGE],
	 .run = change_announcement,
	 .words = N_("Save"),
	 .title = N_("Change what it says"),
	 .place = ACT_DRAWN,
	 .fields = announcement_fields},
	{0},
};

static enum err draw_announcement(struct call *c, struct html *h)
{
	struct announcement n;

	TRY(announcement_load(c->db, c->arena, (struct account_id){0}, arg_id(c, "id"), &n));
	const struct view values[] = {n.text, day_value(c, n.starts_at), day_value(c, n.ends_at)};
	draw_form(c, h, &announcement_acts[0], n.id, n.text, values);
	return OK;
}

/* ---- a rule ---- */

static enum err change_rule(struct call *c)
{
	const struct rule rule = {arg_id(c, "id"), arg_str(c, "text"), arg_str(c, "hint")};

	TRY(rule_update(c->core, &rule, &c->problem));
	return words_note(c, "update", "rule", rule.id, rule.text);
}

static const struct staff_act rule_acts[] = {
	{.row = &staff_word[RULE_CHANGE],
	 .run = change_rule,
	 .words = N_("Save"),
	 .title = N_("Change what it says"),
	 .place = ACT_DRAWN,
	 .fields = rule_fields},
	{0},
};

static enum err draw_rule(struct call *c, struct html *h)
{
	struct rule rule;

	TRY(words_rule(c, arg_id(c, "id"), &rule));
	draw_form(c, h, &rule_acts[0], rule.id, rule.text, (const struct view[]){rule.text, rule.hint});
	return OK;
}

const struct endpoint staff_word[] = {
	[ANNOUNCEMENT] = {STAFF_GET("/admin/announcements/:id", WORDS_ANNOUNCING),
			  .params = PARAMS(STAFF_ID("The announcement.")), .doc = "One announcement."},
	[ANNOUNCEMENT_CHANGE] = {STAFF_POST("/admin/announcements/:id/change", WORDS_ANNOUNCING),
				 .params = PARAMS(STAFF_ID("The announcement."), ANNOUNCEMENT_PARAMS, STAFF_BACK),
				 .doc = "Changes an announcement; who has read it is not shown it again."},
	[RULE] = {STAFF_GET("/admin/rules/:id", WORDS_RULING), .params = PARAMS(STAFF_ID("The rule.")), .doc = "One rule."},
	[RULE_CHANGE] = {STAFF_POST("/admin/rules/:id/change", WORDS_RULING),
			 .params = PARAMS(STAFF_ID("The rule."), RULE_PARAMS, STAFF_BACK),
			 .doc = "Changes a rule, which keeps its number and its place."},
	ENDPOINTS_END,
};

const struct staff_page page_announcement = {.row = &staff_word[ANNOUNCEMENT],
					     .title = N_("Announcement"),
					     .section = SECTION_WORDS,
					     .of = &page_announcements,
					     .draw = draw_announcement,
					     .acts = announcement_acts};
const struct staff_page page_rule = {.row = &staff_word[RULE],
				     .title = N_("Rule"),
				     .section = SECTION_WORDS,
				     .of = &page_rules,
				     .draw = draw_rule,
				     .acts = rule_acts};
