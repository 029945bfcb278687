/*
 * collection.c - see collection.h.
 */
#include "base/base.h"

#include "present/collection.h"

#include "core/tags.h"
#include "present/tag.h"

void present_collection_item(const struct collection_item *item, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", item->id);
	jw_kv_id(j, "account_id", item->account.v);
	jw_kv_cstr(j, "state", collection_item_state_name(item->state));
	jw_kv_time(j, "created_at", id_time(item->id));
	jw_object_end(j);
}

struct items {
	struct collection_item list[LIMIT_COLLECTION_ITEMS];
	size_t n;     /* that the viewer sees */
	size_t count; /* that there are */
};

static enum err load_items(const struct present *p, const struct collection *c, struct items *ret)
{
	TRY(collection_items_load(p->db, c->id, ret->list, &ret->count));
	ret->n = 0;
	for (size_t i = 0; i < ret->count; i++)
		if (!idset_has(&p->viewer->blocking, (uint64_t)ret->list[i].account.v))
			ret->list[ret->n++] = ret->list[i];
	return OK;
}

static enum err tag(const struct present *p, struct view written, struct jw *j)
{
	struct view name;

	if (!written.len) {
		jw_kv_null(j, "tag");
		return OK;
	}
	TRY(tag_name(p->arena, written, &name));
	jw_key(j, "tag");
	jw_object(j);
	jw_kv_str(j, "name", written);
	jw_kv_str(j, "url", present_tag_url(p, name));
	jw_object_end(j);
	return OK;
}

static enum err fields(const struct present *p, const struct collection *c, struct jw *j)
{
	struct view page = arena_printf(p->arena, "%s/collections/%" PRId64, p->core->config.base_url, c->id);

	jw_kv_id(j, "id", c->id);
	jw_kv_id(j, "account_id", c->owner.v);
	jw_kv_str(j, "uri", page);
	jw_kv_str(j, "url", page);
	jw_kv_str(j, "name", c->name);
	jw_kv_str(j, "description", c->description);
	if (c->language.len)
		jw_kv_str(j, "language", c->language);
	else
		jw_kv_null(j, "language");
	jw_kv_bool(j, "local", true);
	jw_kv_bool(j, "sensitive", c->sensitive);
	jw_kv_bool(j, "discoverable", c->discoverable);
	jw_kv_time(j, "created_at", id_time(c->id));
	jw_kv_time(j, "updated_at", c->updated_at);
	return tag(p, c->tag, j);
}

static enum err write(const struct present *p, const struct collection *c, const struct items *items, struct jw *j)
{
	jw_object(j);
	TRY(fields(p, c, j));
	jw_kv_int(j, "item_count", (int64_t)items->count);
	jw_key(j, "items");
	jw_array(j);
	for (size_t i = 0; i < items->n; i++)
		present_collection_item(&items->list[i], j);
	jw_array_end(j);
	jw_object_end(j);
	return OK;
}

enum err present_collection(const struct present *p, const struct collection *c, struct jw *j)
{
	struct items items;

	TRY(load_items(p, c, &items));
	return write(p, c, &items, j);
}

enum err present_collection_with_accounts(const struct present *p, const struct collection *c, struct jw *j)
{
	struct account_id accounts[LIMIT_COLLECTION_ITEMS + 1] = {c->owner};
	struct items items;
	size_t n = 1;

	TRY(load_items(p, c, &items));
	for (size_t i = 0; i < items.n; i++)
		if (!account_eq(items.list[i].account, c->owner))
			accounts[n++] = items.list[i].account;
	jw_object(j);
	jw_key(j, "accounts");
	TRY(present_accounts(p, accounts, n, j));
	jw_key(j, "collection");
	TRY(write(p, c, &items, j));
	jw_object_end(j);
	return OK;
}
