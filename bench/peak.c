/*
 * peak.c - the most memory a program takes: runs PROGRAM ARG… and prints {"peak_mb": …, "seconds": …} as JSON. Small
 * itself, because the kernel counts what a process was before it became the program.
 */
#include "base/base.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;

	if (argc < 2)
		return 2;
	int64_t began = clock_mono_ns();
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDOUT_FILENO);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "peak: %s did not end well\n", argv[1]);
		return 1;
	}
	printf("{\"peak_mb\": %.1f, \"seconds\": %.2f}\n", (double)usage.ru_maxrss * 1024 / 1e6,
	       (double)(clock_mono_ns() - began) / 1e9);
	return 0;
}
