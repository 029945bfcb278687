/*
 * mailer.c - see mailer.h. Each thread takes one mail, sends it, writes down how that went, and looks again.
 */
#include "base/base.h"

#include "mail/mailer.h"

#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/mail_queue.h"
#include "mail/message.h"

#define THREADS 2
#define ARENA_MAX (4 * LIMIT_MIB)
#define MESSAGE_MAX (12 * LIMIT_MIB) /* with a file */

struct mailer {
	struct core *core;
	struct smtp_config smtp;
	const struct letter_writer *writers;
	pthread_t threads[THREADS];
	size_t n;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	bool stopping;
};

static bool is_stopping(void *arg)
{
	struct mailer *m = arg;

	pthread_mutex_lock(&m->lock);
	bool stopping = m->stopping;
	pthread_mutex_unlock(&m->lock);
	return stopping;
}

/* A second, or until the end. False at the end. */
static bool nap(struct mailer *m)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&m->lock);
	while (!m->stopping)
		if (pthread_cond_timedwait(&m->wake, &m->lock, &until) == ETIMEDOUT)
			break;
	bool more = !m->stopping;
	pthread_mutex_unlock(&m->lock);
	return more;
}

static enum err hand_over(struct mailer *m, struct arena *a, const struct mail *mail, const struct letter *letter,
			  struct problem *problem)
{
	struct buf CLEANUP(buf_release) text = {.max = MESSAGE_MAX};
	const struct message message = {
		.from_name = view_of(m->core->config.title),
		.from = view_of(m->smtp.from),
		.to = mail->address,
		.subject = letter->subject,
		.id = arena_printf(a, "%" PRId64 ".kicau@%s", mail->id,
				   strchr(m->smtp.from, '@') ? strchr(m->smtp.from, '@') + 1 : "localhost"),
		.date = clock_now(),
		.text = buf_view(&letter->text),
		.html = buf_view(&letter->html),
		.file = buf_view(&letter->file),
		.file_name = letter->file_name,
		.file_type = letter->file_type,
	};

	enum err err = message_write(&message, &text);
	if (err)
		return fail(problem, ERR_GONE, "it cannot be written as a mail (%s)", err_name(err));
	const struct smtp_mail out = {.to = mail->address, .text = buf_view(&text), .stop = is_stopping, .arg = m};
	return smtp_send(&m->smtp, &out, problem);
}

static enum err write_letter(struct mailer *m, struct arena *a, const struct mail *mail, struct letter *ret,
			     struct problem *problem)
{
	struct db *db = store_db(m->core->store);

	for (const struct letter_writer *w = m->writers; w->write; w++)
		if (w->kind == mail->kind)
			return w->write(m->core, db, a, mail, ret, problem);
	return letter_write(m->core, db, a, mail, ret);
}

static enum err send_one(struct mailer *m, struct arena *a, const struct mail *mail, struct problem *problem)
{
	struct letter letter;
	enum err err = write_letter(m, a, mail, &letter, problem);

	if (err == ERR_GONE) /* nothing to say any more */
		return OK;
	if (err)
		return problem->text[0] ? err : fail(problem, err, "%s", err_name(err));
	err = hand_over(m, a, mail, &letter, problem);
	letter_release(&letter);
	return err;
}

/* Addresses and links are not logged. */
static enum err settle(struct mailer *m, const struct mail *mail, enum err err, const struct problem *problem)
{
	struct view words = view_of(problem->text);

	if (err == OK)
		return mail_sent(m->core->store, mail);
	log_warn("a mail was not taken", F_INT("mail", mail->id), F_INT("attempt", mail->attempts),
		 F_STR("error", words));
	return mail_failed(m->core->store, mail, err == ERR_GONE, words);
}

/* False when there was nothing to do. */
static bool turn(struct mailer *m, struct arena *a)
{
	struct mail mail;
	struct problem problem = {0};

	if (mail_claim(m->core->store, a, clock_now(), &mail) != OK)
		return false;
	enum err err = send_one(m, a, &mail, &problem);
	if (settle(m, &mail, err, &problem) != OK)
		log_warn("what became of a mail could not be written down; it may be sent again",
			 F_INT("mail", mail.id));
	return true;
}

static void *work(void *arg)
{
	struct mailer *m = arg;
	struct arena arena;

	pthread_setname_np(pthread_self(), "mail");
	arena_init(&arena, ARENA_MAX);
	while (!is_stopping(m)) {
		bool did = turn(m, &arena);

		arena_reset(&arena);
		if (!did && !nap(m))
			break;
	}
	arena_release(&arena);
	store_thread_done(m->core->store);
	return NULL;
}

enum err mailer_start(struct core *c, const struct smtp_config *config, const struct letter_writer *writers,
		      struct mailer **ret, struct problem *problem)
{
	*ret = NULL;
	if (!config->server[0])
		return OK;
	if (smtp_open() != OK)
		return fail(problem, ERR_UNAVAILABLE, "libcurl cannot be used, so there is no mail");
	struct mailer *m = xcalloc(1, sizeof(*m));
	pthread_condattr_t attr;

	m->core = c;
	m->smtp = *config;
	m->writers = writers;
	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (!store_is_server(c->store) && mail_free_leases(c->store) != OK)
		log_warn("mail a crash has interrupted waits until its lease ends");
	while (m->n < THREADS && pthread_create(&m->threads[m->n], NULL, work, m) == 0)
		m->n++;
	if (!m->n)
		BUG("no thread for mail");
	*ret = m;
	return OK;
}

void mailer_stop(struct mailer *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	pthread_cond_broadcast(&m->wake);
	pthread_mutex_unlock(&m->lock);
	for (size_t i = 0; i < m->n; i++)
		pthread_join(m->threads[i], NULL);
	pthread_cond_destroy(&m->wake);
	pthread_mutex_destroy(&m->lock);
	smtp_close();
	free(m);
}
