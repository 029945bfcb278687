/*
 * account_update.c - one's own profile and defaults (Mastodon: methods/accounts#update_credentials, methods/profile).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/accounts.h"
#include "core/attribution.h"
#include "media/profile_pictures.h"
#include "present/account.h"
#include "present/marker.h"

static const char *const privacies[] = {"public", "unlisted", "private", NULL};
static const char *const quote_policies[] = {"public", "followers", "nobody", NULL};

static struct view tree_view(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

static enum err add_field(struct call *c, struct profile_change *ch, const json_t *field)
{
	struct view name = tree_view(field, "name"), value = tree_view(field, "value");
	if (view_trim(name).len == 0 && view_trim(value).len == 0)
		return OK;
	if (ch->n_fields == ARRAY_LEN(ch->field_names))
		return call_fail(c, ERR_UNPROCESSABLE,
				 "Validation failed: Fields is too long (maximum is %zu characters)",
				 ARRAY_LEN(ch->field_names));
	ch->field_names[ch->n_fields] = name;
	ch->field_values[ch->n_fields++] = value;
	return OK;
}

/* A list, or an object whose keys do not matter: fields come in the order given. */
static enum err read_fields(struct call *c, struct profile_change *ch)
{
	const json_t *tree = arg_tree(c, "fields_attributes");
	json_t *field;
	const char *key;
	size_t i;
	ch->has_fields = tree != NULL;
	if (json_is_array(tree)) {
		json_array_foreach (tree, i, field)
			TRY(add_field(c, ch, field));
	} else if (tree) {
		json_object_foreach ((json_t *)(uintptr_t)tree, key, field)
			TRY(add_field(c, ch, field));
	}
	return OK;
}

static void read_texts(struct call *c, struct profile_change *ch)
{
	const struct {
		const char *name;
		bool *has;
		struct view *text;
	} texts[] = {
		{"display_name", &ch->has_display_name, &ch->display_name},
		{"note", &ch->has_note, &ch->note},
		{"avatar_description", &ch->has_avatar_description, &ch->avatar_description},
		{"header_description", &ch->has_header_description, &ch->header_description},
		{"source[language]", &ch->has_language, &ch->language},
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		*texts[i].has = arg_given(c, texts[i].name);
		*texts[i].text = arg_str(c, texts[i].name);
	}
}

static void read_flags(struct call *c, struct profile_change *ch)
{
	const struct {
		const char *name;
		bool *has, *on;
	} flags[] = {
		{"locked", &ch->has_locked, &ch->locked},
		{"bot", &ch->has_bot, &ch->bot},
		{"discoverable", &ch->has_discoverable, &ch->discoverable},
		{"indexable", &ch->has_indexable, &ch->indexable},
		{"hide_collections", &ch->has_hide_collections, &ch->hide_collections},
		{"source[sensitive]", &ch->has_sensitive, &ch->sensitive},
	};
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		*flags[i].has = arg_given(c, flags[i].name);
		*flags[i].on = arg_bool(c, flags[i].name);
	}
	ch->has_privacy = arg_given(c, "source[privacy]");
	ch->privacy = (enum visibility)arg_choice(c, "source[privacy]");
	ch->has_quote_policy = arg_given(c, "source[quote_policy]");
	ch->quote_policy = (enum quote_policy)arg_choice(c, "source[quote_policy]");
}
_Static_assert(VISIBILITY_PUBLIC == 0 && VISIBILITY_UNLISTED == 1 && VISIBILITY_PRIVATE == 2, "as in privacies[]");

static struct view picture_of(struct call *c, const char *name)
{
	struct upload up;

	return arg_file(c, name, &up) ? up.data : V("");
}

static enum err apply(struct call *c, struct profile_change *ch, const struct profile_pictures *pictures)
{
	return profile_change_apply(c->core, c->db, c->arena, c->auth.account, ch, pictures, &c->problem);
}

static enum err read_and_apply(struct call *c)
{
	struct profile_change ch = {0};
	read_texts(c, &ch);
	read_flags(c, &ch);
	TRY(read_fields(c, &ch));
	TRY(apply(c, &ch, &(struct profile_pictures){picture_of(c, "avatar"), picture_of(c, "header")}));
	const struct view *domains;
	size_t n = arg_strings(c, "attribution_domains[]", &domains);
	if (!arg_given(c, "attribution_domains[]"))
		return OK;
	return attribution_set(c->core, c->arena, c->auth.account, domains, n, &c->problem);
}

static enum err update_credentials(struct call *c)
{
	struct present p = call_presenter(c);
	TRY(read_and_apply(c));
	return present_credential_account(&p, c->auth.account, &c->json);
}

static enum err show_profile(struct call *c)
{
	struct present p = call_presenter(c);
	return present_profile(&p, c->auth.account, &c->json);
}

static enum err update_profile(struct call *c)
{
	TRY(read_and_apply(c));
	return show_profile(c);
}

static enum err delete_picture(struct call *c, struct profile_change ch)
{
	struct present p = call_presenter(c);
	TRY(apply(c, &ch, &(struct profile_pictures){0}));
	return present_credential_account(&p, c->auth.account, &c->json);
}

