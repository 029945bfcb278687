/*
 * settings_second.c - switching the second step of logging in on and off, and codes to write down.
 */
#include "base/base.h"

#include <qrencode.h>

#include "base/limits.h"
#include "core/accounts.h"
#include "core/second_factor.h"
#include "text/url.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_PATH "/code"
#define QR_QUIET 4 /* modules around it, ISO/IEC 18004 */

static const struct {
	struct view title, off, on, left, set_up, switch_off, renew;
	struct view scan_title, scan, by_hand, code, confirm, wrong, already;
	struct view codes_title, codes, written;
} words = {
	.title = N_("Second step"),
	.off = N_("Logging in takes your password alone. With a second step it also takes a code from an app on your "
		  "telephone."),
	.on = N_("Logging in takes your password and a code from your app."),
	.left = N_("Codes to write down that are left: %s"),
	.set_up = N_("Set up the second step"),
	.switch_off = N_("Switch the second step off"),
	.renew = N_("Make new codes to write down"),
	.scan_title = N_("Set up the second step"),
	.scan = N_("Scan this with an authenticator app, and enter the code it shows then."),
	.by_hand = N_("Or enter this by hand:"),
	.code = N_("Code"),
	.confirm = N_("Switch it on"),
	.wrong = N_("This is not the code. Please look at the app once more."),
	.already = N_("The second step is switched on already."),
	.codes_title = N_("Write these down"),
	.codes = N_("Each of these codes stands once for a code of the app, when your telephone is lost. They are "
		    "shown only now."),
	.written = N_("I have written them down"),
};

enum err settings_second_draw(struct call *c, struct html *h)
{
	struct second_factor second;

	TRY(second_factor_load(c->db, c->auth.account, &second));
	html_elem(h, "h2", page_say(c, words.title));
	html_elem(h, "p", page_say(c, second.on ? words.on : words.off));
	if (!second.on) {
		settings_form(c, h,
			      &(struct settings_form){.action = PATH "/new",
						      .id = "password-code",
						      .button = words.set_up,
						      .password = true});
		return OK;
	}
	html_elem(h, "p", PAGE_SAY_WITH(c, words.left, arena_printf(c->arena, "%" PRId64, second.recovery_left)));
	settings_form(
		c, h,
		&(struct settings_form){
			.action = PATH "/renew", .id = "password-renew", .button = words.renew, .password = true});
	settings_form(
		c, h,
		&(struct settings_form){
			.action = PATH "/off", .id = "password-off", .button = words.switch_off, .password = true});
	return OK;
}

/* One square path for each dark module of the code. */
static void draw_qr(struct call *c, struct html *h, struct view text)
{
	struct buf CLEANUP(buf_release) path = {.max = 256 * LIMIT_KIB};
	QRcode *qr = QRcode_encodeString(text.p, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	if (!qr)
		return; /* it can be entered by hand */
	for (int i = 0; i < qr->width * qr->width; i++)
		if (qr->data[i] & 1)
			buf_printf(&path, "M%d %dh1v1h-1z", i % qr->width + QR_QUIET, i / qr->width + QR_QUIET);
	int width = qr->width + 2 * QR_QUIET;
	QRcode_free(qr);
	html_tag(h, "svg", A("class", V("qr")), A("viewBox", arena_printf(c->arena, "0 0 %d %d", width, width)),
		 A("role", V("img")), A("aria-label", page_say(c, words.scan)));
	html_elem(h, "path", V(""), A("d", buf_view(&path)));
	html_close(h, "svg");
}

/* "Key Uri Format" of Google Authenticator, which the others follow. */
static enum err key_url(struct call *c, const char *secret, struct view *ret)
{
	struct buf CLEANUP(buf_release) url = {.max = 4 * LIMIT_KIB};
	struct account me;

	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	buf_printf(&url, "otpauth://totp/%.*s:%.*s", (int)strcspn(c->core->config.domain, ":"), c->core->config.domain,
		   VIEW_ARG(me.username));
	url_add_param(&url, 0, V("secret"), view_of(secret));
	url_add_param(&url, 0, V("issuer"), view_of(c->core->config.title));
	TRY(buf_err(&url));
	*ret = arena_view(c->arena, buf_view(&url));
	return OK;
}

static enum err draw_set_up(struct call *c, const char *secret, struct view refusal)
{
	struct view url;

	TRY(key_url(c, secret, &url));
	struct html h = settings_page(c, words.scan_title, NULL);
	html_elem(&h, "p", page_say(c, words.scan));
	draw_qr(c, &h, url);
	html_elem(&h, "p", page_say(c, words.by_hand));
	html_tag(&h, "p", A("class", V("code")));
	html_elem(&h, "code", view_of(secret));
	html_close(&h, "p");
	draw_refusal(&h, page_say(c, refusal));
	page_form(c, &h, V(PATH), "stack");
	draw_field(c, &h,
		   &(struct form_field){.name = "code",
					.autocomplete = "one-time-code",
					.inputmode = "numeric",
					.label = words.code,
					.required = true,
					.max = 16});
	draw_submit(c, &h, words.confirm);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err draw_codes(struct call *c, const struct recovery_codes *codes)
{
	struct html h = settings_page(c, words.codes_title, NULL);

	html_elem(&h, "p", page_say(c, words.codes));
	html_tag(&h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		html_open(&h, "li");
		html_elem(&h, "code", view_of(codes->v[i]));
		html_close(&h, "li");
	}
	html_close(&h, "ul");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.written), A("href", V(SETTINGS_PATH)));
	html_close(&h, "p");
	return page_end(c, &h);
}

