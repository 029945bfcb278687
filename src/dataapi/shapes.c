/*
 * shapes.c - what the answers of the data API hold, as tables: the OpenAPI file is made of them. X's document has most of
 * these shapes (docs.x.com); what is ours says so. tests/data/openapi.test.mjs holds every answer against them.
 */
#include "base/base.h"

#include "gate/shape.h"

#include "dataapi/groups.h"
#include "licensed/consent.h"
#include "meter/plan_fields.h"

#define ID(name_) {.name = (name_), .type = MEMBER_ID, .how = HOW_ALWAYS}
#define TEXT(name_) {.name = (name_), .type = MEMBER_TEXT, .how = HOW_ALWAYS}
#define INT(name_) {.name = (name_), .type = MEMBER_INT, .how = HOW_ALWAYS}
#define BOOL(name_) {.name = (name_), .type = MEMBER_BOOL, .how = HOW_ALWAYS}
#define TIME(name_) {.name = (name_), .type = MEMBER_TIME, .how = HOW_ALWAYS}
#define MAY(type_, name_) {.name = (name_), .type = MEMBER_##type_}
#define OF(name_, shape_, how_) {.name = (name_), .type = MEMBER_SHAPE, .of = (shape_), .how = (how_)}
#define WORD(name_, words_, how_) {.name = (name_), .type = MEMBER_TEXT, .choices = (words_), .how = (how_)}
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SHAPE(name_, ...) {.name = (name_), .members = MEMBERS(__VA_ARGS__)}

/* Of the plan's own table, so that a new field is in the document as well. */
static bool plan_member(size_t i, struct member *ret)
{
	static const enum member_type types[] = {[PLAN_MONEY] = MEMBER_INT,
						 [PLAN_COUNT] = MEMBER_INT,
						 [PLAN_FLAG] = MEMBER_BOOL,
						 [PLAN_USES] = MEMBER_TEXT};
	static const struct member first[] = {TEXT("name"), INT("version")};

	if (i < ARRAY_LEN(first)) {
		*ret = first[i];
		return true;
	}
	const struct plan_field *f = &plan_fields[i - ARRAY_LEN(first)];

	*ret = (struct member){.name = f->name, .type = types[f->type], .how = HOW_ALWAYS, .doc = f->doc};
	if (f->type == PLAN_USES) {
		ret->how |= HOW_MANY;
		ret->choices = use_names;
	}
	return f->name != NULL;
}

#define SPAN INT("start"), INT("end")
#define BILLED                                                                                                         \
	{.name = "billed", .type = MEMBER_TEXT, .how = HOW_ALWAYS, .doc = "As the header Kicau-Billed."}, INT("cost_micro")

