/*
 * archive_test.c - a backup comes back as it was; one that was changed, cut, or made to hurt does not.
 */
#include "base/base.h"
#include "cli/archive.h"

#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

static char dir[] = "/tmp/kicau-archive-XXXXXX";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	remove_folder(dir);
	return 0;
}

static const char *in_dir(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *p = paths[next++ % 4];

	snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
	return p;
}

static void pack(const char *file)
{
	struct packer *p;

	unlink(in_dir(file));
	assert_int_equal(packer_open(in_dir(file), &p, NULL), OK);
	assert_int_equal(packer_add_bytes(p, ARCHIVE_ABOUT, V("{}\n"), NULL), OK);
	assert_int_equal(packer_add_bytes(p, ARCHIVE_DATABASE, V("rows"), NULL), OK);
	packer_abandon(p); /* leaves nothing under either name */
	assert_int_equal(access(in_dir(file), F_OK), -1);

	FILE *f = fopen(in_dir("picture"), "w");
	for (int i = 0; i < 100000; i++)
		fprintf(f, "%d,", i);
	fclose(f);
	assert_int_equal(packer_open(in_dir(file), &p, NULL), OK);
	assert_int_equal(packer_add_bytes(p, ARCHIVE_ABOUT, V("{}\n"), NULL), OK);
	assert_int_equal(packer_add_bytes(p, ARCHIVE_DATABASE, V("rows"), NULL), OK);
	assert_int_equal(packer_add_file(p, "media/ab/abcd.png", in_dir("picture"), NULL, NULL), OK);
	assert_int_equal(packer_add_file(p, "media/ab/gone.png", in_dir("gone"), NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(packer_files(p), 3);
	assert_int_equal(packer_finish(p, NULL), OK);
}

static enum err unpack(const char *file, struct problem *problem)
{
	uint64_t files;
	const char *folder = in_dir("out");

	remove_folder(folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	return archive_unpack(in_dir(file), folder, &files, problem);
}

static void it_comes_back(void **state)
{
	static const char *const files[] = {"a.tar", "a.tar.gz", "a.tar.zst"};
	struct problem problem = {0};
	struct stat was, is;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		pack(files[i]);
		assert_int_equal(stat(in_dir(files[i]), &is), 0);
		assert_int_equal(is.st_mode & 0777, 0600);
		assert_int_equal(unpack(files[i], &problem), OK);
		assert_int_equal(stat(in_dir("picture"), &was), 0);
		assert_int_equal(stat(in_dir("out/media/ab/abcd.png"), &is), 0);
		assert_int_equal(was.st_size, is.st_size);
	}
}

static void other_programs_can_check_it(void **state)
{
	char command[512];

	(void)state;
	pack("b.tar");
	snprintf(command, sizeof(command),
		 "cd %s && tar xf b.tar && cd kicau-backup && sha256sum --quiet -c SHA256SUMS", dir);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command in a folder made here */
}

/* Changes one bit of the byte there. */
static void spoil(const char *file, long at)
{
	FILE *f = fopen(in_dir(file), "r+");

	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	int c = fgetc(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	fputc(c ^ 1, f);
	fclose(f);
}

static void damage_is_found(void **state)
{
	struct problem problem = {0};
	struct stat st;

	(void)state;
	pack("c.tar");
	assert_int_equal(stat(in_dir("c.tar"), &st), 0);
	spoil("c.tar", st.st_size / 2);
	assert_int_equal(unpack("c.tar", &problem), ERR_CORRUPT);
	assert_non_null(strstr(problem.text, "media/ab/abcd.png"));

	pack("c.tar");
	assert_int_equal(truncate(in_dir("c.tar"), st.st_size / 2), 0);
	assert_int_equal(unpack("c.tar", &problem), ERR_CORRUPT);
}

/* An archive with one entry of our choice. */
static void forge(const char *file, const char *name, unsigned type)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	archive_write_set_format_pax_restricted(a);
	assert_int_equal(archive_write_open_filename(a, in_dir(file)), ARCHIVE_OK);
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0777);
	archive_entry_set_size(e, type == AE_IFREG ? 1 : 0);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(e, "/etc");
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	if (type == AE_IFREG)
		assert_int_equal(archive_write_data(a, "x", 1), 1);
	archive_entry_free(e);
	archive_write_free(a);
}

static void nothing_is_written_outside(void **state)
{
	static const struct {
		const char *name;
		unsigned type;
	} evil[] = {
		{"../escaped", AE_IFREG},
		{"/tmp/escaped", AE_IFREG},
		{"kicau-backup/../../escaped", AE_IFREG},
		{"kicau-backup/media/../../escaped", AE_IFREG},
		{"kicau-backup/media/./x", AE_IFREG},
		{"kicau-backup/media//x", AE_IFREG},
		{"kicau-backup/media/.hidden", AE_IFREG},
		{"kicau-backup/escaped", AE_IFREG},
		{"kicau-backup/media", AE_IFLNK},
		{"kicau-backup/media/ab", AE_IFLNK},
		{"kicau-backup/database", AE_IFLNK},
		{"kicau-backup/media/ab", AE_IFDIR},
	};
	struct problem problem = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
		forge("evil.tar", evil[i].name, evil[i].type);
		assert_int_equal(unpack("evil.tar", &problem), ERR_CORRUPT);
	}
	assert_int_equal(access(in_dir("escaped"), F_OK), -1);
	assert_int_equal(access("/tmp/escaped", F_OK), -1);
}

static void what_is_no_archive_is_refused(void **state)
{
	struct problem problem = {0};

	(void)state;
	pack("d.tar");
	assert_int_equal(unpack("picture", &problem), ERR_CORRUPT);
	assert_int_equal(unpack("nowhere", &problem), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_back),	       cmocka_unit_test(other_programs_can_check_it),
		cmocka_unit_test(damage_is_found),	       cmocka_unit_test(nothing_is_written_outside),
		cmocka_unit_test(what_is_no_archive_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
