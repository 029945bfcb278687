/*
 * image_main.c - kicau-image: the program that reads pictures from strangers. It runs in a process of its own, with
 * limits on memory, time and files, without a network, and links libvips alone; the server only reads its one line of
 * answer. Every picture is decoded and written anew, so that no metadata (EXIF, GPS), no second file hidden behind the
 * first, and no byte the uploader chose survives.
 *
 *   kicau-image media|preview|avatar|header|emoji INPUT OUTPUT-BASE
 *
 * writes OUTPUT-BASE.EXT and OUTPUT-BASE-small.EXT and prints
 *   ok EXT WIDTH HEIGHT SMALL-EXT SMALL-WIDTH SMALL-HEIGHT BLURHASH
 * or "moving", for an animation that is to become a film, or "error REASON", in words for the uploader. Exit: 0 ok, 1 refused, 2 usage.
 */
#include "base/base.h"

#include <math.h>

#include <vips/vips.h>

#include "base/limits.h"
#include "media/blurhash.h"
#include "media/confine.h"
#include "media/sniff.h"

/* Mastodon's sizes: 8.3 megapixels kept, a preview of 230 400 pixels. */
#define ORIGINAL_PIXELS 8294400
#define PREVIEW_PIXELS 230400

struct mode {
	const char *name;
	int width, height; /* crop to exactly this; 0: keep the shape */
	int small_width;   /* of the second file; 0: by PREVIEW_PIXELS */
	int pixels_max;
	bool blurhash;
	bool films; /* what becomes a film when it moves is left alone then */
};

static const struct mode modes[] = {
	{.name = "media", .pixels_max = ORIGINAL_PIXELS, .blurhash = true, .films = true},
	{.name = "preview", .pixels_max = PREVIEW_PIXELS, .blurhash = true},
	{.name = "avatar", .width = 400, .height = 400, .small_width = 400},
	{.name = "header", .width = 1500, .height = 500, .small_width = 1500},
	{.name = "emoji", .pixels_max = 256 * 256, .small_width = 128},
};

static const struct confinement limits = {
	.memory_bytes = 1536 * LIMIT_MIB,
	.cpu_seconds = 60,
	.file_bytes = 64 * LIMIT_MIB,
	.nice = 5,
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

/* Opens with the one loader its first bytes call for; only the header is read. */
static VipsImage *open_header(const char *path, const struct sniff *f, bool all_pages)
{
	VipsImage *out = NULL;
	int failed = f->pages && all_pages
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

static int convert(const struct mode *m, const struct sniff *f, const char *path, const char *base)
{
	CLEANUP(image_drop) VipsImage *header = open_header(path, f, true);
	struct result original, small;
	char hash[64] = "-";
	int w, h;

	if (!header)
		return refuse("is damaged or is not the picture it claims to be");
	int pages = vips_image_get_n_pages(header);
	w = vips_image_get_width(header);
	h = vips_image_get_page_height(header);
	if (w < 1 || h < 1 || (double)w * h * pages > (double)LIMIT_IMAGE_PIXELS)
		return refuse("has more than 40 megapixels");
	if (vips_image_get_orientation_swap(header)) {
		int swap = w;

		w = h;
		h = swap;
	}
	bool moving = f->pages && pages > 1;
	if (moving && m->films && f->family == SNIFF_ANIMATION) {
		printf("moving\n");
		return 0;
	}
	int to_w = m->width, to_h = m->height;
	if (!to_w)
		fit_area(w, h, m->pixels_max, &to_w, &to_h);
	CLEANUP(image_drop) VipsImage *image = shrink(path, moving, to_w, to_h, m->width > 0);
	const char *ext = !moving && !strcmp(f->ext, "gif") ? "png" : f->ext;
	if (!image || !save(image, base, "", ext, &original) || !write_small(m, path, base, w, h, &small))
		return refuse("could not be read to its end");
	if (m->blurhash && !encode_blurhash(path, hash, sizeof(hash)))
		return refuse("could not be read to its end");
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
		fprintf(stderr, "usage: kicau-image media|preview|avatar|header|emoji INPUT OUTPUT-BASE\n");
		return 2;
	}
	confine(&limits, argv[2], argv[3]);
	const struct sniff *format = sniff_file(argv[2]);
	if (!format || !format->loader)
		return refuse("is not a picture that is taken: JPEG, PNG, GIF, WebP, HEIC, AVIF");
	if (VIPS_INIT(argv[0]))
		return refuse("could not be read: the picture library did not start");
	vips_block_untrusted_set(TRUE);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	return convert(mode, format, argv[2], argv[3]);
}
