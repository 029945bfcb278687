/*
 * spec_answers.c - what is answered, in the OpenAPI document: entities, the headers in which the data API says what an
 * answer cost, and its refusals.
 */
#include "base/base.h"
#include "gate/spec_openapi.h"

enum when { ALWAYS_SAID, WHEN_PAID, WHEN_LIMITED };

/* Headers of answers under /2/. */
static const struct {
	const char *name, *type, *doc;
	enum when when;
	bool always; /* where it is said at all */
} headers[] = {
	{"x-rate-limit-limit", "integer", "Calls of this kind in 15 minutes.", WHEN_LIMITED, false},
	{"x-rate-limit-remaining", "integer", "Calls that are left.", WHEN_LIMITED, false},
	{"x-rate-limit-reset", "integer", "When the window begins anew: seconds since 1970.", WHEN_LIMITED, false},
	{"Kicau-Cost", "integer", "What the answer cost, in micro-units of the server's currency.", WHEN_PAID, true},
	{"Kicau-Billed", "string",
	 "37/100: of 100 that went out 37 are charged, or included in the plan; the others were paid today.", WHEN_PAID,
	 true},
	{"Kicau-Balance", "integer", "The balance behind it, in micro-units.", WHEN_PAID, true},
	{"Kicau-Month-Remaining", "integer",
	 "Post reads of this month that are left; not said on plans without a bound.", WHEN_PAID, false},
	{"Kicau-Receipt", "string",
	 "Signed: the delivery is in the ledger. Two, with a comma between, where posts and users went out.", WHEN_PAID,
	 false},
	{"ETag", "string", "For If-None-Match.", WHEN_PAID, false},
	{"X-Request-Id", "string", "Of the call, for questions to whoever runs the server.", ALWAYS_SAID, true},
};

/* Refusals under /2/. */
static const struct {
	int status;
	const char *name, *doc;
	enum when when;
	bool waits; /* with Retry-After */
} problems[] = {
	{400, "InvalidRequest", "A parameter is wrong, unknown or missing: errors says which.", ALWAYS_SAID, false},
	{401, "Unauthorized", "There is no key, or no such key.", ALWAYS_SAID, false},
	{402, "PaymentRequired", "The month's reads or the balance are used up: limit, used and reset say how.",
	 WHEN_PAID, false},
	{403, "Forbidden", "The licence does not allow it.", ALWAYS_SAID, false},
	{404, "NotFound", "There is nothing here.", ALWAYS_SAID, false},
	{429, "TooManyRequests",
	 "The window of 15 minutes is used up, or (connection_issue) all streams of the plan are in use.", WHEN_LIMITED,
	 true},
	{503, "Unavailable", "Try again: nothing was delivered, and nothing is charged.", ALWAYS_SAID, true},
};

bool spec_is_data(const struct endpoint *row)
{
	return view_starts(view_of(row->path), V("/2/"));
}

static bool is_said(const struct endpoint *row, enum when when)
{
	if (when == WHEN_LIMITED)
		return row->rate != RATE_NONE;
	return when == ALWAYS_SAID || (row->auth == AUTH_LICENSEE && !row->endless);
}

void spec_entity_schema(const char *reply, struct jw *j)
{
	struct view entity = spec_entity(reply);
	char name[128];
	bool many = reply[0] == '[';

	jw_object(j);
	if (many) {
		jw_kv_cstr(j, "type", "array");
		kv_object(j, "items");
	}
	snprintf(name, sizeof(name), "%.*s", VIEW_ARG(entity));
	if (entity.len)
		kv_ref(j, "schemas", name);
	else
		jw_kv_cstr(j, "type", "object");
	if (many)
		jw_object_end(j);
	jw_object_end(j);
}

static void write_header_ref(const char *name, struct jw *j)
{
	kv_object(j, name);
	kv_ref(j, "headers", name);
	jw_object_end(j);
}

static void write_header_refs(const struct endpoint *row, struct jw *j)
{
	kv_object(j, "headers");
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		if (is_said(row, headers[i].when))
			write_header_ref(headers[i].name, j);
	jw_object_end(j);
}

