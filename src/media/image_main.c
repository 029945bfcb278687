/*
 * image_main.c - kicau-image: the program that reads pictures from strangers. It runs in a process of its own, with
 * limits on memory, time and files, without a network, and links libvips alone; the server only reads its one line of
 * answer. Every picture is decoded and written anew, so that no metadata (EXIF, GPS), no second file hidden behind the
 * first, and no byte the uploader chose survives.
 *
 *   kicau-image media|avatar|header|emoji INPUT OUTPUT-BASE
 *
 * writes OUTPUT-BASE.EXT and OUTPUT-BASE-small.EXT and prints
 *   ok EXT WIDTH HEIGHT SMALL-EXT SMALL-WIDTH SMALL-HEIGHT BLURHASH
 * or "error REASON", in words for the uploader. Exit: 0 ok, 1 refused, 2 usage.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vips/vips.h>

#include "base/limits.h"
#include "media/blurhash.h"

/* Mastodon's sizes: 8.3 megapixels kept, a preview of 230 400 pixels. */
#define ORIGINAL_PIXELS 8294400
#define PREVIEW_PIXELS 230400
#define MEMORY_MAX ((rlim_t)1536 * 1024 * 1024)
#define CPU_SECONDS 60
#define NICE 5 /* the server, which others wait for, goes first */

struct mode {
	const char *name;
	int width, height; /* crop to exactly this; 0: keep the shape */
	int small_width;   /* of the second file; 0: by PREVIEW_PIXELS */
	int pixels_max;
	bool blurhash;
};

static const struct mode modes[] = {
	{.name = "media", .pixels_max = ORIGINAL_PIXELS, .blurhash = true},
	{.name = "avatar", .width = 400, .height = 400, .small_width = 400},
	{.name = "header", .width = 1500, .height = 500, .small_width = 1500},
	{.name = "emoji", .pixels_max = 256 * 256, .small_width = 128},
};

/* Formats by their first bytes; what is not here is refused, whatever its name or declared type says. */
struct format {
	const char *loader; /* libvips operation */
	const char *ext;    /* written as */
	size_t offset, len;
	const char *magic;
	bool animated;
};

static const struct format formats[] = {
	{"jpegload", "jpg", 0, 3, "\xff\xd8\xff", false},
	{"pngload", "png", 0, 8, "\x89PNG\r\n\x1a\n", false},
	{"gifload", "gif", 0, 4, "GIF8", true},
	{"webpload", "webp", 8, 4, "WEBP", true},
	{"heifload", "jpg", 4, 8, "ftypavif", false},
	{"heifload", "jpg", 4, 8, "ftypheic", false},
	{"heifload", "jpg", 4, 8, "ftypheix", false},
	{"heifload", "jpg", 4, 8, "ftypmif1", false},
};

static void image_drop(VipsImage **image)
{
	if (*image)
		g_object_unref(*image);
}

static int refuse(const char *reason)
{
	printf("error %s\n", reason);
	return 1;
}

static const struct format *sniff(const char *path)
{
	char head[16] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		const struct format *f = &formats[i];

		if (n >= (ssize_t)(f->offset + f->len) && !memcmp(head + f->offset, f->magic, f->len))
			return f;
	}
	return NULL;
}

/* What this process may use from here on. The network goes where the kernel allows it without privileges. */
static void confine(void)
{
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, cpu = {CPU_SECONDS, CPU_SECONDS}, none = {0, 0};
	const struct rlimit file = {64 * LIMIT_MIB, 64 * LIMIT_MIB};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)memory; /* a sanitizer's shadow is terabytes of address space */
#else
	setrlimit(RLIMIT_AS, &memory);
