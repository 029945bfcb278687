/* An entry of an archive, as JSON to both readers and as HTML: what comes out is UTF-8 and not longer than said. */
#include "base/base.h"
#include "transfer/foreign.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct view v)
{
	if (v.len > FOREIGN_TEXT_BYTES + 4096 || !utf8_valid(v))
		BUG("a text is not what it should be");
}

static void read(struct arena *a, const json_t *json, bool twitter)
{
	const struct foreign_owner owner = {twitter ? V("42") : V("https://m.example/users/a"), V("a")};
	struct foreign_post p;

	(twitter ? foreign_read_twitter : foreign_read_mastodon)(a, &owner, json, &p);
	check(p.id);
	check(p.reply_to);
	check(p.text);
	check(p.spoiler);
	check(p.language);
	if (p.n_media > FOREIGN_MEDIA_MAX)
		BUG("too many attachments");
	for (size_t i = 0; i < p.n_media; i++)
		for (size_t n = 0; n < p.media[i].n_names; n++)
			check(p.media[i].names[n]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = {(const char *)data, size};
	struct foreign_owner owner;
	json_error_t error;
	struct arena a;
	int64_t at;

	if (size > LIMIT_MIB)
		return 0;
	arena_init(&a, 4 * LIMIT_CALL_ARENA);
	json_t *json = json_loadb(text.p, text.len, 0, &error);
	if (json) {
		read(&a, json, false);
		read(&a, json, true);
		json_decref(json);
	}
	if (utf8_valid(text))
		check(foreign_html_text(&a, text, NULL, NULL));
	if (foreign_owner_mastodon(&a, text, &owner) || foreign_owner_twitter(&a, text, &owner))
		check(owner.id);
	if (foreign_twitter_time(text, &at) && at < 0)
		BUG("a time before all");
	arena_release(&a);
	return 0;
}
