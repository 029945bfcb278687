/*
 * icons.h - small line drawings inside the page, in the colour of the text beside them. Decoration only: what they mean
 * is said in words.
 */
#ifndef WEB_ICONS_H
#define WEB_ICONS_H

#include "text/html.h"

enum icon {
	ICON_REPLY,
	ICON_BOOST,
	ICON_FAVOURITE,
	ICON_PIN,
	ICON_PUBLIC,
	ICON_UNLISTED,
	ICON_PRIVATE,
	ICON_DIRECT,
	ICON_BOT,
	ICON_CHECK,
	ICON_EYE_OFF,
	ICON_HOME,
	ICON_BELL,
	ICON_SEARCH,
	ICON_BOOKMARK,
	ICON_LIST,
	ICON_PERSON,
	ICON_SETTINGS,
	ICON_WRITE,
	ICON_MENU,
	ICON_MORE,
	ICON_LEAVE,
	ICON_SCHEDULED,
	ICON_STAFF,
	ICON_ANNOUNCE,
	ICON_CLOSE,
	ICON_COUNT
};
void draw_icon(struct html *h, enum icon icon);

#endif
