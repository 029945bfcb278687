/*
 * fuzz_replay.c - main() of a fuzzer without libFuzzer: runs it over every file of the folders and files named.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, room = 0, n;

	if (!f) {
		perror(path);
		return 1;
	}
	do {
		if (size == room) {
			room = room ? 2 * room : 4096;
			data = realloc(data, room);
			if (!data)
				abort();
		}
		n = fread(data + size, 1, room - size, f);
		size += n;
	} while (n > 0);
	fclose(f);
	fprintf(stderr, "%s\n", path);
	/* A copy of exactly its size, so that a sanitizer sees one byte too many. */
	uint8_t *exact = malloc(size ? size : 1);
	for (size_t i = 0; exact && i < size; i++)
		exact[i] = data[i];
	free(data);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

static int replay_folder(const char *path)
{
	DIR *dir = opendir(path);
	int wrong = 0;

	if (!dir) {
		perror(path);
		return 1;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		char *file;

		if (e->d_name[0] == '.' || asprintf(&file, "%s/%s", path, e->d_name) < 0)
			continue;
		wrong |= replay_file(file);
		free(file);
	}
	closedir(dir);
	return wrong;
}

int main(int argc, char **argv)
{
	int wrong = argc < 2;

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			wrong |= replay_folder(argv[i]);
		else
			wrong |= replay_file(argv[i]);
	}
	return wrong;
}
