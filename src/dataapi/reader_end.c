/*
 * reader_end.c - the last line of a stream, by why it ends (X API v2, "Consuming streaming data", disconnections).
 */
#include "base/base.h"
#include "dataapi/reader.h"

#include "base/json.h"
#include "base/limits.h"

#define TYPE(name) "https://api.x.com/2/problems/" name

static const struct {
	const char *title, *type, *disconnect;
	bool cut; /* what waits does not go out any more */
} ends[] = {
	[READER_REVOKED] = {"operational-disconnect", TYPE("operational-disconnect"), "OperationalDisconnect", true},
	[READER_SERVER_GOES] = {"operational-disconnect", TYPE("operational-disconnect"), "OperationalDisconnect",
				true},
	[READER_SLOW] = {"operational-disconnect", TYPE("operational-disconnect"), "SlowReader", true},
	[READER_REPLACED] = {"ConnectionException", TYPE("streaming-connection"), "ForceDisconnect", true},
	[READER_UNPAID] = {"UsageCapExceeded", TYPE("usage-capped"), "UsageCapExceeded", false},
};

void reader_end(struct reader *r, enum reader_why why, const char *detail)
{
	struct buf CLEANUP(buf_release) line = {.max = 4 * LIMIT_KIB};
	struct jw j = jw_to(&line);

	jw_object(&j);
	jw_key(&j, "errors");
	jw_array(&j);
	jw_object(&j);
	jw_kv_cstr(&j, "title", ends[why].title);
	jw_kv_cstr(&j, "disconnect_type", ends[why].disconnect);
	jw_kv_cstr(&j, "detail", detail);
	jw_kv_cstr(&j, "type", ends[why].type);
	jw_object_end(&j);
	jw_array_end(&j);
	jw_object_end(&j);
	buf_add(&line, V("\r\n"));
	reader_close(r, buf_view(&line), ends[why].cut);
}
