/*
 * admin_numbers.c - see admin_numbers.h.
 */
#include "base/base.h"

#include "present/admin_numbers.h"

#include "base/clock.h"

/* Not jw_time(), to which the first moment of 1970 is none. */
static void kv_day(struct jw *j, const char *key, int64_t ms)
{
	char text[CLOCK_ISO_LEN + 1];

	clock_iso(ms, text);
	jw_kv_cstr(j, key, text);
}

/* Numbers travel as text. */
static void kv_number(struct jw *j, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	jw_kv_cstr(j, key, text);
}

/* Three digits that count, by 1024: "0 Bytes", "14.2 MB". */
static void kv_size(struct jw *j, const char *key, int64_t bytes)
{
	static const char *const units[] = {"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
	char text[32];
	double n = (double)bytes;
	size_t unit = 0;

	while (n >= 1024 && unit + 1 < ARRAY_LEN(units)) {
		n /= 1024;
		unit++;
	}
	snprintf(text, sizeof(text), n >= 100 ? "%.0f %s" : "%.3g %s", n, bytes == 1 ? "Byte" : units[unit]);
	jw_kv_cstr(j, key, text);
}

void present_measure(enum measure_key key, const struct period *p, const struct measure *m, struct jw *j)
{
	const struct measure_kind *kind = &measure_kinds[key];

	jw_object(j);
	jw_kv_cstr(j, "key", kind->name);
	jw_kv_cstr(j, "unit", kind->bytes ? "bytes" : NULL);
	kv_number(j, "total", m->total);
	if (kind->bytes)
		kv_size(j, "human_value", m->total);
	if (!kind->ever)
		kv_number(j, "previous_total", m->previous);
	jw_key(j, "data");
	jw_array(j);
	for (size_t i = 0; i < period_days(p); i++) {
		jw_object(j);
		kv_day(j, "date", p->from + (int64_t)i * CLOCK_DAY_MS);
		kv_number(j, "value", m->days[i]);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_object_end(j);
}

static void present_item(const struct dimension_item *item, bool bytes, struct jw *j)
{
	jw_object(j);
	jw_kv_str(j, "key", item->key);
	jw_kv_str(j, "human_key", item->human);
	if (item->text.len) {
		jw_kv_str(j, "value", item->text);
		jw_kv_str(j, "human_value", item->text);
	} else {
		kv_number(j, "value", item->n);
	}
	if (bytes) {
		jw_kv_cstr(j, "unit", "bytes");
		kv_size(j, "human_value", item->n);
	}
	jw_object_end(j);
}

void present_dimension(enum dimension_key key, const struct dimension_item *items, size_t n, struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "key", dimension_kinds[key].name);
	jw_key(j, "data");
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		present_item(&items[i], dimension_kinds[key].bytes, j);
	jw_array_end(j);
	jw_object_end(j);
}

void present_cohort(const struct retention_steps *steps, enum retention_frequency frequency, size_t i,
		    const struct cohort *c, struct jw *j)
{
	jw_object(j);
	kv_day(j, "period", steps->at[i]);
	jw_kv_cstr(j, "frequency", frequency == RETENTION_MONTH ? "month" : "day");
	jw_key(j, "data");
	jw_array(j);
	for (size_t k = i; k < steps->n; k++) {
		jw_object(j);
		kv_day(j, "date", steps->at[k]);
		jw_kv_double(j, "rate", c->people ? (double)c->here[k] / (double)c->people : 0);
		kv_number(j, "value", c->here[k]);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_object_end(j);
}
