// Which entity each route answers with: 'X' one, '[X]' an array, 'X?' maybe null.
// A function chooses by the request and the reply. STREAM: an event stream, checked event by event.

export const STREAM = Symbol('stream')
const either = (test, yes, no) => (request, body) => (test(request, body) ? yes : no)

const table = `
GET /api/v1/apps/verify_credentials                  Application
POST /api/v1/apps                                    CredentialApplication
POST /oauth/token                                    Token
POST /oauth/revoke                                   Empty
GET /oauth/userinfo                                  UserInfo
POST /oauth/userinfo                                 UserInfo
GET /.well-known/oauth-authorization-server          AuthorizationServer
GET /.well-known/nodeinfo                            NodeInfoLinks
GET /nodeinfo/2.0                                    NodeInfo
GET /nodeinfo/2.1                                    NodeInfo
GET /api/oembed                                      OEmbed

GET /api/v1/instance                                 V1Instance
GET /api/v2/instance                                 Instance
GET /api/v1/instance/rules                           [Rule]
GET /api/v1/instance/peers                           [String]
GET /api/v1/instance/activity                        [Activity]
GET /api/v1/instance/extended_description            ExtendedDescription
GET /api/v1/instance/privacy_policy                  PrivacyPolicy
GET /api/v1/instance/terms_of_service                TermsOfService
GET /api/v1/instance/terms_of_service/:date          TermsOfService
GET /api/v1/instance/domain_blocks                   [DomainBlock]
GET /api/v1/instance/languages                       [Language]
GET /api/v1/instance/translation_languages           TranslationLanguages
GET /api/v1/peers/search                             [String]
GET /api/v1/custom_emojis                            [CustomEmoji]
GET /api/v1/annual_reports                           WrappedAnnualReports
GET /api/v1/annual_reports/:year                     WrappedAnnualReports
GET /api/v1/annual_reports/:year/state               AnnualReportState
POST /api/v1/annual_reports/:year/read               Empty
POST /api/v1/annual_reports/:year/generate           Empty
GET /api/v1/donation_campaigns                       DonationCampaign
GET /api/v1_alpha/async_refreshes/:id                AsyncRefresh

POST /api/v1/accounts                                Token
GET /api/v1/accounts                                 [Account]
GET /api/v1/accounts/verify_credentials              CredentialAccount
GET /api/v1/accounts/data_licence                    DataLicence
PATCH /api/v1/accounts/data_licence                  DataLicence
GET /api/v1/data_holders                             [DataHolders]
PATCH /api/v1/accounts/update_credentials            CredentialAccount
GET /api/v1/accounts/relationships                   [Relationship]
GET /api/v1/accounts/search                          [Account]
GET /api/v1/accounts/lookup                          Account
GET /api/v1/accounts/familiar_followers              [FamiliarFollowers]
GET /api/v1/accounts/:id                             Account
GET /api/v1/accounts/:id/statuses                    [Status]
GET /api/v1/accounts/:id/followers                   [Account]
GET /api/v1/accounts/:id/following                   [Account]
GET /api/v1/accounts/:id/featured_tags               [FeaturedTag]
GET /api/v1/accounts/:id/lists                       [List]
GET /api/v1/accounts/:id/identity_proofs             [IdentityProof]
GET /api/v1/accounts/:id/endorsements                [Account]
GET /api/v1/accounts/:id/collections                 Collections
GET /api/v1/accounts/:id/in_collections              Collections
POST /api/v1/accounts/:id/follow                     Relationship
POST /api/v1/accounts/:id/unfollow                   Relationship
POST /api/v1/accounts/:id/remove_from_followers      Relationship
POST /api/v1/accounts/:id/block                      Relationship
POST /api/v1/accounts/:id/unblock                    Relationship
POST /api/v1/accounts/:id/mute                       Relationship
POST /api/v1/accounts/:id/unmute                     Relationship
POST /api/v1/accounts/:id/pin                        Relationship
POST /api/v1/accounts/:id/unpin                      Relationship
POST /api/v1/accounts/:id/endorse                    Relationship
POST /api/v1/accounts/:id/unendorse                  Relationship
POST /api/v1/accounts/:id/note                       Relationship
POST /api/v1/emails/confirmations                    Empty
GET /api/v1/emails/check_confirmation                Boolean
GET /api/v1/profile                                  Profile
PATCH /api/v1/profile                                Profile
PUT /api/v1/profile                                  Profile
DELETE /api/v1/profile/avatar                        CredentialAccount
DELETE /api/v1/profile/header                        CredentialAccount
GET /api/v1/preferences                              Preferences

GET /api/kicau/v1/archives                           [Archive]
POST /api/kicau/v1/archives                          Archive
GET /api/kicau/v1/archives/:id                       Archive
DELETE /api/kicau/v1/archives/:id                    Empty
GET /api/kicau/v1/imports                            [Import]
POST /api/kicau/v1/imports                           Import
GET /api/kicau/v1/imports/:id                        Import
DELETE /api/kicau/v1/imports/:id                     Empty
GET /api/kicau/v1/imports/:id/problems               [ImportProblem]
POST /api/kicau/v1/imports/:id/pieces                Import

GET /api/v1/timelines/home                           [Status]
GET /api/v1/timelines/public                         [Status]
GET /api/v1/timelines/direct                         [Status]
GET /api/v1/timelines/link                           [Status]
GET /api/v1/timelines/tag/:tag                       [Status]
GET /api/v1/timelines/list/:id                       [Status]

GET /api/v1/statuses                                 [Status]
GET /api/v1/statuses/:id                             Status
PUT /api/v1/statuses/:id                             Status
DELETE /api/v1/statuses/:id                          DeletedStatus
GET /api/v1/statuses/:id/context                     Context
GET /api/v1/statuses/:id/source                      StatusSource
GET /api/v1/statuses/:id/history                     [StatusEdit]
GET /api/v1/statuses/:id/quotes                      [Status]
GET /api/v1/statuses/:id/favourited_by               [Account]
GET /api/v1/statuses/:id/reblogged_by                [Account]
POST /api/v1/statuses/:id/favourite                  Status
POST /api/v1/statuses/:id/unfavourite                Status
POST /api/v1/statuses/:id/reblog                     Status
POST /api/v1/statuses/:id/unreblog                   Status
POST /api/v1/statuses/:id/bookmark                   Status
POST /api/v1/statuses/:id/unbookmark                 Status
POST /api/v1/statuses/:id/mute                       Status
POST /api/v1/statuses/:id/unmute                     Status
POST /api/v1/statuses/:id/pin                        Status
POST /api/v1/statuses/:id/unpin                      Status
POST /api/v1/statuses/:id/translate                  Translation
POST /api/v1/statuses/:id/quotes/:id/revoke          Status
PUT /api/v1/statuses/:id/interaction_policy          Status
GET /api/v1/scheduled_statuses                       [ScheduledStatus]
GET /api/v1/scheduled_statuses/:id                   ScheduledStatus
PUT /api/v1/scheduled_statuses/:id                   ScheduledStatus
DELETE /api/v1/scheduled_statuses/:id                Empty
GET /api/v1/polls/:id                                Poll
POST /api/v1/polls/:id/votes                         Poll

POST /api/v1/media                                   MediaAttachment
POST /api/v2/media                                   MediaAttachment
GET /api/v1/media/:id                                MediaAttachment
PUT /api/v1/media/:id                                MediaAttachment
DELETE /api/v1/media/:id                             Empty

GET /api/v1/bookmarks                                [Status]
GET /api/v1/favourites                               [Status]
GET /api/v1/mutes                                    [MutedAccount]
GET /api/v1/blocks                                   [Account]
GET /api/v1/domain_blocks                            [String]
GET /api/v1/domain_blocks/preview                    DomainBlockPreview
POST /api/v1/domain_blocks                           Empty
DELETE /api/v1/domain_blocks                         Empty
GET /api/v1/endorsements                             [Account]
GET /api/v1/follow_requests                          [Account]
POST /api/v1/follow_requests/:id/authorize           Relationship
POST /api/v1/follow_requests/:id/reject              Relationship
GET /api/v1/directory                                [Account]
GET /api/v1/suggestions                              [Account]
GET /api/v2/suggestions                              [Suggestion]
DELETE /api/v1/suggestions/:id                       Empty

GET /api/v1/followed_tags                            [Tag]
GET /api/v1/tags/:name                               Tag
POST /api/v1/tags/:name/follow                       Tag
POST /api/v1/tags/:name/unfollow                     Tag
POST /api/v1/tags/:name/feature                      Tag
POST /api/v1/tags/:name/unfeature                    Tag
GET /api/v1/featured_tags                            [FeaturedTag]
POST /api/v1/featured_tags                           FeaturedTag
DELETE /api/v1/featured_tags/:id                     Empty
GET /api/v1/featured_tags/suggestions                [Tag]
GET /api/v1/trends                                   [Tag]
GET /api/v1/trends/tags                              [Tag]
GET /api/v1/trends/statuses                          [Status]
GET /api/v1/trends/links                             [TrendsLink]
GET /api/v2/search                                   Search

GET /api/v1/lists                                    [List]
POST /api/v1/lists                                   List
GET /api/v1/lists/:id                                List
PUT /api/v1/lists/:id                                List
DELETE /api/v1/lists/:id                             Empty
GET /api/v1/lists/:id/accounts                       [Account]
POST /api/v1/lists/:id/accounts                      Empty
DELETE /api/v1/lists/:id/accounts                    Empty

GET /api/v2/filters                                  [Filter]
POST /api/v2/filters                                 Filter
GET /api/v2/filters/:id                              Filter
PUT /api/v2/filters/:id                              Filter
DELETE /api/v2/filters/:id                           Empty
GET /api/v2/filters/:id/keywords                     [FilterKeyword]
POST /api/v2/filters/:id/keywords                    FilterKeyword
GET /api/v2/filters/keywords/:id                     FilterKeyword
PUT /api/v2/filters/keywords/:id                     FilterKeyword
DELETE /api/v2/filters/keywords/:id                  Empty
GET /api/v2/filters/:id/statuses                     [FilterStatus]
POST /api/v2/filters/:id/statuses                    FilterStatus
GET /api/v2/filters/statuses/:id                     FilterStatus
DELETE /api/v2/filters/statuses/:id                  FilterStatus
GET /api/v1/filters                                  [V1Filter]
POST /api/v1/filters                                 V1Filter
GET /api/v1/filters/:id                              V1Filter
PUT /api/v1/filters/:id                              V1Filter
DELETE /api/v1/filters/:id                           Empty

GET /api/v1/notifications                            [Notification]
GET /api/v1/notifications/unread_count               Count
POST /api/v1/notifications/clear                     Empty
POST /api/v1/notifications/dismiss                   Empty
GET /api/v1/notifications/:id                        Notification
POST /api/v1/notifications/:id/dismiss               Empty
GET /api/v1/notifications/policy                     NotificationPolicyV1
PUT /api/v1/notifications/policy                     NotificationPolicyV1
PATCH /api/v1/notifications/policy                   NotificationPolicyV1
GET /api/v2/notifications/policy                     NotificationPolicy
PUT /api/v2/notifications/policy                     NotificationPolicy
PATCH /api/v2/notifications/policy                   NotificationPolicy
GET /api/v1/notifications/requests                   [NotificationRequest]
GET /api/v1/notifications/requests/merged            Merged
POST /api/v1/notifications/requests/accept           Empty
POST /api/v1/notifications/requests/dismiss          Empty
GET /api/v1/notifications/requests/:id               NotificationRequest
POST /api/v1/notifications/requests/:id/accept       Empty
POST /api/v1/notifications/requests/:id/dismiss      Empty
GET /api/v2/notifications                            GroupedNotificationsResults
GET /api/v2/notifications/unread_count               Count
GET /api/v2/notifications/:key                       GroupedNotificationsResults
POST /api/v2/notifications/:key/dismiss              Empty
GET /api/v2/notifications/:key/accounts              [Account]
GET /api/v1/push/subscription                        WebPushSubscription
POST /api/v1/push/subscription                       WebPushSubscription
PUT /api/v1/push/subscription                        WebPushSubscription
DELETE /api/v1/push/subscription                     Empty

GET /api/v1/conversations                            [Conversation]
DELETE /api/v1/conversations/:id                     Empty
POST /api/v1/conversations/:id/read                  Conversation
POST /api/v1/conversations/:id/unread                Conversation
GET /api/v1/markers                                  Markers
POST /api/v1/markers                                 Markers
GET /api/v1/announcements                            [Announcement]
POST /api/v1/announcements/:id/dismiss               Empty
PUT /api/v1/announcements/:id/reactions/:name        Empty
DELETE /api/v1/announcements/:id/reactions/:name     Empty
POST /api/v1/reports                                 Report

GET /api/v1/admin/accounts                           [AdminAccount]
GET /api/v2/admin/accounts                           [AdminAccount]
GET /api/v1/admin/accounts/:id                       AdminAccount
DELETE /api/v1/admin/accounts/:id                    AdminAccount
POST /api/v1/admin/accounts/:id/approve              AdminAccount
POST /api/v1/admin/accounts/:id/reject               AdminAccount
POST /api/v1/admin/accounts/:id/enable               AdminAccount
POST /api/v1/admin/accounts/:id/unsensitive          AdminAccount
POST /api/v1/admin/accounts/:id/unsilence            AdminAccount
POST /api/v1/admin/accounts/:id/unsuspend            AdminAccount
POST /api/v1/admin/accounts/:id/action               Empty
GET /api/v1/admin/reports                            [AdminReport]
GET /api/v1/admin/reports/:id                        AdminReport
PUT /api/v1/admin/reports/:id                        AdminReport
POST /api/v1/admin/reports/:id/assign_to_self        AdminReport
POST /api/v1/admin/reports/:id/unassign              AdminReport
POST /api/v1/admin/reports/:id/resolve               AdminReport
POST /api/v1/admin/reports/:id/reopen                AdminReport
GET /api/v1/admin/trends/tags                        [AdminTag]
POST /api/v1/admin/trends/tags/:id/approve           AdminTag
POST /api/v1/admin/trends/tags/:id/reject            AdminTag
GET /api/v1/admin/trends/statuses                    [AdminTrendsStatus]
POST /api/v1/admin/trends/statuses/:id/approve       AdminTrendsStatus
POST /api/v1/admin/trends/statuses/:id/reject        AdminTrendsStatus
GET /api/v1/admin/trends/links                       [AdminTrendsLink]
POST /api/v1/admin/trends/links/:id/approve          AdminTrendsLink
POST /api/v1/admin/trends/links/:id/reject           AdminTrendsLink
GET /api/v1/admin/trends/links/publishers            [AdminPublisher]
POST /api/v1/admin/trends/links/publishers/:id/approve AdminPublisher
POST /api/v1/admin/trends/links/publishers/:id/reject AdminPublisher
GET /api/v1/admin/tags                               [AdminTag]
GET /api/v1/admin/tags/:id                           AdminTag
PUT /api/v1/admin/tags/:id                           AdminTag
GET /api/kicau/v1/moderation/log                     [ModerationEntry]
GET /api/kicau/v1/moderation/warnings                [AccountWarning]
GET /api/kicau/v1/moderation/appeals                 [AccountWarning]
POST /api/kicau/v1/moderation/appeals/:id/approve    AccountWarning
POST /api/kicau/v1/moderation/appeals/:id/reject     AccountWarning
POST /api/kicau/v1/warnings/:id/appeal               AccountWarning
GET /api/kicau/v1/licence                            AdminLicensee
POST /api/kicau/v1/licence                           AdminLicensee
POST /api/kicau/v1/licence/keys                      AdminLicenseeKey
DELETE /api/kicau/v1/licence/keys/:id                AdminLicenseeKey
GET /api/v1/admin/kicau/plans                        [AdminPlan]
GET /api/v1/admin/kicau/plans/:name                  AdminPlan
PUT /api/v1/admin/kicau/plans/:name                  AdminPlan
GET /api/v1/admin/kicau/licensees                    [AdminLicensee]
POST /api/v1/admin/kicau/licensees                   AdminLicensee
GET /api/v1/admin/kicau/licensees/:id                AdminLicensee
PUT /api/v1/admin/kicau/licensees/:id                AdminLicensee
POST /api/v1/admin/kicau/licensees/:id/approve       AdminLicensee
POST /api/v1/admin/kicau/licensees/:id/suspend       AdminLicensee
POST /api/v1/admin/kicau/licensees/:id/unsuspend     AdminLicensee
GET /api/v1/admin/kicau/licensees/:id/keys           [AdminLicenseeKey]
POST /api/v1/admin/kicau/licensees/:id/keys          AdminLicenseeKey
POST /api/v1/admin/kicau/keys/:id/rotate             AdminLicenseeKey
DELETE /api/v1/admin/kicau/keys/:id                  AdminLicenseeKey
GET /api/v1/admin/kicau/withholding                  [AdminWithholdingKey]
GET /api/v1/admin/kicau/withholding/:licensee        [AdminWithholdingKey]
POST /api/v1/admin/kicau/withholding/:licensee/rotate AdminWithholdingKey
POST /api/v1/admin/kicau/withholding/:licensee/reveal AdminWithholdingKey
GET /api/v1/admin/kicau/invoices                     [AdminInvoice]
GET /api/v1/admin/kicau/invoices/:number             other
POST /api/v1/admin/kicau/invoices/:number/credit     AdminInvoice
GET /api/v1/admin/kicau/entries                      [AdminEntry]
POST /api/v1/admin/kicau/payments                    AdminBalance
GET /api/v1/admin/kicau/books                        AdminBooks
GET /api/v1/admin/kicau/books/verify                 AdminBooksCheck
GET /api/v1/admin/domain_allows                      [AdminDomainAllow]
GET /api/v1/admin/domain_allows/:id                  AdminDomainAllow
POST /api/v1/admin/domain_allows                     AdminDomainAllow
DELETE /api/v1/admin/domain_allows/:id               Empty
GET /api/v1/admin/domain_blocks                      [AdminDomainBlock]
GET /api/v1/admin/domain_blocks/:id                  AdminDomainBlock
POST /api/v1/admin/domain_blocks                     AdminDomainBlock
DELETE /api/v1/admin/domain_blocks/:id               Empty
PUT /api/v1/admin/domain_blocks/:id                  AdminDomainBlock
GET /api/v1/admin/email_domain_blocks                [AdminEmailDomainBlock]
GET /api/v1/admin/email_domain_blocks/:id            AdminEmailDomainBlock
POST /api/v1/admin/email_domain_blocks               AdminEmailDomainBlock
DELETE /api/v1/admin/email_domain_blocks/:id         Empty
GET /api/v1/admin/ip_blocks                          [AdminIpBlock]
GET /api/v1/admin/ip_blocks/:id                      AdminIpBlock
POST /api/v1/admin/ip_blocks                         AdminIpBlock
DELETE /api/v1/admin/ip_blocks/:id                   Empty
PUT /api/v1/admin/ip_blocks/:id                      AdminIpBlock
GET /api/v1/admin/canonical_email_blocks             [AdminCanonicalEmailBlock]
GET /api/v1/admin/canonical_email_blocks/:id         AdminCanonicalEmailBlock
POST /api/v1/admin/canonical_email_blocks            AdminCanonicalEmailBlock
DELETE /api/v1/admin/canonical_email_blocks/:id      Empty
POST /api/v1/admin/canonical_email_blocks/test       [AdminCanonicalEmailBlock]
POST /api/v1/admin/measures                          [AdminMeasure]
POST /api/v1/admin/dimensions                        [AdminDimension]
POST /api/v1/admin/retention                         [AdminCohort]

POST /api/v1/collections                             WrappedCollection
GET /api/v1/collections/:id                          CollectionWithAccounts
PATCH /api/v1/collections/:id                        WrappedCollection
PUT /api/v1/collections/:id                          WrappedCollection
DELETE /api/v1/collections/:id                       Empty
POST /api/v1/collections/:id/items                   WrappedCollectionItem
DELETE /api/v1/collections/:id/items/:item           Empty
POST /api/v1/collections/:id/items/:item/revoke      Empty

GET /api/v1/streaming/health                         Text
GET /health                                          Text
GET /api/openapi.json                                OpenAPI
`

