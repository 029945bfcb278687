/*
 * blurhash.c - see blurhash.h.
 */
#include "base/base.h"

#include "media/blurhash.h"

#include <math.h>

#define COMPONENTS_MAX 9

struct colour {
	double r, g, b;
};

static double to_linear(unsigned char v)
{
	double x = v / 255.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static int to_srgb(double v)
{
	double x = fmax(0, fmin(1, v));

	return (int)((x <= 0.0031308 ? x * 12.92 : 1.055 * pow(x, 1 / 2.4) - 0.055) * 255 + 0.5);
}

static struct colour component(int i, int j, const struct colour *pixels, size_t w, size_t h)
{
	struct colour sum = {0};
	double scale = (i == 0 && j == 0 ? 1.0 : 2.0) / (double)(w * h);

	for (size_t y = 0; y < h; y++)
		for (size_t x = 0; x < w; x++) {
			double basis = cos(M_PI * i * (double)x / (double)w) * cos(M_PI * j * (double)y / (double)h);
			const struct colour *p = &pixels[y * w + x];

			sum.r += basis * p->r;
			sum.g += basis * p->g;
			sum.b += basis * p->b;
		}
	return (struct colour){sum.r * scale, sum.g * scale, sum.b * scale};
}

static char *base83(char *out, int value, int digits)
{
	static const char alphabet[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

	for (int i = digits - 1; i >= 0; i--, value /= 83)
		out[i] = alphabet[value % 83];
	return out + digits;
}

static int quantise(double v, double max)
{
	double x = v / max;

	return (int)fmax(0, fmin(18, floor(copysign(sqrt(fabs(x)), x) * 9 + 9.5)));
}

static double largest(const struct colour *c, int n)
{
	double max = 0;

	for (int i = 1; i < n; i++)
		max = fmax(max, fmax(fabs(c[i].r), fmax(fabs(c[i].g), fabs(c[i].b))));
	return max;
}

bool blurhash_encode(int x, int y, const unsigned char *rgb, size_t w, size_t h, char *ret, size_t size)
{
	struct colour c[COMPONENTS_MAX * COMPONENTS_MAX];
	int n = x * y;

	if (size < (size_t)(4 + 2 * n + 1))
		return false;
	struct colour *pixels = xcalloc(w * h, sizeof(*pixels));
	for (size_t i = 0; i < w * h; i++)
		pixels[i] =
			(struct colour){to_linear(rgb[3 * i]), to_linear(rgb[3 * i + 1]), to_linear(rgb[3 * i + 2])};
	for (int i = 0; i < n; i++)
		c[i] = component(i % x, i / x, pixels, w, h);
	free(pixels);

	int level = n > 1 ? (int)fmax(0, fmin(82, floor(largest(c, n) * 166 - 0.5))) : 0;
	double max = (level + 1) / 166.0;
	char *out = base83(ret, x - 1 + (y - 1) * 9, 1);
	out = base83(out, level, 1);
	out = base83(out, (to_srgb(c[0].r) << 16) + (to_srgb(c[0].g) << 8) + to_srgb(c[0].b), 4);
	for (int i = 1; i < n; i++)
		out = base83(out, (quantise(c[i].r, max) * 19 + quantise(c[i].g, max)) * 19 + quantise(c[i].b, max), 2);
	*out = 0;
	return true;
}
