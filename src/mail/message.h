/*
 * message.h - a mail as it travels: RFC 5322 with a text and an HTML part (RFC 2046 5.1.4), both quoted-printable,
 * and maybe a file (5.1.3), in base64.
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/buf.h"

struct message {
	struct view from_name, from, to; /* from_name may be any text; from and to are addresses */
	struct view subject;		 /* any text */
	struct view id;			 /* without <>: equal for all sendings of one mail */
	int64_t date;			 /* ms */
	struct view text, html;		 /* UTF-8, lines ended by LF */
	struct view file, file_name;	 /* attached when file is not empty; the name is ASCII without quotes */
	const char *file_type;
};

/* ERR_INVALID: an address with what could end a header. ERR_TOO_LARGE: out is full. */
enum err message_write(const struct message *m, struct buf *out);

/* RFC 2047: as it is where that is plain ASCII without control characters, else in encoded words. Folded. */
void message_header_text(struct view text, struct buf *out);
/* RFC 2045 6.7, lines of at most 76 characters, ended by CR LF. */
void message_quoted(struct view text, struct buf *out);

#endif
