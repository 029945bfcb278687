/*
 * process.c - see process.h.
 */
#include "base/base.h"

#include "media/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define PATH_ROOM 4096
#define NS_PER_MS 1000000
#define LOOK_MS 250

bool process_beside(const char *name, char *ret, size_t size)
{
	static const char *const places[] = {"", "../libexec/kicau/"};
	char self[PATH_ROOM];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return false;
	self[n] = 0;
	char *slash = strrchr(self, '/');
	*slash = 0;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		snprintf(ret, size, "%s/%s%s", self, places[i], name);
		if (access(ret, X_OK) == 0)
			return true;
	}
	return false;
}

static const char *search_path(void)
{
	const char *path = getenv("PATH");

	return path ? path : "/usr/local/bin:/usr/bin:/bin";
}

bool process_in_path(const char *name)
{
	struct view rest = view_of(search_path()), folder;
	char path[PATH_ROOM];

	while (view_split(&rest, ':', &folder)) {
		snprintf(path, sizeof(path), "%.*s/%s", VIEW_ARG(folder), name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* A thread of the server blocks signals and ignores SIGPIPE; the program starts with neither. */
static void set_attributes(posix_spawnattr_t *attr, bool own_group)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(attr);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setflags(attr, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
					       (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
}

static bool spawn(const struct process *p, pid_t *ret_pid, int *ret_out)
{
	char path[PATH_ROOM];
	char *const environment[] = {(char[]){"LC_ALL=C"}, path, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int pipes[2];

	snprintf(path, sizeof(path), "PATH=%s", search_path());
	if (pipe2(pipes, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	if (p->input)
		posix_spawn_file_actions_adddup2(&actions, p->input, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	set_attributes(&attr, p->own_group);
	bool ok = posix_spawnp(ret_pid, p->argv[0], &actions, &attr, p->argv, environment) == 0;
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	if (ok)
		*ret_out = pipes[0];
	else
		close(pipes[0]);
	return ok;
}

/* Waits a little for one of them. False when it is over: *ret says why. */
static bool await(struct pollfd p[2], const struct process *run, int64_t deadline, enum process_end *ret)
{
	int64_t left = (deadline - clock_mono_ns()) / NS_PER_MS;

	p[0].revents = p[1].revents = 0;
	*ret = PROCESS_TOOK_TOO_MUCH;
	if (left <= 0)
		return false;
	*ret = PROCESS_STOPPED;
	if (run->stop && run->stop->wanted(run->stop->arg))
		return false;
	*ret = PROCESS_BROKEN;
	return poll(p, 2, left < LOOK_MS ? (int)left : LOOK_MS) >= 0 || errno == EINTR;
}

/* Reads until the child ends, not only until it closes its output: what it started may hold that open, or it may go on. */
static enum process_end listen_to(int out, int child, const struct process *run, char *buf, size_t cap, size_t *ret_len)
{
	struct pollfd p[2] = {{.fd = out, .events = POLLIN}, {.fd = child, .events = POLLIN}};
	int64_t deadline = clock_mono_ns() + (int64_t)run->timeout_ms * NS_PER_MS;
	enum process_end end;
	size_t len = 0;

	while (await(p, run, deadline, &end)) {
		if (p[0].revents) {
			ssize_t n = read(out, buf + len, cap - len);

			if (n == 0)
				p[0].fd = -1; /* poll() passes it over */
			else if (n < 0 && errno != EINTR)
				return PROCESS_BROKEN;
			else if (n > 0 && (len += (size_t)n) == cap)
				return PROCESS_BROKEN;
		} else if (p[1].revents) {
			*ret_len = len;
			return PROCESS_DONE;
		}
	}
	return end;
}

/* What the kernel ends a process with when it is over one of its limits, or memory has run out. */
static bool is_limit(int signal) { return signal == SIGXCPU || signal == SIGXFSZ || signal == SIGKILL; }

/* Its number stays taken until it is reaped, so nobody else's group can be hit. */
static int reap(pid_t pid, bool own_group, bool ended)
{
	siginfo_t info;
	int status = 0;

	if (!ended)
		kill(own_group ? -pid : pid, SIGKILL);
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	if (own_group)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

enum process_end process_run(const struct process *p, char *buf, size_t cap, size_t *ret_len, int *ret_status)
{
	pid_t pid;
	int out;

	*ret_len = 0;
	*ret_status = 0;
	if (!spawn(p, &pid, &out))
		return PROCESS_NOT_STARTED;
	int child = pidfd_open(pid, 0);
	enum process_end end = PROCESS_BROKEN;
	if (child >= 0) {
		end = listen_to(out, child, p, buf, cap, ret_len);
		close(child);
	}
	int status = reap(pid, p->own_group, end == PROCESS_DONE);
	close(out);
	if (end != PROCESS_DONE)
		return end;
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	if (WIFEXITED(status))
		return PROCESS_DONE;
	return is_limit(*ret_status) ? PROCESS_TOOK_TOO_MUCH : PROCESS_KILLED;
}
