/*
 * archive.h - the file `kicau backup` makes: a tar archive (POSIX pax; compressed when its name ends in .gz or .zst) with
 * one folder, kicau-backup/, that any tar can unpack:
 *
 *   backup.json     what this is: {"format": 1, "kicau", "database", "base_url", "made_at"}
 *   database        the copy of the SQLite database, or what pg_dump made
 *   kicau.conf      settings, when there are any
 *   media/…         uploaded files
 *   ledger/…        the ledger's files, at least as new as the database; with those that were moved to an archive
 *   SHA256SUMS      of all of these, in their order, as sha256sum -c reads them; last, so that a cut file shows
 */
#ifndef CLI_ARCHIVE_H
#define CLI_ARCHIVE_H

#include "base/base.h"
#include "cli/terminal.h"

#define ARCHIVE_FOLDER "kicau-backup/"
#define ARCHIVE_FORMAT 1
#define ARCHIVE_ABOUT "backup.json"
#define ARCHIVE_DATABASE "database"
#define ARCHIVE_CONF "kicau.conf"
#define ARCHIVE_MEDIA "media"
#define ARCHIVE_LEDGER "ledger"
#define ARCHIVE_SUMS "SHA256SUMS"

/* Writing. The file appears under its name only when it is complete, readable by its owner alone. */
struct packer;
enum err packer_open(const char *file, struct packer **ret, struct problem *problem);
/* A file of the disk under a name inside the folder. ERR_NOT_FOUND when it is gone: nothing is written then. */
enum err packer_add_file(struct packer *p, const char *name, const char *path, struct progress *progress,
			 struct problem *problem);
enum err packer_add_bytes(struct packer *p, const char *name, struct view bytes, struct problem *problem);
enum err packer_finish(struct packer *p, struct problem *problem); /* sums, durable, renamed; frees */
void packer_abandon(struct packer *p);				   /* NULL-safe; removes what was written */
uint64_t packer_files(const struct packer *p);
uint64_t packer_bytes(const struct packer *p);

/*
 * Reading: unpacks everything into an existing, empty folder and compares the sums. Names that are not among those
 * above are refused: nothing is written outside. ERR_CORRUPT names the first file that is not as it was.
 */
enum err archive_unpack(const char *file, const char *folder, uint64_t *ret_files, struct problem *problem);

/* Removes a folder with all in it. */
void remove_folder(const char *path);

#endif
