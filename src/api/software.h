/*
 * software.h - how the program names itself to apps.
 */
#ifndef API_SOFTWARE_H
#define API_SOFTWARE_H

#define SOFTWARE_NAME "kicau"
/* Apps read the beginning as Mastodon's version, to know what they may ask for. */
#define SOFTWARE_MASTODON_VERSION "4.6.0 (compatible; " SOFTWARE_NAME " " KICAU_VERSION ")"

#endif
