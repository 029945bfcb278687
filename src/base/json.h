/*
 * json.h - JSON writer: appends to a buf, escapes by default, puts the commas. Reading is jansson's.
 * Misuse (a key outside an object, unbalanced ends) is caught by asserts in debug builds only.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

struct json {
	struct buf *out;
	bool comma; /* a value has been written at this level */
};

static inline struct json json_to(struct buf *out) { return (struct json){.out = out, .comma = false}; }

void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key); /* key is ours: plain ASCII, not escaped */

void json_str(struct json *j, struct view v); /* RFC 8259; invalid UTF-8 becomes U+FFFD */
void json_cstr(struct json *j, const char *s); /* NULL writes null */
void json_int(struct json *j, int64_t n);
void json_double(struct json *j, double d);
void json_bool(struct json *j, bool b);
void json_null(struct json *j);
void json_id(struct json *j, int64_t id);	    /* decimal in quotes; 0 writes null */
void json_time(struct json *j, int64_t ms);	    /* "2024-05-06T07:08:09.000Z"; 0 writes null */
void json_date(struct json *j, int64_t ms);	    /* "2024-05-06"; 0 writes null */
void json_raw(struct json *j, struct view v);	    /* a complete value that is JSON already */

/* Key and value in one. */
void json_kv_str(struct json *j, const char *key, struct view v);
void json_kv_cstr(struct json *j, const char *key, const char *s);
void json_kv_int(struct json *j, const char *key, int64_t n);
void json_kv_bool(struct json *j, const char *key, bool b);
void json_kv_null(struct json *j, const char *key);
void json_kv_id(struct json *j, const char *key, int64_t id);
void json_kv_time(struct json *j, const char *key, int64_t ms);
void json_kv_raw(struct json *j, const char *key, struct view v);

/* The bytes of v escaped as the inside of a JSON string, without quotes (for payloads that are a JSON string). */
void json_escape(struct buf *out, struct view v);

#endif
