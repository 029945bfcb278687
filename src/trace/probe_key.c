/*
 * probe_key.c - see probe_key.h. docs/trace-files.md has the formats.
 */
#include "base/base.h"

#include "trace/probe_key.h"

#include <jansson.h>

static const char *const sides[] = {
	[PERMUTATION_HIGHER] = "higher", [PERMUTATION_LOWER] = "lower", [PERMUTATION_BOTH] = "both"};

const char *side_name(enum permutation_side side)
{
	return sides[side];
}

bool side_parse(struct view name, enum permutation_side *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(sides); i++)
		if (view_is(name, sides[i])) {
			*ret = (enum permutation_side)i;
			return true;
		}
	return false;
}

static void random_hex(size_t bytes, char *ret)
{
	unsigned char b[16];

	rand_bytes(b, bytes);
	hex_encode(b, bytes, ret);
}

void probe_key_make(struct probe_key *k, const struct sample *s, struct arena *a)
{
	random_hex(PROBE_SAMPLE_LEN / 2, k->sample);
	k->n = s->probes.n;
	k->v = ARENA_ARRAY(a, k->n, struct probe_entry);
	for (size_t i = 0; i < k->n; i++) {
		char hex[17];

		random_hex(8, hex);
		snprintf(k->v[i].id, sizeof(k->v[i].id), "%s-%s", k->sample, hex);
		k->v[i].of = s->probes.v[i].of;
		k->v[i].block = s->probes.v[i].block;
	}
}

static void hex_of(struct view bytes, char ret[HEX_LEN(DIGEST_LEN) + 1])
{
	struct digest d = digest_sha256(bytes);

	hex_encode(d.b, DIGEST_LEN, ret);
}

/* ---- the file ---- */

static void write_counts(struct jw *j, const struct sample *s)
{
	const struct sample_counts *c = &s->counts;

	jw_key(j, "counts");
	jw_object(j);
	jw_kv_int(j, "looked_at", (int64_t)c->looked_at);
	jw_kv_int(j, "published", (int64_t)c->published);
	jw_kv_int(j, "edited", (int64_t)c->edited);
	jw_kv_int(j, "repeated", (int64_t)c->repeated);
	jw_kv_int(j, "too_short", (int64_t)c->too_short);
	jw_kv_int(j, "unsure", (int64_t)c->unsure);
	jw_kv_int(j, "everybody", (int64_t)c->everybody);
	jw_kv_int(j, "authors", (int64_t)c->authors);
	jw_kv_int(j, "authors_chosen", (int64_t)c->authors_chosen);
	jw_kv_int(j, "delivered", (int64_t)c->delivered);
	jw_kv_int(j, "withheld", (int64_t)c->withheld);
	jw_kv_double(j, "coverage", c->coverage);
	jw_kv_int(j, "block_size", (int64_t)s->probes.block_size);
	jw_object_end(j);
	jw_key(j, "balance");
	jw_object(j);
	jw_kv_double(j, "length", s->balance.length);
	jw_kv_double(j, "popularity", s->balance.popularity);
	jw_kv_double(j, "age", s->balance.age);
	jw_object_end(j);
}

void probe_key_write(const struct probe_key *k, const struct sample *s, struct buf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_cstr(&j, "kind", "kicau-trace-key/1");
	jw_kv_cstr(&j, "sample", k->sample);
	withhold_party_write(&j, k->licensee);
	jw_kv_cstr(&j, "side", side_name(k->side));
	jw_kv_double(&j, "alpha", k->alpha);
	jw_kv_str(&j, "probes_sha256", k->probes_sha256);
	write_counts(&j, s);
	jw_key(&j, "probes");
	jw_array(&j);
	for (size_t i = 0; i < k->n; i++) {
		const struct probe_entry *e = &k->v[i];

		jw_object(&j);
		jw_kv_cstr(&j, "id", e->id);
		jw_kv_id(&j, "post", e->of.post);
		jw_kv_int(&j, "block", e->block);
		jw_kv_bool(&j, "delivered", e->of.delivered);
		if (e->of.delivered)
			jw_kv_int(&j, "record", (int64_t)e->of.record);
		jw_object_end(&j);
	}
	jw_array_end(&j);
	jw_object_end(&j);
	buf_add_c(out, '\n');
}

