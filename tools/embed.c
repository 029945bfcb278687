/*
 * embed.c - build tool: writes files as a C table. `embed NAME FILE...` prints a definition of
 * `const struct embedded embedded_NAME[]` (see base/embedded.h), ended by a row without a name.
 */
#include <stdio.h>
#include <string.h>

static int embed_file(const char *path, int index)
{
	FILE *f = fopen(path, "rb");
	int c, column = 0;

	if (!f) {
		perror(path);
		return 1;
	}
	printf("static const unsigned char data_%d[] = {", index);
	while ((c = fgetc(f)) != EOF)
		printf("%s%d,", column++ % 24 ? "" : "\n", c);
	printf("\n0};\n");
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	printf("#include \"base/base.h\"\n#include \"base/embedded.h\"\n");
	for (int i = 2; i < argc; i++)
		if (embed_file(argv[i], i))
			return 1;
	printf("const struct embedded embedded_%s[] = {\n", argv[1]);
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');

		printf("\t{\"%s\", data_%d, sizeof(data_%d) - 1},\n", slash ? slash + 1 : argv[i], i, i);
	}
	printf("\t{0}\n};\n");
	return 0;
}
