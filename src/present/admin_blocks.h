/*
 * admin_blocks.h - what moderators keep out (docs: entities/Admin_DomainAllow, Admin_DomainBlock,
 * Admin_EmailDomainBlock, Admin_IpBlock, Admin_CanonicalEmailBlock).
 */
#ifndef PRESENT_ADMIN_BLOCKS_H
#define PRESENT_ADMIN_BLOCKS_H

#include "moderation/canonical_emails.h"
#include "moderation/email_domains.h"
#include "moderation/ip_blocks.h"
#include "moderation/server_blocks.h"
#include "present/present.h"

void present_domain_allow(const struct domain_allow *a, struct jw *j);
void present_domain_block(const struct domain_block *b, struct jw *j);
enum err present_email_domain(const struct present *p, const struct email_domain *d, struct jw *j);
void present_ip_block(const struct ip_block *b, struct jw *j);
void present_canonical_block(const struct canonical_block *b, struct jw *j);

#endif