static enum err begin(struct call *c)
{
	char secret[OTP_BASE32_LEN + 1];
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	enum err err = second_factor_begin(c->core, c->auth.account, secret);
	if (err == ERR_CONFLICT)
		return settings_draw(c, words.already);
	TRY(err);
	return draw_set_up(c, secret, V(""));
}

static enum err enable(struct call *c)
{
	char secret[OTP_BASE32_LEN + 1];
	struct recovery_codes codes;
	bool drawn;

	TRY(settings_may(c, false, &drawn));
	if (drawn)
		return OK;
	enum err err = second_factor_pending(c->db, c->auth.account, secret);
	if (err == ERR_NOT_FOUND)
		return settings_done(c);
	TRY(err);
	err = second_factor_enable(c->core, c->auth.account, arg_str(c, "code"), &codes);
	if (err == ERR_UNAUTHORIZED || err == ERR_TOO_MANY) {
		c->status = 422;
		return draw_set_up(c, secret, words.wrong);
	}
	TRY(err);
	return draw_codes(c, &codes);
}

static enum err disable(struct call *c)
{
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	TRY(second_factor_disable(c->core, c->auth.account));
	return settings_done(c);
}

static enum err renew(struct call *c)
{
	struct recovery_codes codes;
	struct second_factor second;
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	if (drawn)
		return OK;
	TRY(second_factor_load(c->db, c->auth.account, &second));
	if (!second.on)
		return settings_done(c);
	TRY(second_factor_renew(c->core, c->auth.account, &codes));
	return draw_codes(c, &codes);
}

const struct endpoint web_settings_second[] = {
	{SETTINGS_ROW, .path = PATH "/new", .handle = begin, .refused_ok = true, .rate = RATE_LOGIN, .params = PARAMS(SETTINGS_PASSWORD),
	 .doc = "Begins to set up codes of an authenticator app: shows the secret."},
	{SETTINGS_ROW, .path = PATH, .handle = enable, .refused_ok = true, .rate = RATE_LOGIN,
	 .params = PARAMS({.name = "code", .max = 64, .doc = "That the app shows."}),
	 .doc = "The first code switches them on; shows the codes to write down."},
	{SETTINGS_ROW, .path = PATH "/renew", .handle = renew, .refused_ok = true, .rate = RATE_LOGIN, .params = PARAMS(SETTINGS_PASSWORD),
	 .doc = "New codes to write down, instead of those before."},
	{SETTINGS_ROW, .path = PATH "/off", .handle = disable, .refused_ok = true, .rate = RATE_LOGIN, .params = PARAMS(SETTINGS_PASSWORD),
	 .doc = "Switches the second step off."},
	ENDPOINTS_END,
};
