/*
 * limits.h - every named maximum in the program. What an operator may change is in server/config_table.c instead.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_KIB ((size_t)1024)
#define LIMIT_MIB ((size_t)1024 * 1024)

/* HTTP */
#define LIMIT_HEADER_BYTES (16 * LIMIT_KIB)  /* request line and headers of one request */
#define LIMIT_HEADERS 100
#define LIMIT_BODY_ANON (64 * LIMIT_KIB)     /* before authentication */
#define LIMIT_BODY (1 * LIMIT_MIB)
#define LIMIT_BODY_MEDIA (44 * LIMIT_MIB)    /* a 40 MiB film, its thumbnail and their form */
#define LIMIT_BODY_RAW (8 * LIMIT_MIB)	   /* lists of ids, what payment providers send */
#define LIMIT_PARAMS 1000
#define LIMIT_JSON_DEPTH 32
#define LIMIT_REPLY (8 * LIMIT_MIB)
#define LIMIT_CALL_ARENA (64 * LIMIT_MIB)
#define LIMIT_FORM_AGAIN (1 * LIMIT_MIB)	   /* text that is shown again in a form that was refused */
#define LIMIT_KEPT_PAGES (16 * LIMIT_MIB)    /* pages for visitors, and parts of others, each, in memory */
#define LIMIT_BODIES_TOTAL (256 * LIMIT_MIB) /* all request bodies in memory at once */
#define LIMIT_BODIES_LARGE (192 * LIMIT_MIB) /* of it for bodies over LIMIT_BODY_ANON: uploads leave room for posts */

/* Posts and accounts (Mastodon's figures where it has one) */
#define LIMIT_POST_TEXT_BYTES (256 * LIMIT_KIB)
#define LIMIT_CHAR_BYTES 40		      /* of a text, for each character it may have: an emoji with all its parts */
#define LIMIT_POST_LINK_BYTES (4 * LIMIT_KIB) /* and these, because a link counts little */
#define LIMIT_POST_TOKENS 1024		      /* mentions, tags and links; what comes after is plain text */
#define LIMIT_POST_MENTIONS 100
#define LIMIT_POST_TAGS 60
#define LIMIT_POST_MEDIA 4
#define LIMIT_POST_EDITS 200
#define LIMIT_POLL_OPTIONS 4
#define LIMIT_POLL_OPTION_CHARS 50
#define LIMIT_POLL_MIN_SECONDS 300
#define LIMIT_POLL_MAX_SECONDS 2629746
#define LIMIT_MEDIA_ALT_CHARS 1500
#define LIMIT_MEDIA_ALT_BYTES (16 * LIMIT_KIB)
#define LIMIT_USERNAME 30
#define LIMIT_DISPLAY_NAME_CHARS 30
#define LIMIT_NOTE_CHARS 500
#define LIMIT_FIELDS 4
#define LIMIT_FIELD_CHARS 255
#define LIMIT_PINS 5
#define LIMIT_FEATURED_TAGS 10
#define LIMIT_LISTS 50
#define LIMIT_LIST_ACCOUNTS 5000
#define LIMIT_FOLLOWS 7500
#define LIMIT_FOLLOW_LANGUAGES 64 /* that one follow may be narrowed to */
#define LIMIT_PASSWORD_MIN 8
#define LIMIT_PASSWORD_MAX 72
#define LIMIT_THREAD_ANCESTORS 4096
#define LIMIT_THREAD_DESCENDANTS 4096
#define LIMIT_THREAD_ANON_ANCESTORS 40
#define LIMIT_THREAD_ANON_DESCENDANTS 60
#define LIMIT_THREAD_ANON_DEPTH 20

/* Text */
#define LIMIT_URL_BYTES 4096
#define LIMIT_REDIRECT_URI_BYTES 2000
#define LIMIT_QUERY_BYTES 2048
#define LIMIT_QUERY_TERMS 32

#define LIMIT_DOMAIN_BYTES 253 /* RFC 1035 3.1, as text */
#define LIMIT_USER_DOMAINS 10000 /* that one account blocks for itself */

/* Media */
#define LIMIT_IMAGE_BYTES (16 * LIMIT_MIB)
#define LIMIT_IMAGE_PIXELS ((size_t)40 * 1000 * 1000)
#define LIMIT_FILM_BYTES (40 * LIMIT_MIB) /* films and sounds, as uploaded */
#define LIMIT_FILM_PIXELS (3840 * 2160)
#define LIMIT_FILM_FPS 120
#define LIMIT_FILM_SECONDS 600 /* of a film that has to be converted; one that fits as it is has no such bound */
#define LIMIT_FILM_KEPT_BYTES (256 * LIMIT_MIB) /* of a converted one */
#define LIMIT_THUMBNAIL_BYTES (3 * LIMIT_MIB)
#define LIMIT_AVATAR_BYTES (8 * LIMIT_MIB)
#define LIMIT_EMOJI_BYTES (256 * LIMIT_KIB)

/* Timelines and pages */
#define LIMIT_TIMELINE_RING 800
#define LIMIT_PAGE_POSTS 40
#define LIMIT_PAGE_ACCOUNTS 80
#define LIMIT_PAGE_SEARCH 40

/* Streams */
#define LIMIT_STREAM_FRAME (8 * LIMIT_KIB)   /* from a client */
#define LIMIT_STREAM_RING 256		      /* events waiting for one slow reader */
#define LIMIT_STREAM_SUBSCRIPTIONS 64	      /* of one WebSocket */
#define LIMIT_STREAM_QUEUE 65536	      /* events waiting to be passed on */
#define LIMIT_STREAM_MESSAGES 300	      /* of one client in 30 s */
#define LIMIT_STREAMS 65536		      /* open at once */
#define LIMIT_STREAMS_ACCOUNT (LIMIT_STREAMS / 4) /* of one account, or of one address without login */
#define LIMIT_STREAMS_SUBSCRIPTIONS 262144    /* of all streams, besides their accounts' own channels */

#endif
