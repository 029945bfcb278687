/*
 * marker.h - Marker (docs: entities/Marker) and Preferences (docs: entities/Preferences).
 */
#ifndef PRESENT_MARKER_H
#define PRESENT_MARKER_H

#include "core/accounts.h"
#include "core/markers.h"
#include "present/present.h"

/* Appends the member "home": Marker (or the other timeline) to an object. */
void present_marker_member(enum marker_timeline t, const struct marker *m, struct jw *j);
void present_preferences(const struct user *u, struct jw *j);

#endif
