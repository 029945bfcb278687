// The checker itself: it must accept what Mastodon sends and refuse what it does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, entities } from './lib/check.mjs'
import { entityOf } from './schema/routes.mjs'

const account = {
  id: '7', username: 'alice', acct: 'alice', display_name: '', locked: false, bot: false, discoverable: null, indexable: false,
  group: false, created_at: '2024-02-01T00:00:00.000Z', note: '', url: 'http://localhost/@alice', uri: 'http://localhost/users/alice',
  avatar: 'http://localhost/a.png', avatar_static: 'http://localhost/a.png', avatar_description: '',
  header: 'http://localhost/h.png', header_static: 'http://localhost/h.png', header_description: '',
  followers_count: 0, following_count: 0, statuses_count: 0, last_status_at: null, hide_collections: null, noindex: false,
  emojis: [], roles: [], fields: [], show_media: true, show_media_replies: true, show_featured: true,
  feature_approval: { automatic: [], manual: [], current_user: 'denied' }
}
const status = {
  id: '9', created_at: '2024-02-01T10:00:00.123Z', in_reply_to_id: null, in_reply_to_account_id: null, sensitive: false,
  spoiler_text: '', visibility: 'public', language: 'en', uri: 'http://localhost/users/alice/statuses/9', url: 'http://localhost/@alice/9',
  replies_count: 0, reblogs_count: 0, favourites_count: 0, quotes_count: 0, edited_at: null, content: '<p>hi</p>', reblog: null,
  application: null, account, media_attachments: [], mentions: [], tags: [], emojis: [], card: null, poll: null, quote: null,
  quote_approval: { automatic: ['public'], manual: [], current_user: 'automatic' }, tagged_collections: []
}
const seen = { favourited: false, reblogged: false, muted: false, bookmarked: false, pinned: false, filtered: [] }

for (const viewer of ['anonymous', 'user', 'stream']) {
  test(`every schema compiles (${viewer})`, () => {
    for (const name of entities) {
      try { check(name, Symbol.iterator, { viewer }) } catch (error) { assert.equal(error.name, 'WrongShape', `${name}: ${error.message}`) }
    }
  })
}

test('fields about the viewer depend on the viewer', () => {
  check('Status', status, { viewer: 'anonymous' })
  check('Status', { ...status, ...seen }, { viewer: 'user' })
  check('Status', status, { viewer: 'stream' })
  assert.throws(() => check('Status', status, { viewer: 'user' }), /missing field "favourited"/)
  assert.throws(() => check('Status', { ...status, ...seen }, { viewer: 'anonymous' }), /unknown field "favourited"/)
})

test('a wrong field is named with its path', () => {
  const broken = { ...status, account: { ...account, created_at: '2024-02-01' } }
  assert.throws(() => check('[Status]', [broken], { viewer: 'anonymous' }), /\/0\/account\/created_at/)
  assert.throws(() => check('Status', { ...status, reblog: { ...status, id: 9 } }, { viewer: 'anonymous' }), /\/reblog\/id/)
})

test('a local account needs its roles, a remote one does not', () => {
  const { roles, noindex, ...bare } = account
  check('Account', { ...bare, acct: 'alice@far.example' })
  assert.throws(() => check('Account', bare), /missing field "roles"/)
})

test('a literal path wins over one with a parameter', () => {
  assert.equal(entityOf('GET', '/api/v1/accounts/lookup'), 'Account')
  assert.equal(entityOf('GET', '/api/v1/accounts/relationships'), '[Relationship]')
  assert.equal(entityOf('GET', '/api/v1/accounts/12/statuses'), '[Status]')
  assert.equal(entityOf('GET', '/api/v1/instance/rules'), '[Rule]')
  assert.equal(entityOf('GET', '/api/v1/nothing'), undefined)
})
