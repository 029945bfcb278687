/*
 * sniff.c - see sniff.h.
 */
#include "base/base.h"

#include "media/sniff.h"

#include <fcntl.h>
#include <unistd.h>

#define PICTURE(at, bytes, how, as, many)                                                                              \
	{.offset = at, .len = sizeof(bytes) - 1, .magic = bytes, .loader = how, .ext = as, .kind = "image", .pages = many}
#define FILM(at, bytes, how, what)                                                                                     \
	{.offset = at, .len = sizeof(bytes) - 1, .magic = bytes, .family = SNIFF_FILM, .demuxer = how, .kind = what}

/* The first row that fits counts: pictures in ISO's container stand before its films. */
static const struct sniff rows[] = {
	PICTURE(0, "\xff\xd8\xff", "jpegload", "jpg", false),
	PICTURE(0, "\x89PNG\r\n\x1a\n", "pngload", "png", false),
	{.len = 4, .magic = "GIF8", .family = SNIFF_ANIMATION, .loader = "gifload", .demuxer = "gif", .ext = "gif",
	 .kind = "image", .pages = true},
	PICTURE(8, "WEBP", "webpload", "webp", true),
	PICTURE(4, "ftypavif", "heifload", "jpg", false),
	PICTURE(4, "ftypheic", "heifload", "jpg", false),
	PICTURE(4, "ftypheix", "heifload", "jpg", false),
	PICTURE(4, "ftypmif1", "heifload", "jpg", false),
	FILM(4, "ftypM4A ", "mov", "audio"),
	FILM(4, "ftyp", "mov", "video"),
	FILM(4, "moov", "mov", "video"),
	FILM(4, "mdat", "mov", "video"),
	FILM(4, "wide", "mov", "video"),
	FILM(0, "\x1a\x45\xdf\xa3", "matroska", "video"),
	FILM(0, "OggS", "ogg", "audio"),
	FILM(0, "fLaC", "flac", "audio"),
	FILM(8, "WAVE", "wav", "audio"),
	FILM(0, "ID3", "mp3", "audio"),
	FILM(0, "\xff\xfb", "mp3", "audio"),
	FILM(0, "\xff\xfa", "mp3", "audio"),
	FILM(0, "\xff\xf3", "mp3", "audio"),
	FILM(0, "\xff\xf2", "mp3", "audio"),
	FILM(0, "\xff\xf1", "aac", "audio"),
	FILM(0, "\xff\xf9", "aac", "audio"),
};

const struct sniff *sniff(struct view head)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (view_eq(view_sub(head, rows[i].offset, rows[i].len), view_make(rows[i].magic, rows[i].len)))
			return &rows[i];
	return NULL;
}

const struct sniff *sniff_file(const char *path)
{
	char head[SNIFF_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;

	if (fd >= 0)
		close(fd);
	return n > 0 ? sniff(view_make(head, (size_t)n)) : NULL;
}