const streams = ['', '/user', '/user/notification', '/public', '/public/local', '/public/remote',
  '/hashtag', '/hashtag/local', '/list', '/direct']

// ":anything", "{anything}" and "<anything>" are the same parameter.
export const template = (path) => path.replace(/(:[A-Za-z_]+\*?|\{[^}/]+\}|<[^>/]+>)/g, ':')

const rows = new Map()
for (const line of table.split('\n').filter(Boolean)) {
  const [method, path, entity] = line.trim().split(/\s+/)
  rows.set(`${method} ${template(path)}`, entity)
}
rows.set('POST /api/v1/statuses', either((_, body) => body && body.params, 'ScheduledStatus', 'Status'))
for (const stream of streams) rows.set(`GET /api/v1/streaming${stream}`, STREAM)

const compiled = [...rows.keys()].map((key) => {
  const [method, path] = key.split(' ')
  const pattern = new RegExp('^' + path.replace(/[.]/g, '\\.').replace(/:/g, '[^/]+') + '$')
  return { key, method, pattern, parameters: path.split(':').length - 1 }
}).sort((a, b) => a.parameters - b.parameters) // a literal path wins over one with parameters

// "GET /api/v1/statuses/:" of each.
export const all = () => [...rows.keys()]
export const has = (method, path) => rows.has(`${method} ${template(path)}`)

export function entityOf (method, path, request, body) {
  const found = compiled.find((route) => route.method === method && route.pattern.test(path))
  if (!found) return undefined
  const entity = rows.get(found.key)
  return typeof entity === 'function' ? entity(request, body) : entity
}
