/*
 * export_file.c - see export_file.h.
 */
#include "base/base.h"
#include "dataapi/export_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL 6
#define OUT_BYTES (128 * 1024)

struct export_file {
	char path[4096];
	int fd;
	int64_t bytes;
	ZSTD_CCtx *zstd;
	crypto_hash_sha256_state sum;
	char out[OUT_BYTES];
};

static enum err write_error(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_NO_SPACE : ERR_UNAVAILABLE;
}

static void close_file(struct export_file *f)
{
	ZSTD_freeCCtx(f->zstd);
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

enum err export_file_open(const char *path, struct export_file **ret)
{
	struct export_file *f = xcalloc(1, sizeof(*f));

	snprintf(f->path, sizeof(f->path), "%s", path);
	f->zstd = ZSTD_createCCtx();
	f->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	crypto_hash_sha256_init(&f->sum);
	if (f->fd < 0 || !f->zstd) {
		enum err err = f->zstd ? write_error() : ERR_UNAVAILABLE;

		close_file(f);
		return err;
	}
	ZSTD_CCtx_setParameter(f->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(f->zstd, ZSTD_c_checksumFlag, 1);
	*ret = f;
	return OK;
}

static enum err put(struct export_file *f, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t part = write(f->fd, f->out + done, n - done);

		if (part < 0 && errno != EINTR)
			return write_error();
		done += part > 0 ? (size_t)part : 0;
	}
	crypto_hash_sha256_update(&f->sum, (const unsigned char *)f->out, n);
	f->bytes += (int64_t)n;
	return OK;
}

static enum err pack(struct export_file *f, struct view text, ZSTD_EndDirective how)
{
	ZSTD_inBuffer in = {text.p, text.len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {f->out, sizeof(f->out), 0};

		left = ZSTD_compressStream2(f->zstd, &out, &in, how);
		if (ZSTD_isError(left))
			return ERR_INTERNAL;
		TRY(put(f, out.pos));
	} while (how == ZSTD_e_end ? left != 0 : in.pos < in.size);
	return OK;
}

enum err export_file_write(struct export_file *f, struct view text)
{
	return pack(f, text, ZSTD_e_continue);
}

enum err export_file_finish(struct export_file *f, int64_t *ret_bytes, char *ret_sha256)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	enum err err = pack(f, V(""), ZSTD_e_end);

	if (err == OK && fsync(f->fd) != 0)
		err = write_error();
	crypto_hash_sha256_final(&f->sum, sum);
	sodium_bin2hex(ret_sha256, 2 * sizeof(sum) + 1, sum, sizeof(sum));
	*ret_bytes = f->bytes;
	close_file(f);
	return err;
}

void export_file_drop(struct export_file *f)
{
	if (!f)
		return;
	unlink(f->path);
	close_file(f);
}