static struct view text_of(const json_t *from, const char *key)
{
	const json_t *v = json_object_get(from, key);

	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

static struct view dumped(const json_t *v, struct arena *a)
{
	char *text = json_dumps(v, JSON_COMPACT);
	struct view kept = arena_view(a, view_of(text ? text : "{}"));

	free(text);
	return kept;
}

static bool read_entry(const json_t *from, struct probe_entry *e)
{
	struct view id = text_of(from, "id");
	json_int_t block = json_integer_value(json_object_get(from, "block"));

	if (id.len != PROBE_ID_LEN || block < 0 || block >= PROBES_MAX ||
	    !parse_i64(text_of(from, "post"), 1, INT64_MAX, &e->of.post))
		return false;
	memcpy(e->id, id.p, id.len);
	e->block = (uint32_t)block;
	e->of.delivered = json_is_true(json_object_get(from, "delivered"));
	e->of.record = (uint64_t)json_integer_value(json_object_get(from, "record"));
	return true;
}

static bool read_entries(const json_t *list, struct arena *a, struct probe_key *k)
{
	k->n = json_array_size(list);
	if (!k->n || k->n > PROBES_MAX)
		return false;
	k->v = ARENA_ARRAY(a, k->n, struct probe_entry);
	for (size_t i = 0; i < k->n; i++)
		if (!read_entry(json_array_get(list, i), &k->v[i]))
			return false;
	return true;
}

enum err probe_key_read(struct view json, struct arena *a, struct probe_key *ret)
{
	json_t *doc = json_loadb(json.p, json.len, 0, NULL);
	struct probe_key k = {.alpha = json_number_value(json_object_get(doc, "alpha")),
			      .probes_sha256 = arena_view(a, text_of(doc, "probes_sha256")),
			      .counts = dumped(json_object_get(doc, "counts"), a),
			      .balance = dumped(json_object_get(doc, "balance"), a)};
	struct view sample = text_of(doc, "sample");
	bool good = view_is(text_of(doc, "kind"), "kicau-trace-key/1") && sample.len == PROBE_SAMPLE_LEN &&
		    withhold_party_read(text_of(doc, "licensee"), &k.licensee) &&
		    side_parse(text_of(doc, "side"), &k.side) && k.alpha > 0 && k.alpha < 1 &&
		    read_entries(json_object_get(doc, "probes"), a, &k);

	if (good) {
		memcpy(k.sample, sample.p, sample.len);
		*ret = k;
	}
	json_decref(doc);
	return good ? OK : ERR_CORRUPT;
}

/* ---- the statement ---- */

void probe_statement_write(const struct probe_key *k, struct view bytes, struct buf *out)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	struct jw j = jw_to(out);

	hex_of(bytes, hex);
	jw_object(&j);
	jw_kv_cstr(&j, "statement", "trace-sample");
	jw_kv_cstr(&j, "sample", k->sample);
	withhold_party_write(&j, k->licensee);
	jw_kv_int(&j, "probes", (int64_t)k->n);
	jw_kv_str(&j, "probes_sha256", k->probes_sha256);
	jw_kv_cstr(&j, "key_sha256", hex);
	jw_kv_cstr(&j, "test", "van Elteren, exact");
	jw_kv_cstr(&j, "side", side_name(k->side));
	jw_kv_double(&j, "alpha", k->alpha);
	jw_object_end(&j);
}

bool probe_statement_fits(struct view text, const struct probe_key *k, struct view bytes)
{
	struct buf expected;

	buf_init(&expected, LEDGER_DATA_MAX);
	probe_statement_write(k, bytes, &expected);
	bool fits = view_eq(text, buf_view(&expected));
	buf_release(&expected);
	return fits;
}
