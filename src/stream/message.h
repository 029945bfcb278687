/*
 * message.h - what a client says on a WebSocket: {"type":"subscribe","stream":"hashtag","tag":"jalak"}.
 */
#ifndef STREAM_MESSAGE_H
#define STREAM_MESSAGE_H

#include "base/arena.h"
#include "stream/channel.h"

enum message_type { MESSAGE_OTHER, MESSAGE_SUBSCRIBE, MESSAGE_UNSUBSCRIBE };

/*
 * MESSAGE_OTHER: not JSON, or of no type we know; Mastodon is silent about those. Texts go into the arena. A value may
 * stand in an array of its own (Mastodon takes the first), an id may be a number.
 */
enum message_type message_parse(struct arena *a, struct view text, struct wish *ret);

#endif