#endif
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_FSIZE, &file);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)!nice(NICE);
	if (unshare(CLONE_NEWNET) != 0)
		(void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

/* Opens with the one loader the first bytes call for; only the header is read. */
static VipsImage *open_header(const char *path, const struct format *f, bool all_pages)
{
	VipsImage *out = NULL;
	int failed = f->animated && all_pages
			     ? vips_call(f->loader, path, &out, "access", VIPS_ACCESS_SEQUENTIAL, "n", -1, NULL)
			     : vips_call(f->loader, path, &out, "access", VIPS_ACCESS_SEQUENTIAL, NULL);

	return failed ? NULL : out;
}

/* Width and height that hold at most `pixels` in the shape of w × h; never larger than w × h. */
static void fit_area(int w, int h, double pixels, int *ret_w, int *ret_h)
{
	double scale = sqrt(pixels / ((double)w * h));

	if (scale > 1)
		scale = 1;
	*ret_w = (int)fmax(1, floor(w * scale));
	*ret_h = (int)fmax(1, floor(h * scale));
}

struct result {
	int width, height;
	char ext[8];
};

static bool save(VipsImage *image, const char *base, const char *suffix, const char *ext, struct result *ret)
{
	char path[4096];
	bool ok = false;

	snprintf(path, sizeof(path), "%s%s.%s", base, suffix, ext);
	if (!strcmp(ext, "jpg"))
		ok = !vips_jpegsave(image, path, "Q", 86, "strip", TRUE, "optimize_coding", TRUE, NULL);
	else if (!strcmp(ext, "png"))
		ok = !vips_pngsave(image, path, "strip", TRUE, NULL);
	else if (!strcmp(ext, "webp"))
		ok = !vips_webpsave(image, path, "Q", 86, "strip", TRUE, NULL);
	else if (!strcmp(ext, "gif"))
		ok = !vips_gifsave(image, path, "strip", TRUE, NULL);
	ret->width = vips_image_get_width(image);
	ret->height = vips_image_get_page_height(image);
	snprintf(ret->ext, sizeof(ret->ext), "%s", ext);
	return ok;
}

/* Colours mean something else than sRGB: by a profile in the file, or because they are inks. */
static bool has_own_colours(const char *name)
{
	CLEANUP(image_drop) VipsImage *header = vips_image_new_from_file(name, NULL);

	return header && (vips_image_get_typeof(header, VIPS_META_ICC_NAME) != 0 ||
			  vips_image_get_interpretation(header) == VIPS_INTERPRETATION_CMYK);
}

/* path with libvips' "[n=-1]" for all pages of an animation. */
static VipsImage *shrink(const char *path, bool pages, int w, int h, bool crop)
{
	char name[4096];
	VipsImage *out = NULL;

	snprintf(name, sizeof(name), "%s%s", path, pages ? "[n=-1]" : "");
	if (vips_thumbnail(name, &out, w, "height", h, "size", crop ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN, "crop",
			   crop ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE,
			   has_own_colours(name) ? "export_profile" : NULL, "srgb", NULL))
		return NULL;
	return out;
}

static bool encode_blurhash(const char *path, char *ret, size_t size)
{
	CLEANUP(image_drop) VipsImage *small = shrink(path, false, 64, 64, false);
	CLEANUP(image_drop) VipsImage *flat = NULL;
	CLEANUP(image_drop) VipsImage *rgb = NULL;
	size_t bytes = 0;

	if (!small)
		return false;
	if (vips_image_hasalpha(small)) {
		if (vips_flatten(small, &flat, NULL))
			return false;
	} else {
		flat = g_object_ref(small);
	}
	if (vips_colourspace(flat, &rgb, VIPS_INTERPRETATION_sRGB, NULL))
		return false;
	unsigned char *pixels = vips_image_write_to_memory(rgb, &bytes);
	size_t w = (size_t)vips_image_get_width(rgb), h = (size_t)vips_image_get_height(rgb);
	bool ok = pixels && bytes == w * h * 3 && blurhash_encode(4, 4, pixels, w, h, ret, size);
	g_free(pixels);
	return ok;
}

/* The second file: still, small. A transparent one stays transparent. */
static bool write_small(const struct mode *m, const char *path, const char *base, int w, int h, struct result *ret)
{
	int small_w, small_h;

	fit_area(w, h, PREVIEW_PIXELS, &small_w, &small_h);
	if (m->small_width) {
		small_w = m->small_width;
		small_h = m->height ? m->height : m->small_width;
	}
	CLEANUP(image_drop) VipsImage *small = shrink(path, false, small_w, small_h, m->height > 0);
	return small && save(small, base, "-small", vips_image_hasalpha(small) ? "png" : "jpg", ret);
}

static int convert(const struct mode *m, const struct format *f, const char *path, const char *base)
{
	CLEANUP(image_drop) VipsImage *header = open_header(path, f, true);
	struct result original, small;
	char hash[64] = "-";
	int w, h;

	if (!header)
		return refuse("the file is damaged or is not the picture it claims to be");
	int pages = vips_image_get_n_pages(header);
	w = vips_image_get_width(header);
	h = vips_image_get_page_height(header);
	if (w < 1 || h < 1 || (double)w * h * pages > (double)LIMIT_IMAGE_PIXELS)
		return refuse("the picture has more than 40 megapixels");
	if (vips_image_get_orientation_swap(header)) {
		int swap = w;

		w = h;
		h = swap;
	}
	bool moving = f->animated && pages > 1;
	int to_w = m->width, to_h = m->height;
	if (!to_w)
		fit_area(w, h, m->pixels_max, &to_w, &to_h);
	CLEANUP(image_drop) VipsImage *image = shrink(path, moving, to_w, to_h, m->width > 0);
	const char *ext = !moving && !strcmp(f->ext, "gif") ? "png" : f->ext;
	if (!image || !save(image, base, "", ext, &original) || !write_small(m, path, base, w, h, &small))
		return refuse("the picture could not be read to its end");
	if (m->blurhash && !encode_blurhash(path, hash, sizeof(hash)))
		return refuse("the picture could not be read to its end");
	printf("ok %s %d %d %s %d %d %s\n", original.ext, original.width, original.height, small.ext, small.width,
	       small.height, hash);
	return 0;
}

int main(int argc, char **argv)
{
	const struct mode *mode = NULL;

	for (size_t i = 0; argc == 4 && i < ARRAY_LEN(modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			mode = &modes[i];
	if (!mode) {
		fprintf(stderr, "usage: kicau-image media|avatar|header|emoji INPUT OUTPUT-BASE\n");
		return 2;
	}
	confine();
	const struct format *format = sniff(argv[2]);
	if (!format)
		return refuse("only JPEG, PNG, GIF, WebP, HEIC and AVIF pictures are taken");
	if (VIPS_INIT(argv[0]))
		return refuse("the picture library did not start");
	vips_block_untrusted_set(TRUE);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	return convert(mode, format, argv[2], argv[3]);
}