const struct shape data_shapes[] = {
	/* ---- posts ---- */
	SHAPE("Tweet", ID("id"), TEXT("text"),
	      {"edit_history_tweet_ids", MEMBER_ID, HOW_ALWAYS | HOW_MANY, .doc = "One: an edit keeps the id."},
	      OF("attachments", "TweetAttachments", 0), MAY(ID, "author_id"), MAY(ID, "conversation_id"), MAY(TIME, "created_at"),
	      OF("edit_controls", "TweetEditControls", 0), OF("entities", "TextEntities", 0), MAY(ID, "in_reply_to_user_id"),
	      {"lang", MEMBER_TEXT, .doc = "ISO 639; und: nobody knows."}, OF("note_tweet", "NoteTweet", 0),
	      MAY(BOOL, "possibly_sensitive"), OF("public_metrics", "TweetMetrics", 0),
	      OF("referenced_tweets", "TweetReference", HOW_MANY), WORD("reply_settings", WORDS("everyone"), 0),
	      {"source", MEMBER_TEXT, .doc = "The app it was written with."}, OF("kicau", "TweetKicau", 0)),
	SHAPE("TweetAttachments", {"media_keys", MEMBER_TEXT, HOW_MANY}, {"poll_ids", MEMBER_ID, HOW_MANY}),
	SHAPE("TweetEditControls", INT("edits_remaining"), BOOL("is_edit_eligible"), TIME("editable_until")),
	SHAPE("NoteTweet", TEXT("text"), OF("entities", "TextEntities", 0)),
	SHAPE("TweetMetrics", INT("retweet_count"), INT("reply_count"), INT("like_count"), INT("quote_count"),
	      INT("bookmark_count"), INT("impression_count")),
	SHAPE("TweetReference", WORD("type", WORDS("retweeted", "quoted", "replied_to"), HOW_ALWAYS), ID("id")),
	SHAPE("TweetKicau", {"url", MEMBER_URL, HOW_ALWAYS}, {"version", MEMBER_INT, HOW_ALWAYS, .doc = "0, and one more for each edit."},
	      MAY(TIME, "edited_at"), {"warning", MEMBER_TEXT, .doc = "Above the post."}),
	SHAPE("TextEntities", OF("urls", "UrlEntity", HOW_MANY), OF("mentions", "MentionEntity", HOW_MANY), OF("hashtags", "TagEntity", HOW_MANY)),
	SHAPE("UrlEntity", SPAN, TEXT("url"), TEXT("expanded_url"), TEXT("display_url"), MAY(TEXT, "title"), MAY(TEXT, "description")),
	SHAPE("MentionEntity", SPAN, TEXT("username"), ID("id")),
	SHAPE("TagEntity", SPAN, TEXT("tag")),
	SHAPE("Media", TEXT("media_key"), WORD("type", WORDS("photo", "video", "animated_gif"), HOW_ALWAYS), MAY(TEXT, "alt_text"),
	      MAY(INT, "duration_ms"), MAY(INT, "height"), MAY(INT, "width"), MAY(URL, "preview_image_url"), MAY(URL, "url"),
	      OF("variants", "MediaVariant", HOW_MANY)),
	SHAPE("MediaVariant", MAY(INT, "bit_rate"), TEXT("content_type"), {"url", MEMBER_URL, HOW_ALWAYS}),
	SHAPE("TweetPoll", ID("id"), OF("options", "TweetPollOption", HOW_ALWAYS | HOW_MANY), MAY(INT, "duration_minutes"),
	      MAY(TIME, "end_datetime"), WORD("voting_status", WORDS("open", "closed"), 0)),
	SHAPE("TweetPollOption", INT("position"), TEXT("label"), INT("votes")),
	/* ---- users ---- */
	SHAPE("User", ID("id"), TEXT("name"), TEXT("username"), MAY(TIME, "created_at"), MAY(TEXT, "description"),
	      OF("entities", "UserEntities", 0), MAY(URL, "profile_banner_url"), MAY(ID, "pinned_tweet_id"), MAY(URL, "profile_image_url"),
	      MAY(BOOL, "protected"), OF("public_metrics", "UserMetrics", 0), MAY(TEXT, "url"), MAY(BOOL, "verified"),
	      WORD("verified_type", WORDS("none"), 0), OF("kicau", "UserKicau", 0)),
	SHAPE("UserEntities", OF("url", "TextEntities", 0), OF("description", "TextEntities", 0)),
	SHAPE("UserMetrics", INT("followers_count"), INT("following_count"), INT("tweet_count"), INT("listed_count")),
	SHAPE("UserKicau", {"url", MEMBER_URL, HOW_ALWAYS}, BOOL("bot"), WORD("uses", use_names, HOW_ALWAYS | HOW_MANY)),
	/* ---- answers with them ---- */
	SHAPE("Includes", OF("users", "User", HOW_MANY), OF("tweets", "Tweet", HOW_MANY), OF("media", "Media", HOW_MANY), OF("polls", "TweetPoll", HOW_MANY)),
	SHAPE("Missing", TEXT("value"), TEXT("detail"), TEXT("title"), WORD("resource_type", WORDS("tweet", "user"), HOW_ALWAYS),
	      TEXT("parameter"), TEXT("resource_id"), TEXT("type")),
	SHAPE("ListMeta", INT("result_count"), MAY(ID, "newest_id"), MAY(ID, "oldest_id"),
	      {"next_token", MEMBER_TEXT, .doc = "For pagination_token: of the page behind."},
	      {"previous_token", MEMBER_TEXT, .doc = "For pagination_token: of the page before."}),
	SHAPE("TweetAnswer", OF("data", "Tweet", 0), OF("includes", "Includes", 0), OF("errors", "Missing", HOW_MANY)),
	SHAPE("TweetsAnswer", OF("data", "Tweet", HOW_MANY), OF("includes", "Includes", 0), OF("errors", "Missing", HOW_MANY), OF("meta", "ListMeta", 0)),
	SHAPE("UserAnswer", OF("data", "User", 0), OF("includes", "Includes", 0), OF("errors", "Missing", HOW_MANY)),
	SHAPE("UsersAnswer", OF("data", "User", HOW_MANY), OF("includes", "Includes", 0), OF("errors", "Missing", HOW_MANY), OF("meta", "ListMeta", 0)),
	SHAPE("TweetCounts", OF("data", "TweetCount", HOW_ALWAYS | HOW_MANY), OF("meta", "TweetCountsMeta", HOW_ALWAYS)),
	SHAPE("TweetCount", TIME("start"), TIME("end"), INT("tweet_count")),
	SHAPE("TweetCountsMeta", INT("total_tweet_count"), MAY(TEXT, "next_token")),
	/* ---- streams ---- */
	SHAPE("StreamLine", OF("data", "Tweet", 0), OF("includes", "Includes", 0), OF("matching_rules", "MatchingRule", HOW_MANY),
	      OF("kicau", "BatchKicau", 0), OF("errors", "Disconnect", HOW_MANY)),
	SHAPE("MatchingRule", ID("id"), TEXT("tag")),
	SHAPE("BatchKicau", BILLED, INT("ledger_index"), TEXT("receipt")),
	SHAPE("Disconnect", TEXT("title"), TEXT("disconnect_type"), TEXT("detail"), TEXT("type")),
	SHAPE("StreamRules", OF("data", "StreamRule", HOW_MANY), OF("meta", "StreamRulesMeta", HOW_ALWAYS), OF("errors", "RuleProblem", HOW_MANY)),
	SHAPE("StreamRule", ID("id"), TEXT("value"), MAY(TEXT, "tag")),
	SHAPE("StreamRulesMeta", TIME("sent"), MAY(INT, "result_count"), MAY(TEXT, "next_token"), OF("summary", "RulesSummary", 0)),
	SHAPE("RulesSummary", MAY(INT, "created"), MAY(INT, "not_created"), MAY(INT, "valid"), MAY(INT, "invalid"), MAY(INT, "deleted"),
	      MAY(INT, "not_deleted")),
	SHAPE("RuleProblem", MAY(TEXT, "value"), MAY(ID, "id"), {"details", MEMBER_TEXT, HOW_MANY}, TEXT("title"), TEXT("type"),
	      MAY(TEXT, "detail"), OF("errors", "WrongParameter", HOW_MANY)),
	SHAPE("NewRule", TEXT("value"), MAY(TEXT, "tag")),
	SHAPE("RulesToDelete", {"ids", MEMBER_ID, HOW_MANY}, {"values", MEMBER_TEXT, HOW_MANY}),
	/* ---- what must be done with copies ---- */
	SHAPE("ComplianceEvent", OF("data", "ComplianceChange", 0), OF("kicau", "EventKicau", 0), OF("errors", "Disconnect", HOW_MANY)),
	SHAPE("ComplianceChange", OF("delete", "ChangedTweet", 0), OF("tweet_edit", "EditedTweet", 0), OF("user_delete", "ChangedUser", 0),
	      OF("user_undelete", "ChangedUser", 0), OF("user_suspend", "ChangedUser", 0), OF("user_unsuspend", "ChangedUser", 0),
	      OF("user_protect", "ChangedUser", 0), OF("user_unprotect", "ChangedUser", 0)),
	SHAPE("ChangedTweet", OF("tweet", "TweetName", HOW_ALWAYS), TIME("event_at")),
	SHAPE("EditedTweet", OF("tweet", "TweetName", HOW_ALWAYS), ID("initial_tweet_id"), {"edit_tweet_ids", MEMBER_ID, HOW_ALWAYS | HOW_MANY}, TIME("event_at")),
	SHAPE("ChangedUser", OF("user", "UserName", HOW_ALWAYS), TIME("event_at")),
	SHAPE("TweetName", ID("id"), MAY(ID, "author_id")),
	SHAPE("UserName", ID("id")),
	SHAPE("EventKicau", {"event_id", MEMBER_ID, HOW_ALWAYS, .doc = "For cursor, and for POST /2/compliance/ack."}),
	SHAPE("ComplianceEvents", OF("data", "ComplianceEvent", HOW_ALWAYS | HOW_MANY), OF("meta", "EventsMeta", HOW_ALWAYS)),
	SHAPE("EventsMeta", MAY(ID, "cursor")),
	SHAPE("ComplianceAck", OF("data", "Acknowledged", HOW_ALWAYS)),
	SHAPE("Acknowledged", INT("acknowledged"), MAY(ID, "up_to"), BOOL("signed"), INT("ledger_index")),
	SHAPE("ComplianceJob", OF("data", "Job", HOW_ALWAYS)),
	SHAPE("ComplianceJobs", OF("data", "Job", HOW_ALWAYS | HOW_MANY), OF("meta", "CountMeta", HOW_ALWAYS)),
	SHAPE("Job", ID("id"), WORD("type", WORDS("tweets", "users"), 0), MAY(TEXT, "name"),
	      WORD("status", WORDS("created", "in_progress", "failed", "complete", "expired"), 0), MAY(TIME, "created_at"), MAY(BOOL, "resumable"),
	      MAY(URL, "upload_url"), MAY(TIME, "upload_expires_at"), MAY(URL, "download_url"), MAY(TIME, "download_expires_at"), MAY(TEXT, "error")),
	SHAPE("CountMeta", INT("result_count"), MAY(TEXT, "next_token")),
	/* ---- exports ---- */
	SHAPE("Export", OF("data", "ExportJob", HOW_ALWAYS), OF("meta", "ExportMeta", 0)),
	SHAPE("Exports", OF("data", "ExportJob", HOW_ALWAYS | HOW_MANY), OF("meta", "CountMeta", HOW_ALWAYS)),
	SHAPE("ExportMeta", ID("next_token")),
	SHAPE("ExportJob", ID("id"), MAY(TEXT, "name"), WORD("status", WORDS("created", "in_progress", "failed", "complete", "expired"), HOW_ALWAYS),
	      TIME("created_at"), {"completed_at", MEMBER_TIME, HOW_ALWAYS | HOW_NULL}, TIME("expires_at"), INT("lines"),
	      {"left_out", MEMBER_INT, HOW_ALWAYS, .doc = "Lines that may not go out any more."}, BILLED, MAY(TEXT, "error"), OF("files", "ExportFile", HOW_ALWAYS | HOW_MANY)),
	SHAPE("ExportFile", TEXT("name"), {"url", MEMBER_URL, HOW_ALWAYS}, INT("bytes"), INT("lines"), TEXT("sha256"), ID("oldest_id"), ID("newest_id"),
	      INT("left_out"), OF("batches", "ExportBatch", HOW_MANY)),
	SHAPE("ExportBatch", INT("ledger_index"), TEXT("receipt"), BILLED),
	/* ---- the licence, and what was read ---- */
	SHAPE("DataLicence", OF("data", "Licence", HOW_ALWAYS)),
	SHAPE("Licence", ID("licensee_id"), TEXT("licensee"), ID("project_id"), TEXT("project"), ID("app_id"), TEXT("app"), ID("key_id"),
	      {"expires_at", MEMBER_TIME, HOW_ALWAYS | HOW_NULL}, ID("terms"), TIME("plan_since"), OF("plan", "Plan", HOW_ALWAYS), OF("withheld", "Withheld", HOW_ALWAYS)),
	{.name = "Plan", .nth = plan_member},
	SHAPE("Withheld", INT("ppm"), INT("everybody_ppm"), INT("generation"), {"ledger_index", MEMBER_INT, HOW_ALWAYS | HOW_NULL},
	      {"everybody_ledger_index", MEMBER_INT, HOW_ALWAYS | HOW_NULL}),
	SHAPE("Quote", OF("data", "Price", HOW_ALWAYS), OF("errors", "Missing", HOW_MANY)),
	SHAPE("Price", {"posts", MEMBER_INT, HOW_ALWAYS, .doc = "That would go out."}, INT("users"), {"posts_charged", MEMBER_INT, HOW_ALWAYS, .doc = "The others were paid today."},
	      INT("users_charged"), BOOL("allowed"), {"cut", MEMBER_BOOL, HOW_ALWAYS, .doc = "There is more than may be had."}, INT("cost_micro"),
	      {"balance_micro", MEMBER_INT, HOW_ALWAYS | HOW_NULL}, {"month_remaining", MEMBER_INT, HOW_ALWAYS | HOW_NULL}, OF("refusal", "Refusal", HOW_ALWAYS | HOW_NULL)),
	SHAPE("Refusal", WORD("what", WORDS("posts", "balance"), HOW_ALWAYS), TEXT("detail"), INT("limit"), INT("used"), {"reset", MEMBER_TIME, HOW_ALWAYS | HOW_NULL}),
	SHAPE("Usage", OF("data", "UsageData", HOW_ALWAYS), OF("kicau", "UsageKicau", HOW_ALWAYS)),
	SHAPE("UsageData", INT("cap_reset_day"), OF("daily_client_app_usage", "AppUsage", HOW_MANY), OF("daily_project_usage", "ProjectUsage", 0),
	      {"project_cap", MEMBER_ID, HOW_ALWAYS | HOW_NULL}, ID("project_id"), ID("project_usage")),
	SHAPE("AppUsage", ID("client_app_id"), OF("usage", "DayUsage", HOW_ALWAYS | HOW_MANY), INT("usage_result_count")),
	SHAPE("ProjectUsage", ID("project_id"), OF("usage", "DayUsage", HOW_ALWAYS | HOW_MANY)),
	SHAPE("DayUsage", TIME("date"), ID("usage")),
	SHAPE("UsageKicau", ID("licensee_id"), TEXT("plan"), TIME("cap_resets_at"), OF("days", "UsageDay", HOW_ALWAYS | HOW_MANY)),
	SHAPE("UsageDay", {"date", MEMBER_DATE, HOW_ALWAYS}, ID("project_id"), ID("app_id"), ID("terms"), TEXT("plan"), INT("plan_version"),
	      INT("posts_included"), INT("posts_extra"), INT("posts_repeated"), INT("users_extra"), INT("users_repeated"), INT("answers_broken"), INT("cost_micro")),
	SHAPE("Receipt", OF("data", "LedgerRecord", HOW_ALWAYS)),
	SHAPE("LedgerRecord", INT("index"), WORD("kind", WORDS("posts", "users", "settled", "broken", "terms", "acknowledged", "statement"), HOW_ALWAYS),
	      {"endpoint", MEMBER_TEXT, HOW_ALWAYS | HOW_NULL}, TIME("time"), ID("key_id"), ID("terms"), INT("cost_micro"), OF("items", "LedgerItem", HOW_ALWAYS | HOW_MANY),
	      MAY(TEXT, "text"), {"salt", MEMBER_TEXT, HOW_ALWAYS | HOW_NULL}, {"record", MEMBER_TEXT, HOW_ALWAYS | HOW_NULL}),
	SHAPE("LedgerItem", ID("id"), INT("version"), INT("fingerprint"), BOOL("charged")),
	/* ---- money ---- */
	SHAPE("Invoices", TEXT("currency"), OF("data", "InvoiceLine", HOW_ALWAYS | HOW_MANY), OF("meta", "CountMeta", HOW_ALWAYS)),
	SHAPE("InvoiceLine", TEXT("number"), WORD("kind", WORDS("invoice", "credit_note"), HOW_ALWAYS), TEXT("month"), INT("total_micro"), TIME("created_at")),
	SHAPE("InvoiceDocument", WORD("kind", WORDS("invoice", "credit_note"), HOW_ALWAYS), TEXT("number"), {"date", MEMBER_DATE, HOW_ALWAYS}, TEXT("month"),
	      TEXT("currency"), TEXT("seller"), OF("licensee", "InvoiceReader", HOW_ALWAYS), MAY(TEXT, "refers"), MAY(TEXT, "reason"),
	      OF("lines", "ChargedLine", HOW_MANY), INT("total_micro"), OF("movements", "Movement", HOW_MANY), MAY(INT, "balance_before_micro"),
	      MAY(INT, "balance_after_micro"), MAY(INT, "due_micro")),
	SHAPE("InvoiceReader", ID("id"), TEXT("name"), TEXT("email")),
	SHAPE("ChargedLine", TEXT("type"), TEXT("plan"), INT("version"), MAY(INT, "of"), INT("quantity"), INT("unit_micro"), INT("amount_micro")),
	SHAPE("Movement", TEXT("type"), {"date", MEMBER_DATE, HOW_ALWAYS}, TEXT("reference"), TEXT("memo"), INT("amount_micro")),
	SHAPE("Link", {"url", MEMBER_URL, HOW_ALWAYS}),
	/* ---- refusals ---- */
	SHAPE("Problem", TEXT("title"), TEXT("detail"), TEXT("type"), INT("status"), OF("errors", "WrongParameter", HOW_MANY), MAY(INT, "limit"), MAY(INT, "used"),
	      {"reset", MEMBER_TIME, HOW_NULL}, MAY(ID, "account_id"), MAY(TEXT, "product_name"), MAY(TEXT, "connection_issue"), MAY(TEXT, "period"), MAY(TEXT, "scope")),
	SHAPE("WrongParameter", TEXT("message"), OF("parameters", "WrongValues", 0)),
	{.name = "WrongValues", .members = MEMBERS({"values", MEMBER_TEXT, HOW_MANY}), .map = true},
	{0},
};
