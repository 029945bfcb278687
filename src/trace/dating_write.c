/*
 * dating_write.c - a dating (dating.h) as JSON: for the command's answer, and for a report with what it is computed from.
 */
#include "base/base.h"

#include "trace/dating.h"

static void write_hours(struct jw *j, const struct dating *d, int64_t licensee)
{
	jw_key(j, "hours");
	jw_array(j);
	for (size_t i = 0; i < d->n_hours; i++) {
		if (d->hours[i].licensee != licensee)
			continue;
		jw_object(j);
		jw_kv_time(j, "from", d->hours[i].hour_ms);
		jw_kv_int(j, "rows", (int64_t)d->hours[i].rows);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_licensee(struct jw *j, const struct dating *d, const struct dated_licensee *l)
{
	jw_object(j);
	jw_kv_id(j, "licensee", l->licensee);
	jw_kv_int(j, "fits", (int64_t)l->fits);
	jw_kv_int(j, "rows", (int64_t)l->rows);
	jw_kv_time(j, "first", l->first_ms);
	jw_kv_time(j, "median", l->median_ms);
	jw_kv_time(j, "last", l->last_ms);
	write_hours(j, d, l->licensee);
	jw_object_end(j);
}

void dating_write(const struct dating *d, struct jw *j)
{
	jw_key(j, "dating");
	jw_object(j);
	jw_kv_int(j, "with_counters", (int64_t)d->with_counters);
	jw_kv_int(j, "complete", (int64_t)d->complete);
	jw_kv_int(j, "looked_at", (int64_t)d->looked_at);
	jw_kv_int(j, "dated", (int64_t)d->dated);
	jw_kv_int(j, "compared", (int64_t)d->compared);
	jw_kv_double(j, "by_chance", d->by_chance);
	jw_kv_bool(j, "fingerprints_kept", d->kept);
	jw_key(j, "licensees");
	jw_array(j);
	for (size_t i = 0; i < d->n_licensees; i++)
		write_licensee(j, d, &d->licensees[i]);
	jw_array_end(j);
	jw_object_end(j);
}

void dating_rows(const struct dating *d, struct buf *out)
{
	for (uint64_t i = 0; i < d->looked_at; i++) {
		const struct dated_row *r = &d->rows[i];
		struct jw j = jw_to(out);

		jw_object(&j);
		jw_kv_int(&j, "row", (int64_t)r->row);
		jw_kv_id(&j, "post", r->post);
		if (r->licensee) {
			jw_kv_id(&j, "licensee", r->licensee);
			jw_kv_time(&j, "delivered", r->time_ms);
		}
		jw_object_end(&j);
		buf_add_c(out, '\n');
	}
}
