// A person with only a browser can do everything: each endpoint of the API that people's apps use is held against a page that
// does the same, or a reason why none does. An endpoint that is new, or a page that is gone, is told here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rows } from '../visibility/lib/rows.mjs'

// API path → row of the pages ("METHOD path"), or "-" and why there is none. v1 and v2 and old names stand together.
const controls = `
POST /api/v1/accounts                                            POST /auth/sign_up
POST /api/v1/emails/confirmations                                POST /auth/confirmation/new
PATCH /api/v1/accounts/update_credentials                        POST /settings/profile, POST /settings/privacy, POST /settings/sites
PATCH|PUT /api/v1/profile                                        POST /settings/profile, POST /settings/privacy, POST /settings/sites
DELETE /api/v1/profile/avatar                                    POST /settings/profile
DELETE /api/v1/profile/header                                    POST /settings/profile
PATCH /api/v1/accounts/data_licence                              POST /settings/data
POST /api/kicau/v1/licence                                       POST /settings/licence
POST /api/kicau/v1/licence/keys                                  POST /settings/licence/keys
DELETE /api/kicau/v1/licence/keys/:id                            POST /settings/licence/keys/revoke
GET /api/kicau/v1/licence                                        GET /settings/licence
POST /api/v1/accounts/:id/follow                                 POST /act/account/:id, POST /relation
POST /api/v1/accounts/:id/unfollow                               POST /act/account/:id
POST /api/v1/accounts/:id/remove_from_followers                  POST /act/account/:id
POST /api/v1/accounts/:id/block                                  POST /act/account/:id
POST /api/v1/accounts/:id/unblock                                POST /act/account/:id
POST /api/v1/accounts/:id/mute                                   POST /act/account/:id, POST /relation
POST /api/v1/accounts/:id/unmute                                 POST /act/account/:id, POST /relation
POST /api/v1/accounts/:id/note                                   POST /relation
POST /api/v1/accounts/:id/endorse                                POST /relation
POST /api/v1/accounts/:id/unendorse                              POST /relation
POST /api/v1/accounts/:id/pin                                    POST /relation
POST /api/v1/accounts/:id/unpin                                  POST /relation
POST|DELETE /api/v1/domain_blocks                                POST /blocks/servers
POST /api/v1/follow_requests/:account_id/authorize               POST /act/account/:id
POST /api/v1/follow_requests/:account_id/reject                  POST /act/account/:id
POST /api/v1/statuses                                            POST /write
PUT /api/v1/statuses/:id                                         POST /write
DELETE /api/v1/statuses/:id                                      POST /act/delete/:id
PUT /api/v1/statuses/:id/interaction_policy                      POST /write
POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke       POST /act/unquote/:id
POST /api/v1/statuses/:id/favourite                              POST /act/post/:id
POST /api/v1/statuses/:id/unfavourite                            POST /act/post/:id
POST /api/v1/statuses/:id/reblog                                 POST /act/post/:id
POST /api/v1/statuses/:id/unreblog                               POST /act/post/:id
POST /api/v1/statuses/:id/bookmark                               POST /act/post/:id
POST /api/v1/statuses/:id/unbookmark                             POST /act/post/:id
POST /api/v1/statuses/:id/mute                                   POST /act/post/:id
POST /api/v1/statuses/:id/unmute                                 POST /act/post/:id
POST /api/v1/statuses/:id/pin                                    POST /act/post/:id
POST /api/v1/statuses/:id/unpin                                  POST /act/post/:id
PUT|DELETE /api/v1/scheduled_statuses/:id                        POST /scheduled/:id
POST /api/v1/polls/:id/votes                                     POST /act/vote/:id
POST /api/v1/tags/:name/follow                                   POST /act/tag, POST /settings/tags
POST /api/v1/tags/:name/unfollow                                 POST /act/tag, POST /settings/tags
POST /api/v1/featured_tags                                       POST /settings/tags
DELETE /api/v1/featured_tags/:id                                 POST /settings/tags
POST /api/v1/tags/:name/feature                                  POST /settings/tags
POST /api/v1/tags/:name/unfeature                                POST /settings/tags
POST /api/v2/media                                               POST /write
POST /api/v1/media                                               POST /write
PUT /api/v1/media/:id                                            POST /write
DELETE /api/v1/media/:id                                         POST /write
POST /api/v1/conversations/:id/read                              POST /act/conversation/:id
POST /api/v1/conversations/:id/unread                            POST /act/conversation/:id
DELETE /api/v1/conversations/:id                                 POST /act/conversation/:id
POST /api/v1/lists                                               POST /lists
PUT /api/v1/lists/:id                                            POST /lists/:id
DELETE /api/v1/lists/:id                                         POST /lists/:id/delete
POST|DELETE /api/v1/lists/:id/accounts                           POST /lists/:id/members
POST /api/v1/collections                                         POST /collections
PATCH|PUT /api/v1/collections/:id                                POST /collections/:id
DELETE /api/v1/collections/:id                                   POST /collections/:id/delete
POST /api/v1/collections/:id/items                               POST /collections/:id/add
DELETE /api/v1/collections/:id/items/:item                       POST /collections/:id/items/:item/remove
POST /api/v1/collections/:id/items/:item/revoke                  POST /collections/:id/items/:item/leave
POST /api/v2/filters                                             POST /settings/filters
PUT /api/v2/filters/:id                                          POST /settings/filters
DELETE /api/v2/filters/:id                                       POST /settings/filters/delete
POST /api/v2/filters/:id/keywords                                POST /settings/filters
PUT|DELETE /api/v2/filters/keywords/:id                          POST /settings/filters
POST /api/v2/filters/:id/statuses                                POST /settings/filters/posts
DELETE /api/v2/filters/statuses/:id                              POST /settings/filters/posts
POST /api/v1/filters                                             POST /settings/filters
PUT /api/v1/filters/:id                                          POST /settings/filters
DELETE /api/v1/filters/:id                                       POST /settings/filters/delete
POST /api/v1/notifications/clear                                 POST /notifications/clear
POST /api/v1/notifications/dismiss                               POST /act/notification/:id
POST /api/v1/notifications/:id/dismiss                           POST /act/notification/:id
POST /api/v2/notifications/:group_key/dismiss                    POST /act/notification/:id
PATCH|PUT /api/v2/notifications/policy                           POST /settings/notifications
PATCH|PUT /api/v1/notifications/policy                           POST /settings/notifications
POST /api/v1/notifications/requests/accept                       POST /notifications/requests
POST /api/v1/notifications/requests/dismiss                      POST /notifications/requests
POST /api/v1/notifications/requests/:id/accept                   POST /notifications/requests
POST /api/v1/notifications/requests/:id/dismiss                  POST /notifications/requests
POST /api/v1/reports                                             POST /report
POST /api/kicau/v1/warnings/:id/appeal                           POST /appeal
POST /api/v1/announcements/:id/dismiss                           POST /act/announcement/:id/dismiss
PUT|DELETE /api/v1/announcements/:id/reactions/:name             POST /act/announcement/:id/react
POST /api/v1/statuses/:id/translate                              - the server translates nothing
POST /api/v1/annual_reports/:year/read                           - there are no such reports
POST /api/v1/annual_reports/:year/generate                       - there are no such reports
POST /api/v1/markers                                             - of apps: what one has read by the page one is on; that of notifications is set by looking at them
DELETE /api/v1/suggestions/:account_id                           POST /act/account/:id
POST|PUT|DELETE /api/v1/push/subscription                        - of apps: a browser is told of what is new while a page is open
POST /api/kicau/v1/imports                                       POST /settings/transfer/import
POST /api/kicau/v1/imports/:id/pieces                            - of programs: archives come in pieces
DELETE /api/kicau/v1/imports/:id                                 - of programs: it ends what they began in pieces
POST /api/kicau/v1/archives                                      POST /settings/transfer/archive
DELETE /api/kicau/v1/archives/:id                                - it goes by itself after some days
GET /api/v1/accounts/relationships                               GET /relation
GET /api/v1/accounts/familiar_followers                          GET /@:name
GET /api/v1/accounts/search                                      GET /search
GET /api/v1/accounts/:id/followers                               GET /@:name/followers
GET /api/v1/accounts/:id/following                               GET /@:name/following
GET /api/v1/accounts/:id/endorsements                            GET /@:name
GET /api/v1/accounts/:id/lists                                   GET /lists
GET /api/v1/accounts/:id/in_collections                          GET /@:name/collections
GET /api/v1/accounts/:id/collections                             GET /@:name/collections
GET /api/v1/accounts/:id/statuses                                GET /@:name
GET /api/v1/blocks                                               GET /blocks
GET /api/v1/mutes                                                GET /mutes
GET /api/v1/domain_blocks                                        GET /blocks/servers
GET /api/v1/domain_blocks/preview                                GET /blocks/servers
GET /api/v1/follow_requests                                      GET /follow_requests
GET /api/v1/statuses/:id/favourited_by                           GET /@:name/:id/favourites
GET /api/v1/statuses/:id/reblogged_by                            GET /@:name/:id/boosts
GET /api/v1/statuses/:id/quotes                                  GET /@:name/:id/quotes
GET /api/v1/statuses/:id/history                                 GET /@:name/:id/history
GET /api/v1/scheduled_statuses                                   GET /scheduled
GET /api/v1/timelines/home                                       GET /home
GET /api/v1/timelines/list/:id                                   GET /lists/:id
GET /api/v1/timelines/public                                     GET /public
GET /api/v1/timelines/tag/:tag                                   GET /tags/:name
GET /api/v1/timelines/direct                                     GET /conversations
GET /api/v1/bookmarks                                            GET /bookmarks
GET /api/v1/favourites                                           GET /favourites
GET /api/v2/search                                               GET /search
GET /api/v1/followed_tags                                        GET /settings/tags
GET /api/v1/featured_tags/suggestions                            GET /settings/tags
GET /api/v1/trends/tags                                          GET /search
GET /api/v1/trends/statuses                                      GET /search
GET /api/v1/trends/links                                         GET /search
GET /api/v1/directory                                            GET /directory
GET /api/v2/suggestions                                          GET /search
GET /api/v1/announcements                                        GET /announcements
GET /api/v1/notifications/requests                               GET /notifications/requests
GET /api/v1/conversations                                        GET /conversations
GET /api/v1/data_holders                                         GET /settings/data
`.trim().split('\n').flatMap((line) => {
  const [, methods, path, what] = /^(\S+) (\S+)\s+(.*)$/.exec(line)
  return methods.split('|').map((method) => ({ name: `${method} ${path}`, none: what.startsWith('-'), pages: what.startsWith('-') ? [] : what.split(', '), why: what }))
})

const all = new Set(rows.map((row) => `${row.method} ${row.path}`))
const changes = rows.filter((row) => row.method !== 'GET' && row.path.startsWith('/api/') && !/\/admin\/|\/moderation\//.test(row.path) && row.auth !== 'none' && row.path !== '/api/v1/apps')

test('each change that apps make has a control in the browser, or a reason why it has none', () => {
  const known = new Set(controls.map((one) => one.name))
  assert.ok(changes.length > 90, `${changes.length} endpoints`)
  assert.deepEqual(changes.map((row) => `${row.method} ${row.path}`).filter((name) => !known.has(name)), [])
})

test('and what is named here is there', () => {
  assert.deepEqual(controls.map((one) => one.name).filter((name) => !all.has(name)), [])
  assert.deepEqual(controls.flatMap((one) => one.pages).filter((page) => !all.has(page)), [])
  for (const one of controls) assert.ok(one.pages.length > 0 || one.why.length > 10, one.name)
})
