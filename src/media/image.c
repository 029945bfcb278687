/*
 * image.c - see image.h. The program's answer is read like any stranger's: it has just read hostile bytes.
 */
#include "base/base.h"

#include "media/image.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define TIMEOUT_MS (60 * 1000)
#define ANSWER_MAX 512

bool image_program(char *ret, size_t size)
{
	static const char *const places[] = {"kicau-image", "../libexec/kicau/kicau-image"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return false;
	self[n] = 0;
	char *slash = strrchr(self, '/');
	*slash = 0;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		snprintf(ret, size, "%s/%s", self, places[i]);
		if (access(ret, X_OK) == 0)
			return true;
	}
	return false;
}

static bool take_word(struct view *rest, char *ret, size_t size)
{
	struct view word;

	if (!view_split(rest, ' ', &word) || !word.len || word.len >= size)
		return false;
	memcpy(ret, word.p, word.len);
	ret[word.len] = 0;
	return true;
}

static bool take_size(struct view *rest, int *ret)
{
	struct view word;
	uint64_t n;

	if (!view_split(rest, ' ', &word) || !parse_u64(word, 100000, &n) || !n)
		return false;
	*ret = (int)n;
	return true;
}

static bool ext_known(const char *ext)
{
	return !strcmp(ext, "jpg") || !strcmp(ext, "png") || !strcmp(ext, "gif") || !strcmp(ext, "webp");
}

enum err image_parse_answer(struct view line, struct image_result *ret, struct problem *problem)
{
	struct image_result r;
	struct view rest = view_trim(line), word = V("");

	if (!view_split(&rest, ' ', &word) || !utf8_valid(line))
		return fail(problem, ERR_INTERNAL, "the picture could not be processed");
	if (view_is(word, "error"))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File %.*s",
			    VIEW_ARG(view_sub(rest, 0, 160)));
	if (!view_is(word, "ok") || !take_word(&rest, r.ext, sizeof(r.ext)) || !take_size(&rest, &r.width) ||
	    !take_size(&rest, &r.height) || !take_word(&rest, r.small_ext, sizeof(r.small_ext)) ||
	    !take_size(&rest, &r.small_width) || !take_size(&rest, &r.small_height) ||
	    !take_word(&rest, r.blurhash, sizeof(r.blurhash)) || !ext_known(r.ext) || !ext_known(r.small_ext))
		return fail(problem, ERR_INTERNAL, "the picture could not be processed");
	if (!strcmp(r.blurhash, "-"))
		r.blurhash[0] = 0;
	*ret = r;
	return OK;
}

static bool spawn(char *const argv[], pid_t *ret_pid, int *ret_fd)
{
	posix_spawn_file_actions_t actions;
	char *const environment[] = {(char[]){"LC_ALL=C"}, (char[]){"VIPS_WARNING=0"}, NULL};
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	bool ok = posix_spawn(ret_pid, argv[0], &actions, NULL, argv, environment) == 0;
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	if (ok)
		*ret_fd = pipes[0];
	else
		close(pipes[0]);
	return ok;
}

/* Reads what the program prints until it ends; false when it takes too long or says too much. */
static bool read_answer(int fd, char *buf, size_t cap, size_t *ret_len)
{
	int64_t deadline = clock_mono_ns() + (int64_t)TIMEOUT_MS * 1000000;
	size_t len = 0;

	while (len < cap) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = (deadline - clock_mono_ns()) / 1000000;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return false;
		ssize_t n = read(fd, buf + len, cap - len);
		if (n < 0)
			continue;
		if (n == 0) {
			*ret_len = len;
			return true;
		}
		len += (size_t)n;
	}
	return false;
}

enum err image_convert(const char *mode, const char *input, const char *out_base, struct image_result *ret,
		       struct problem *problem)
{
	char program[4096], answer[ANSWER_MAX], *argv[5];
	size_t len = 0;
	pid_t pid;
	int fd, status = 0;

	if (!image_program(program, sizeof(program)))
		return fail(problem, ERR_INTERNAL, "kicau-image is not installed beside kicau");
	argv[0] = program, argv[1] = (char *)mode, argv[2] = (char *)input, argv[3] = (char *)out_base, argv[4] = NULL;
	if (!spawn(argv, &pid, &fd))
		return fail(problem, ERR_BUSY, "no process for the picture");
	bool whole = read_answer(fd, answer, sizeof(answer), &len);
	close(fd);
	if (!whole)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		;
	if (!whole || !WIFEXITED(status))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File takes too much to process");
	return image_parse_answer(view_make(answer, len), ret, problem);
}
