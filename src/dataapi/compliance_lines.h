/*
 * compliance_lines.h - what holders of copies are told, as lines (X API v2, "Compliance streams": delete, tweet_edit,
 * user_delete, …).
 */
#ifndef DATAAPI_COMPLIANCE_LINES_H
#define DATAAPI_COMPLIANCE_LINES_H

#include "base/buf.h"
#include "core/compliance.h"
#include "meter/licensees.h"

/*
 * Whether it is anything to this licensee: of authors who allow its uses, and of posts it has received. Of all others it
 * learns nothing, not even that they were there. That an account is gone everybody may see, and is told.
 */
enum err compliance_concerns(struct core *c, struct db *db, const struct compliance_event *e, const struct licence *l,
			     bool *ret);
/* Whether the ledger holds a delivery of this post to this licensee. */
enum err compliance_received(struct core *c, int64_t licensee, struct post_id post, bool *ret);
/* {"data":{…}}, without the end of a line. What X has no member for is in "kicau": the event's place, for acknowledging. */
void compliance_write(struct buf *out, const struct compliance_event *e, const struct licence *l);

#endif
