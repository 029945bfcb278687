/*
 * confine.c - see confine.h.
 */
#include "base/base.h"

#include "media/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#endif
/* A sanitizer's shadow is terabytes of address space, and it reads /proc. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

#define OTHER_ABI 0x40000000 /* x32's bit: the same calls under other numbers */

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)

static void set_limit(int what, rlim_t most)
{
	const struct rlimit limit = {most, most};

	setrlimit(what, &limit);
}

/* A network of its own, which is empty; where that is not allowed (systemd's RestrictNamespaces), no sockets. */
static void cut_network(void)
{
	if (unshare(CLONE_NEWNET) != 0)
		(void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
#ifdef THIS_ARCH
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_ABI, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | EACCES),
		ANSWER(SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {ARRAY_LEN(filter), filter};

	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
#endif
}

/* ---- files: Landlock (the kernel's Documentation/userspace-api/landlock.rst) ---- */

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define MAY_CHANGE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define MAY_MAKE (MAY_CHANGE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* What programs and their libraries are, and need. Not /proc: other processes' secrets are in it. */
static const char *const system_places[] = {
	"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/sys/devices/system/cpu"};

struct fence {
	int fd;
	uint64_t rights; /* that this kernel knows */
};

/* A place that is not there needs no rule. Of a file there is nothing but reading and changing. */
static void allow(const struct fence *f, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights & f->rights};
	struct stat st;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= MAY_CHANGE | LANDLOCK_ACCESS_FS_EXECUTE;
	syscall(SYS_landlock_add_rule, f->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

static void allow_path_variable(const struct fence *f)
{
	struct view rest = view_of(getenv("PATH")), folder;
	char path[4096];

	while (view_split(&rest, ':', &folder)) {
		snprintf(path, sizeof(path), "%.*s", VIEW_ARG(folder));
		allow(f, path, MAY_READ);
	}
}

static void allow_folder_of(const struct fence *f, const char *file)
{
	const char *slash = strrchr(file, '/');
	char path[4096];

	snprintf(path, sizeof(path), "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
	allow(f, path, MAY_MAKE);
}

/* A kernel without it (before 5.13, or with it turned off) leaves the files to the rights of the user. */
static void fence_files(const char *input, const char *output)
{
	/* Rights are numbered, and came with the versions of the interface. */
	static const uint64_t known[] = {(1ULL << 13) - 1, (1ULL << 14) - 1, (1ULL << 15) - 1};
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return;
	size_t newest = (size_t)version < ARRAY_LEN(known) ? (size_t)version : ARRAY_LEN(known);
	struct fence f = {.rights = known[newest - 1]};
	const struct landlock_ruleset_attr attr = {.handled_access_fs = f.rights};
	f.fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (f.fd < 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(system_places); i++)
		allow(&f, system_places[i], MAY_READ);
	allow_path_variable(&f);
	allow(&f, "/dev/null", MAY_CHANGE);
	allow(&f, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
	allow(&f, input, LANDLOCK_ACCESS_FS_READ_FILE);
	allow_folder_of(&f, output);
	syscall(SYS_landlock_restrict_self, f.fd, 0);
	close(f.fd);
}

void confine(const struct confinement *limits, const char *input, const char *output)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!SANITIZED) {
		set_limit(RLIMIT_AS, limits->memory_bytes);
		fence_files(input, output);
	}
	set_limit(RLIMIT_CPU, limits->cpu_seconds);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_FSIZE, limits->file_bytes);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	(void)!nice(limits->nice);
	cut_network();
}