static enum err delete_avatar(struct call *c)
{
	return delete_picture(c, (struct profile_change){.has_avatar = true, .has_avatar_description = true});
}

static enum err delete_header(struct call *c)
{
	return delete_picture(c, (struct profile_change){.has_header = true, .has_header_description = true});
}

static enum err preferences(struct call *c)
{
	struct user user;
	TRY(user_load(c->db, c->arena, c->auth.account, &user));
	present_preferences(&user, &c->json);
	return OK;
}

#define TEXT_BYTES (32 * 1024)
#define PROFILE_PARAMS                                                                                                 \
	PARAMS({.name = "display_name", .type = PARAM_STRING, .max = TEXT_BYTES, .doc = "Name to show."},              \
	       {.name = "note", .type = PARAM_STRING, .max = TEXT_BYTES, .doc = "About oneself, plain text."},         \
	       {.name = "avatar", .type = PARAM_FILE, .doc = "Picture beside one's posts."},                           \
	       {.name = "avatar_description", .type = PARAM_STRING, .max = TEXT_BYTES, .doc = "What it shows."},       \
	       {.name = "header", .type = PARAM_FILE, .doc = "Wide picture of the profile."},                          \
	       {.name = "header_description", .type = PARAM_STRING, .max = TEXT_BYTES, .doc = "What it shows."},       \
	       {.name = "locked", .type = PARAM_BOOL, .doc = "Followers must be let in."},                             \
	       {.name = "bot", .type = PARAM_BOOL, .doc = "The account acts by itself."},                              \
	       {.name = "discoverable", .type = PARAM_BOOL, .doc = "May be in the directory and suggested."},          \
	       {.name = "indexable", .type = PARAM_BOOL, .doc = "Public posts may be found by everybody."},            \
	       {.name = "hide_collections", .type = PARAM_BOOL, .doc = "Hide follows and followers."},                 \
	       {.name = "fields_attributes", .type = PARAM_TREE, .doc = "Up to four of {name, value}."},               \
	       {.name = "source[privacy]", .type = PARAM_CHOICE, .choices = privacies, .doc = "Default visibility."},  \
	       {.name = "source[sensitive]", .type = PARAM_BOOL, .doc = "Media is sensitive by default."},             \
	       {.name = "source[language]", .type = PARAM_STRING, .max = 16, .doc = "Default language."},              \
	       {.name = "source[quote_policy]",                                                                        \
		.type = PARAM_CHOICE,                                                                                  \
		.choices = quote_policies,                                                                             \
		.doc = "Who may quote posts to come."},                                                \
	       {.name = "attribution_domains[]", .type = PARAM_STRINGS, .doc = "Sites that may name one as the author of their pages, instead of those there are."})
#define OWN .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE

const struct endpoint api_account_update[] = {
	{OWN, .method = HTTP_PATCH, .path = "/api/v1/accounts/update_credentials", .handle = update_credentials,
	 .scope = SCOPE_WRITE_ACCOUNTS, .body = BODY_UPLOAD, .run = RUN_WORKER, .params = PROFILE_PARAMS,
	 .reply = "CredentialAccount", .doc = "Change one's profile and defaults. What is not named stays."},
	{OWN, .method = HTTP_GET, .path = "/api/v1/profile", .handle = show_profile, .scope = SCOPE_PROFILE,
	 .run = RUN_INLINE, .reply = "Profile", .doc = "One's profile as written, for editing."},
	{OWN, .method = HTTP_PATCH, .path = "/api/v1/profile", .handle = update_profile, .scope = SCOPE_WRITE_ACCOUNTS,
	 .body = BODY_UPLOAD, .run = RUN_WORKER, .params = PROFILE_PARAMS, .reply = "Profile",
	 .doc = "Change one's profile. What is not named stays."},
	{OWN, .method = HTTP_PUT, .path = "/api/v1/profile", .handle = update_profile, .scope = SCOPE_WRITE_ACCOUNTS,
	 .body = BODY_UPLOAD, .run = RUN_WORKER, .params = PROFILE_PARAMS, .reply = "Profile", .doc = "As PATCH."},
	{OWN, .method = HTTP_DELETE, .path = "/api/v1/profile/avatar", .handle = delete_avatar,
	 .scope = SCOPE_WRITE_ACCOUNTS, .body = BODY_FIELDS, .run = RUN_WORKER, .reply = "CredentialAccount",
	 .doc = "Back to the default picture."},
	{OWN, .method = HTTP_DELETE, .path = "/api/v1/profile/header", .handle = delete_header,
	 .scope = SCOPE_WRITE_ACCOUNTS, .body = BODY_FIELDS, .run = RUN_WORKER, .reply = "CredentialAccount",
	 .doc = "Back to the default picture."},
	{OWN, .method = HTTP_GET, .path = "/api/v1/preferences", .handle = preferences, .scope = SCOPE_READ_ACCOUNTS,
	 .run = RUN_INLINE, .reply = "Preferences", .doc = "One's defaults, for apps."},
	ENDPOINTS_END};
