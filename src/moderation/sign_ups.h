/*
 * sign_ups.h - who may sign up: what moderators have blocked of networks, mail providers and mail addresses.
 */
#ifndef MODERATION_SIGN_UPS_H
#define MODERATION_SIGN_UPS_H

#include "core/sign_up.h"

extern const struct sign_up_guard moderation_guard; /* for sign_up_set_guard(), at boot */

#endif
