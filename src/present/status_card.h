/*
 * status_card.h - the part of a Status that is the same for everybody (core/cards.h), in pieces between which goes what
 * belongs to somebody else:
 *
 *   head   {"id":…,"content":…,"account":
 *          the account's JSON
 *   middle ,"media_attachments":…,"reblog":null,"poll":null      or …,"poll":{…      or …,"poll":null,"reblog":
 *          the viewer's votes in an open poll, or the boosted post
 *   tail   } of the poll, or nothing
 *          the viewer's flags, what it quotes, and whether the viewer may quote it
 *   }
 */
#ifndef PRESENT_STATUS_CARD_H
#define PRESENT_STATUS_CARD_H

#include "present/present.h"

/* For cards_set_renderers(). */
enum err status_card_render(struct core *c, struct db *db, struct arena *a, const struct post *post, struct card **ret);
/* With the source text instead of the HTML; not for keeping. */
enum err status_card_render_source(struct core *c, struct db *db, struct arena *a, struct post_id id,
				   struct card **ret);

#endif
