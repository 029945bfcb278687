// Every read that clients make at start-up or in the background answers its type, even on an empty server: never 404.
import assert from 'node:assert/strict'
import { startWorld } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice'] })

const empty = `/api/v1/bookmarks /api/v1/favourites /api/v1/mutes /api/v1/blocks /api/v1/domain_blocks /api/v1/endorsements
/api/v1/follow_requests /api/v1/conversations /api/v1/announcements /api/v1/followed_tags /api/v1/featured_tags
/api/v1/featured_tags/suggestions /api/v1/lists /api/v1/filters /api/v2/filters /api/v1/notifications
/api/v1/notifications/requests /api/v1/scheduled_statuses /api/v1/timelines/home /api/v1/timelines/direct
/api/v1/trends /api/v1/trends/tags /api/v1/trends/statuses /api/v1/trends/links /api/v1/custom_emojis
/api/v1/instance/peers /api/v1/timelines/public /api/v1/timelines/tag/none`.split(/\s+/)

for (const path of empty) {
  it(`GET ${path} is []`, async ({ alice }) => assert.deepEqual(await alice.get(path), []))
}

const typed = `/api/v1/preferences /api/v1/markers /api/v1/profile /api/v2/notifications /api/v2/notifications/policy
/api/v1/notifications/policy /api/v1/notifications/unread_count /api/v2/notifications/unread_count
/api/v1/notifications/requests/merged /api/v2/suggestions /api/v1/suggestions /api/v1/directory
/api/v1/instance/rules /api/v1/instance/activity /api/v1/instance/extended_description /api/v1/instance/privacy_policy
/api/v1/instance/languages /api/v1/instance/translation_languages /api/v1/instance/domain_blocks /api/v1/tags/none
/api/v1/accounts/verify_credentials`.split(/\s+/)

for (const path of typed) {
  it(`GET ${path} has its type`, async ({ alice }) => { await alice.get(path) })
}

it('the lists that belong to an account', async ({ alice }) => {
  for (const part of ['statuses', 'followers', 'following', 'featured_tags', 'lists', 'identity_proofs', 'endorsements']) {
    assert.deepEqual(await alice.get(`/api/v1/accounts/${alice.id}/${part}`), [], part)
  }
  assert.deepEqual(await alice.get('/api/v1/accounts/familiar_followers', { id: [alice.id] }), [{ id: alice.id, accounts: [] }])
})

it('public documents need no token', async ({ anyone }) => {
  for (const path of ['/api/v1/instance', '/api/v2/instance', '/api/v1/instance/rules', '/api/v1/instance/peers', '/api/v1/custom_emojis',
    '/api/v1/trends/tags', '/api/v1/directory', '/api/v1/timelines/public']) {
    await anyone.get(path)
  }
})

it('streaming and the server itself are healthy', async ({ anyone }) => {
  assert.equal(await anyone.get('/api/v1/streaming/health'), 'OK')
  assert.equal(await anyone.get('/health'), 'OK')
})

it('an announcement list and trends accept paging parameters', async ({ alice }) => {
  for (const path of ['/api/v1/trends/tags', '/api/v1/trends/statuses', '/api/v1/trends/links', '/api/v1/directory']) {
    await alice.get(path, { limit: 5, offset: 5 })
  }
})
