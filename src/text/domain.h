/*
 * domain.h - names of servers as people type them.
 */
#ifndef TEXT_DOMAIN_H
#define TEXT_DOMAIN_H

#include "base/base.h"
#include "base/limits.h"

/*
 * " Example.ORG. " → "example.org": labels of ASCII letters, digits, and '-' or '_' inside them (RFC 1123 2.1; names in
 * other scripts as they travel, RFC 5891), at most LIMIT_DOMAIN_BYTES. False: it is no such name.
 */
bool domain_read(struct view typed, char ret[LIMIT_DOMAIN_BYTES + 1]);

#endif
