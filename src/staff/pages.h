/*
 * pages.h - the pages of this folder; pages.c has them in their order.
 */
#ifndef STAFF_PAGES_H
#define STAFF_PAGES_H

#include "staff/page.h"

extern const struct staff_page page_dashboard, page_record;
extern const struct staff_page page_people, page_person, page_sign_ups, page_reports, page_report, page_appeals;
extern const struct staff_page page_servers, page_providers, page_addresses, page_networks;
extern const struct staff_page page_server, page_network, page_allows;
extern const struct staff_page page_announcements, page_announcement, page_rules, page_rule, page_documents,
	page_emojis;
extern const struct staff_page page_trend_tags, page_trend_posts, page_trend_links, page_trend_sites, page_tags,
	page_tag;
extern const struct staff_page page_licensees, page_licensee, page_usage, page_usage_of, page_unacknowledged,
	page_plans, page_plan, page_keys, page_invoices, page_entries, page_books, page_ledger;

#endif
