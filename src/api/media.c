/*
 * media.c - uploading pictures, films and sounds (Mastodon: methods/media). 202 while one is still being converted.
 */
#include "base/base.h"

#include "api/groups.h"
#include "base/limits.h"
#include "gate/call.h"
#include "media/media.h"
#include "present/media.h"
#include "present/present.h"
#include "text/compose.h"

#define WAIT_V2_MS 1500
#define WAIT_V1_MS 30000

static enum err read_details(struct call *c, struct media_details *ret)
{
	struct media_details d = {.has_description = arg_given(c, "description"),
				  .has_focus = arg_given(c, "focus"),
				  .description = arg_str(c, "description")};
	struct upload thumbnail;

	if (compose_chars(d.description) > LIMIT_MEDIA_ALT_CHARS)
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Description character limit of %d exceeded",
				 LIMIT_MEDIA_ALT_CHARS);
	if (d.has_focus && !media_focus_parse(arg_str(c, "focus"), &d.focus_x, &d.focus_y))
		return call_fail(c, ERR_UNPROCESSABLE,
				 "Validation failed: Focus must be two numbers from -1 to 1: x,y");
	if (arg_file(c, "thumbnail", &thumbnail))
		d.thumbnail = thumbnail.data;
	*ret = d;
	return OK;
}

static enum err show(struct call *c, int64_t id)
{
	const struct present p = {c->core, c->db, c->arena, c->viewer};
	struct post_media media;

	TRY(media_load(c->db, c->arena, id, &media));
	present_media(&p, &media, &c->json);
	return OK;
}

/* status: of an attachment that is still being converted. */
static enum err answer(struct call *c, int64_t id, enum media_state state, int processing_status)
{
	if (state == MEDIA_FAILED)
		return ERR_UNPROCESSABLE; /* the words are in c->problem */
	c->status = state == MEDIA_PROCESSING ? processing_status : 200;
	return show(c, id);
}

static enum err upload(struct call *c, int wait_ms)
{
	struct media_details details;
	struct upload file;
	enum media_state state = MEDIA_PROCESSING;
	int64_t id = 0;

	TRY(read_details(c, &details));
	if (!arg_file(c, "file", &file))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: File can't be blank");
	TRY(media_upload(c->core, c->db, c->auth.account, file.data, &details, wait_ms, &id, &state, &c->problem));
	return answer(c, id, state, 202);
}

static enum err upload_v2(struct call *c) { return upload(c, WAIT_V2_MS); }

static enum err upload_v1(struct call *c) { return upload(c, WAIT_V1_MS); }

static enum err get_media(struct call *c)
{
	enum media_state state;

	TRY(media_progress(c->db, c->auth.account, arg_id(c, "id"), &state, &c->problem));
	return answer(c, arg_id(c, "id"), state, 206);
}

static enum err update_media(struct call *c)
{
	struct media_details details;

	TRY(read_details(c, &details));
	TRY(media_update(c->core, c->db, c->auth.account, arg_id(c, "id"), &details, &c->problem));
	return show(c, arg_id(c, "id"));
}

static enum err delete_media(struct call *c)
{
	TRY(media_delete(c->core, c->auth.account, arg_id(c, "id"), &c->problem));
	jw_object(&c->json);
	jw_object_end(&c->json);
	return OK;
}

#define DETAILS                                                                                                        \
	{.name = "description", .type = PARAM_STRING, .max = 16 * 1024, .doc = "What it shows or says, for those who cannot see or hear it."}, \
	{.name = "focus", .type = PARAM_STRING, .max = 64, .doc = "Where to crop around: two numbers from -1 to 1, \"x,y\"."}
#define THUMBNAIL                                                                                                      \
	{.name = "thumbnail", .type = PARAM_FILE, .doc = "A picture to stand for a film or a sound. Pictures make their own, and do without."}
#define FILES                                                                                                          \
	{.name = "file", .type = PARAM_FILE, .required = true, .doc = "A picture (JPEG, PNG, GIF, WebP, HEIC, AVIF), a film (MP4, MOV, WebM, Ogg) or a sound (MP3, Ogg, M4A, FLAC, WAV, AAC)."}, \
	THUMBNAIL, DETAILS
#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an attachment of one's own."}

const struct endpoint api_media[] = {
	{.method = HTTP_POST, .path = "/api/v2/media", .handle = upload_v2, .auth = AUTH_USER, .scope = SCOPE_WRITE_MEDIA,
	 .rate = RATE_MEDIA, .meter = METER_FREE, .body = BODY_UPLOAD, .run = RUN_WORKER, .params = PARAMS(FILES),
	 .reply = "MediaAttachment", .doc = "Upload a picture, a film or a sound. 202 while it is still being converted."},
	{.method = HTTP_POST, .path = "/api/v1/media", .handle = upload_v1, .auth = AUTH_USER, .scope = SCOPE_WRITE_MEDIA,
	 .rate = RATE_MEDIA, .meter = METER_FREE, .body = BODY_UPLOAD, .run = RUN_WORKER, .params = PARAMS(FILES),
	 .reply = "MediaAttachment", .doc = "Upload a picture, a film or a sound and wait for it, half a minute at most."},
	{.method = HTTP_GET, .path = "/api/v1/media/:id", .handle = get_media, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_MEDIA, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(ID),
	 .reply = "MediaAttachment", .doc = "An attachment of one's own. 206 while it is still being converted."},
	{.method = HTTP_PUT, .path = "/api/v1/media/:id", .handle = update_media, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_MEDIA, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_UPLOAD, .run = RUN_WORKER,
	 .params = PARAMS(ID, THUMBNAIL, DETAILS),
	 .reply = "MediaAttachment", .doc = "Describe an attachment, or set where to crop around."},
	{.method = HTTP_DELETE, .path = "/api/v1/media/:id", .handle = delete_media, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_MEDIA, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .params = PARAMS(ID),
	 .reply = "{}", .doc = "Remove an attachment that was not posted."},
	ENDPOINTS_END};
