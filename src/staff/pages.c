/*
 * pages.c - all pages, in the order of the links to them.
 */
#include "base/base.h"

#include "staff/pages.h"

const struct staff_page *const staff_pages[] = {
	&page_dashboard, &page_record,
	&page_people,	 &page_person, &page_sign_ups, &page_reports, &page_report, &page_appeals,
	&page_networks,	 &page_network, &page_providers, &page_addresses, &page_servers, &page_server, &page_allows,
	&page_announcements, &page_announcement, &page_rules, &page_rule, &page_documents, &page_emojis,
	&page_trend_tags, &page_trend_posts, &page_trend_links, &page_trend_sites, &page_tags, &page_tag,
	&page_licensees, &page_licensee, &page_usage, &page_usage_of, &page_unacknowledged, &page_plans, &page_plan, &page_keys, &page_invoices, &page_entries,
	&page_books, &page_ledger,
	NULL,
};