static const char *types_of(const struct endpoint *row)
{
	static const char *const usual[] = {
		[REPLY_JSON] = "application/json", [REPLY_HTML] = "text/html", [REPLY_OTHER] = ""};

	return row->type ? row->type : usual[row->kind];
}

/* The entity is the first type's; the others are files and pages. */
static void write_content(const struct endpoint *row, struct jw *j)
{
	struct view rest = view_of(types_of(row)), type;
	bool first = true;
	char name[64];

	if (!rest.len)
		return;
	kv_object(j, "content");
	for (; view_split(&rest, ',', &type); first = false) {
		bool entity = first && row->reply && row->reply[0] && row->kind != REPLY_HTML;

		snprintf(name, sizeof(name), "%.*s", VIEW_ARG(view_trim(type)));
		kv_object(j, name);
		jw_key(j, "schema");
		if (entity) {
			spec_entity_schema(row->reply, j);
		} else {
			jw_object(j);
			jw_kv_cstr(j, "type", "string");
			jw_object_end(j);
		}
		jw_object_end(j);
	}
	jw_object_end(j);
}

static void write_good(const struct endpoint *row, const char *status, struct jw *j)
{
	char words[128];

	snprintf(words, sizeof(words), "%s%s", row->endless ? "Lines of JSON without an end, each a " : "",
		 row->reply && row->reply[0] ? row->reply : "OK");
	kv_object(j, status);
	jw_kv_cstr(j, "description", words);
	if (spec_is_data(row))
		write_header_refs(row, j);
	write_content(row, j);
	jw_object_end(j);
}

static void write_problem_refs(const struct endpoint *row, struct jw *j)
{
	char status[8];

	for (size_t i = 0; i < ARRAY_LEN(problems); i++) {
		if (!is_said(row, problems[i].when))
			continue;
		snprintf(status, sizeof(status), "%d", problems[i].status);
		kv_object(j, status);
		kv_ref(j, "responses", problems[i].name);
		jw_object_end(j);
	}
	kv_object(j, "default");
	kv_ref(j, "responses", "Problem");
	jw_object_end(j);
}

void spec_responses(const struct endpoint *row, struct jw *j)
{
	kv_object(j, "responses");
	write_good(row, "200", j);
	if (row->creates)
		write_good(row, "201", j);
	if (!spec_is_data(row)) {
		kv_object(j, "default");
		jw_kv_cstr(j, "description", "An error in words");
		jw_object_end(j);
	} else {
		if (row->meter != METER_FREE && row->kind == REPLY_JSON && row->method == HTTP_GET) {
			kv_object(j, "304");
			jw_kv_cstr(j, "description", "It is what the caller has, and free.");
			write_header_refs(row, j);
			jw_object_end(j);
		}
		write_problem_refs(row, j);
	}
	jw_object_end(j);
}

static void write_header(const char *name, const char *type, const char *doc, bool always, struct jw *j)
{
	kv_object(j, name);
	jw_kv_cstr(j, "description", doc);
	jw_kv_bool(j, "required", always);
	kv_object(j, "schema");
	jw_kv_cstr(j, "type", type);
	jw_object_end(j);
	jw_object_end(j);
}

#define RETRY_AFTER "Retry-After"

void spec_headers(struct jw *j)
{
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		write_header(headers[i].name, headers[i].type, headers[i].doc, headers[i].always, j);
	write_header(RETRY_AFTER, "integer", "Seconds.", true, j);
}

static void write_problem(const char *name, const char *doc, bool waits, struct jw *j)
{
	kv_object(j, name);
	jw_kv_cstr(j, "description", doc);
	kv_object(j, "headers");
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		if (headers[i].when != WHEN_PAID)
			write_header_ref(headers[i].name, j);
	if (waits)
		write_header_ref(RETRY_AFTER, j);
	jw_object_end(j);
	kv_object(j, "content");
	kv_object(j, "application/problem+json");
	kv_object(j, "schema");
	kv_ref(j, "schemas", "Problem");
	for (size_t i = 0; i < 4; i++)
		jw_object_end(j);
}

void spec_problems(struct jw *j)
{
	for (size_t i = 0; i < ARRAY_LEN(problems); i++)
		write_problem(problems[i].name, problems[i].doc, problems[i].waits, j);
	write_problem("Problem", "Any other refusal.", false, j);
}
