/*
 * json.h - JSON writer: appends to a buf, escapes by default, puts the commas. Reading is jansson's.
 * Misuse (a key outside an object, unbalanced ends) is caught by asserts in debug builds only.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

struct jw {
	struct buf *out;
	bool comma; /* a value has been written at this level */
};

static inline struct jw jw_to(struct buf *out) { return (struct jw){.out = out, .comma = false}; }

void jw_object(struct jw *j);
void jw_object_end(struct jw *j);
/* The object that has just been written gets more members; jw_object_end() again. */
void jw_object_reopen(struct jw *j);
void jw_array(struct jw *j);
void jw_array_end(struct jw *j);
void jw_key(struct jw *j, const char *key); /* key is ours: plain ASCII, not escaped */

void jw_str(struct jw *j, struct view v);  /* RFC 8259; invalid UTF-8 becomes U+FFFD */
void jw_cstr(struct jw *j, const char *s); /* NULL writes null */
void jw_int(struct jw *j, int64_t n);
void jw_double(struct jw *j, double d);
void jw_bool(struct jw *j, bool b);
void jw_null(struct jw *j);
void jw_id(struct jw *j, int64_t id);	  /* decimal in quotes; 0 writes null */
void jw_time(struct jw *j, int64_t ms);	  /* "2024-05-06T07:08:09.000Z"; 0 writes null */
void jw_date(struct jw *j, int64_t ms);	  /* "2024-05-06"; 0 writes null */
void jw_raw(struct jw *j, struct view v); /* a complete value that is JSON already */

/* Key and value in one. */
void jw_kv_str(struct jw *j, const char *key, struct view v);
void jw_kv_cstr(struct jw *j, const char *key, const char *s);
void jw_kv_int(struct jw *j, const char *key, int64_t n);
void jw_kv_double(struct jw *j, const char *key, double d);
void jw_kv_doubles(struct jw *j, const char *key, const double *v, size_t n);
void jw_kv_bool(struct jw *j, const char *key, bool b);
void jw_kv_null(struct jw *j, const char *key);
void jw_kv_id(struct jw *j, const char *key, int64_t id);
void jw_kv_time(struct jw *j, const char *key, int64_t ms);
void jw_kv_raw(struct jw *j, const char *key, struct view v);

/* The bytes of v escaped as the inside of a JSON string, without quotes (for payloads that are a JSON string). */
void jw_escape(struct buf *out, struct view v);

#endif
