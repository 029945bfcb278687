/*
 * visibility.h - the only judge of who may see a post. The rules are Mastodon's StatusPolicy: the author sees it;
 * nobody sees a suspended author's; a direct post is for those it names; a private one also for followers; a public
 * or unlisted one for all but those its author blocks. A boost is seen by whoever may see the boost and the post.
 */
#ifndef CORE_VISIBILITY_H
#define CORE_VISIBILITY_H

#include "core/post.h"
#include "core/viewer.h"

bool visible_to(const struct viewer *v, const struct post_meta *m);
/* Also fit for a list of posts: visible, and its author (and booster) not hidden by the viewer's blocks and mutes. */
bool listed_for(const struct viewer *v, const struct post_meta *m);
/*
 * Also fit for its author's own profile: one who has muted them goes there to see their posts all the same, one who has blocked
 * them does not. What they boost of others is judged as ever.
 */
bool profile_listed_for(const struct viewer *v, const struct post_meta *m);
/*
 * Also fit for where one comes upon posts of people one does not know (threads, search): listed, and not by somebody
 * who is silenced, but for their followers.
 */
bool found_by(const struct viewer *v, const struct post_meta *m);
/*
 * Also fit for a home or list timeline: one's own, or one that neither answers nor addresses somebody whom the viewer
 * hides. Mastodon's other timelines keep such posts.
 */
bool home_listed_for(const struct viewer *v, const struct post_meta *m);
/* A post somebody has reported, whoever it is for. Only behind an endpoint for those who manage reports. */
bool reported_to(const struct viewer *v, const struct post_meta *m);
/*
 * May it ever be licensed to strangers: public, of this server, of somebody neither suspended nor limited; of a boost, what
 * is boosted is public too. Whether its author allows it is licensed/'s to ask.
 */
bool sellable(const struct post_meta *m);
/* May this viewer boost it: visible, and public or unlisted, or private and their own. */
bool boostable_by(const struct viewer *v, const struct post_meta *m);
/* May this viewer quote it: visible, and their own, or public or unlisted and open to them by its author's policy. */
bool quotable_by(const struct viewer *v, const struct post_meta *m);

#endif
