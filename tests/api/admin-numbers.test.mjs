// Numbers for moderators, through masto.js: each is what was done, no more and no less.
import assert from 'node:assert/strict'
import { startWorld, until } from './lib/server.mjs'
import { mastoOf, withPowers } from './lib/staff.mjs'

const { it, server, users } = await startWorld({ accounts: ['mo', 'alice', 'bob', 'carol'], roles: { mo: 'moderator' } })
const mo = await withPowers(server, users.mo)
const admin = mastoOf(server, mo).v1.admin
const DAY = 86400e3
const today = Math.floor(Date.now() / DAY) * DAY
const date = (back) => new Date(today - back * DAY).toISOString().slice(0, 10)
const week = { startAt: date(6), endAt: date(0) }
const sql = (text) => server.sql(text)

// key → [total, previous total, …the days that are not 0 as "days ago: value"]
async function measure (fields) {
  const list = await admin.measures.create({ ...week, ...fields })
  return Object.fromEntries(list.map((one) => {
    assert.deepEqual(one.data.map(({ date: at }) => at), [6, 5, 4, 3, 2, 1, 0].map((back) => `${date(back)}T00:00:00.000Z`))
    return [one.key, [one.total, one.previousTotal, ...one.data.map(({ value }, k) => `${6 - k}: ${value}`).filter((words) => !words.endsWith(' 0'))]]
  }))
}
const dimension = async (key, more = {}) => (await admin.dimensions.create({ keys: [key], ...week, ...more }))[0].data
const counts = async (key, more) => (await dimension(key, more)).map((one) => `${one.key} ${one.humanKey} ${one.value}`)

it('a role without the dashboard and a token without the scope get nothing', async ({ alice }) => {
  const nosy = await withPowers(server, alice)
  for (const what of ['measures', 'dimensions', 'retention']) {
    for (const client of [nosy, users.mo]) await client.call('POST', `/api/v1/admin/${what}`, { json: { keys: ['active_users'], start_at: date(1), end_at: date(0), frequency: 'day' }, status: 403 })
  }
})

it('what was done today is counted today', async ({ alice, bob, carol }) => {
  const first = await alice.post('/api/v1/statuses', { status: 'one #numbers', language: 'id' })
  await alice.post('/api/v1/statuses', { status: 'two #numbers', language: 'id' })
  await bob.post('/api/v1/statuses', { status: 'three #numbers', language: 'en', in_reply_to_id: first.id })
  await bob.post(`/api/v1/statuses/${first.id}/favourite`)
  await carol.post(`/api/v1/statuses/${first.id}/favourite`)
  await carol.post(`/api/v1/statuses/${first.id}/reblog`)
  for (const target of [bob, carol]) await alice.post('/api/v1/reports', { account_id: target.id, comment: 'rude' })
  const [report] = await mo.get('/api/v1/admin/reports')
  await mo.post(`/api/v1/admin/reports/${report.id}/resolve`)
  const [{ id }] = await mo.get('/api/v1/admin/tags')
  await until('all have been here', async () => (await measure({ keys: ['active_users'] })).active_users[0] === '4')
  const keys = ['new_users', 'interactions', 'opened_reports', 'resolved_reports', 'tag_accounts', 'tag_uses', 'tag_servers', 'nonsense', 'new_users']
  assert.deepEqual(await measure({ keys, tag_accounts: { id }, tag_uses: { id }, tag_servers: { id } }), {
    new_users: ['5', '0', '0: 5'], // with the one that `init` has made
    interactions: ['4', '0', '0: 4'],
    opened_reports: ['2', '0', '0: 2'],
    resolved_reports: ['1', '0', '0: 1'],
    tag_accounts: ['2', '0', '0: 2'],
    tag_uses: ['3', '0', '0: 3'],
    tag_servers: ['0', '0']
  })
  assert.deepEqual(await counts('languages'), ['id Indonesian 2', 'en English 1'])
  assert.deepEqual(await counts('languages', { limit: 1 }), ['id Indonesian 2'])
  assert.deepEqual(await counts('languages', { startAt: date(9), endAt: date(1) }), [])
  assert.deepEqual(await counts('tag_languages', { tag_languages: { id } }), ['id Indonesian 2', 'en English 1'])
  assert.deepEqual(await counts('tag_servers', { tag_servers: { id } }), [`${server.domain} ${server.domain} 3`])
  assert.deepEqual(await counts('sources'), ['web Website 3']) // tokens of the command line are no app's
  assert.deepEqual(await counts('servers'), [])
})

it('days gone by are counted as they were', async ({ alice, bob }) => {
  const at = (back) => BigInt(today - back * DAY + 3600e3) << 16n
  sql(`INSERT INTO active_days (account_id, day) VALUES (${alice.id}, ${today - 2 * DAY}), (${alice.id}, ${today - 8 * DAY}), (${bob.id}, ${today - 9 * DAY})`)
  assert.deepEqual((await measure({ keys: ['active_users'] })).active_users, ['4', '2', '2: 1', '0: 4'])
  // somebody who signed up five days ago, was here then and two days ago, and two who never were
  for (const [k, days] of [[0, [5, 2]], [1, []], [2, []]]) {
    const id = at(5) + BigInt(k)
    sql(`INSERT INTO users (account_id, email, email_key, password_hash, created_at) VALUES (${id}, 'e${k}', 'e${k}', 'x', ${today - 5 * DAY})`)
    for (const back of days) sql(`INSERT INTO active_days (account_id, day) VALUES (${id}, ${today - back * DAY})`)
  }
  const cohorts = await admin.retention.create({ startAt: date(5), endAt: date(1), frequency: 'day' })
  assert.deepEqual(cohorts.map((one) => [one.period, one.frequency, one.data.length]), [5, 4, 3, 2, 1].map((back) => [`${date(back)}T00:00:00.000Z`, 'day', back]))
  assert.deepEqual(cohorts[0].data.map(({ value, rate }) => [value, Math.round(rate * 100)]), [['1', 33], ['0', 0], ['0', 0], ['1', 33], ['0', 0]])
  assert.deepEqual(cohorts[1].data.map(({ value, rate }) => [value, rate]), [['0', 0], ['0', 0], ['0', 0], ['0', 0]])
  const months = await mo.post('/api/v1/admin/retention', { start_at: date(40), end_at: date(0), frequency: 'month' })
  assert.ok(months.every((one) => one.period.endsWith('-01T00:00:00.000Z') && one.frequency === 'month'))
  const people = months.flatMap((one) => one.data.slice(0, 1)).reduce((sum, { value }) => sum + Number(value), 0)
  assert.equal(people, 5) // the four of today, and one of those: once, though two days of a month
  sql("DELETE FROM users WHERE password_hash = 'x'")
})

it('other servers are counted by what came from them', async ({ alice }) => {
  const id = (BigInt(today - DAY) << 16n) + 7n
  sql(`INSERT INTO accounts (id, username, username_key, domain, uri, url, created_at, updated_at) VALUES (${id}, 'Far', 'far', 'far.example', 'https://far.example/1', 'https://far.example/1', 0, 0)`)
  sql(`INSERT INTO account_counts (account_id, followers) VALUES (${id}, 3)`)
  sql(`INSERT INTO posts (id, account_id, domain, uri, url, thread_id, visibility, text, html, language, created_at) VALUES (${id + 1n}, ${id}, 'far.example', 'https://far.example/2', 'https://far.example/2', ${id + 1n}, 0, '', '', 'de', 0)`)
  sql(`INSERT INTO media (id, account_id, post_id, state, kind, file, preview, bytes, created_at) VALUES (${id + 2n}, ${id}, ${id + 1n}, 1, 'image', '', '', 1925972, 0)`)
  sql(`INSERT INTO followers (account_id, follower_id, id) VALUES (${id}, ${alice.id}, ${id + 3n})`)
  sql(`INSERT INTO following (account_id, target_id, id) VALUES (${id}, ${alice.id}, ${id + 4n})`)
  sql(`INSERT INTO reports (id, account_id, target_id, category, comment, forwarded, rules, created_at, updated_at) VALUES (${id + 5n}, ${alice.id}, ${id}, 0, '', 0, '[]', 0, 0)`)
  const keys = ['accounts', 'media_attachments', 'reports', 'statuses', 'follows', 'followers'].map((what) => `instance_${what}`)
  const of = (domain) => measure({ keys, ...Object.fromEntries(keys.map((key) => [key, { domain }])) })
  const far = await of('FAR.example')
  for (const key of keys) assert.deepEqual(far[key], key === 'instance_media_attachments' ? ['1925972', undefined, '1: 1925972'] : ['1', undefined, '1: 1'], key)
  for (const value of Object.values(await of('near.example'))) assert.deepEqual(value, ['0', undefined])
  const [bytes] = await admin.measures.create({ keys: ['instance_media_attachments'], ...week, instance_media_attachments: { domain: 'far.example' } })
  assert.deepEqual([bytes.unit, bytes.humanValue], ['bytes', '1.84 MB'])
  assert.deepEqual(await counts('servers'), ['far.example far.example 1'])
  assert.deepEqual(await counts('instance_accounts', { instance_accounts: { domain: 'far.example' } }), ['Far Far 3'])
  assert.deepEqual(await counts('instance_languages', { instance_languages: { domain: 'far.example' } }), ['de German 1'])
})

it('the machine says what it runs and how much it keeps', async () => {
  const space = await dimension('space_usage')
  assert.deepEqual(space.map((one) => [one.key, one.unit]), [[server.postgres ? 'postgresql' : 'sqlite', 'bytes'], ['media', 'bytes']])
  assert.ok(Number(space[0].value) > 100000 && /^[\d.]+ [KMG]B$/.test(space[0].humanValue))
  const versions = await dimension('software_versions')
  assert.deepEqual(versions.map((one) => one.key), ['kicau', server.postgres ? 'postgresql' : 'sqlite'])
  assert.ok(versions.every((one) => /^\d+\.\d+/.test(one.value) && one.value === one.humanValue))
})

it('what cannot be meant is refused in words', async () => {
  const ask = async (what, json, status = 422) => (await mo.call('POST', `/api/v1/admin/${what}`, { json, status })).body
  const keys = ['new_users']
  for (const [fields, words] of [
    [{ keys, start_at: date(0), end_at: date(1) }, /before/], [{ keys, start_at: date(400), end_at: date(0) }, /366 days/],
    [{ keys, start_at: '1970-01-01', end_at: '9999-12-31' }, /366 days/], [{ keys, start_at: 'yesterday', end_at: date(0) }, /not a time/],
    [{ keys, end_at: date(0) }, /blank/], [{ keys, start_at: date(0) }, /blank/], [{ start_at: date(0), end_at: date(0) }, /blank/],
    [{ keys: ['tag_uses'], start_at: date(0), end_at: date(0) }, /tag_uses\[id\]/], [{ keys: ['instance_reports'], start_at: date(0), end_at: date(0), instance_reports: { domain: ' ' } }, /./]
  ]) assert.match((await ask('measures', fields)).error, words)
  await ask('measures', { keys: ['tag_uses'], start_at: date(0), end_at: date(0), tag_uses: { id: '1' } }, 404)
  assert.match((await ask('retention', { start_at: date(200), end_at: date(0), frequency: 'day' })).error, /by day/)
  assert.equal((await ask('retention', { start_at: date(200), end_at: date(0), frequency: 'month' }, 200)).length > 5, true)
  assert.deepEqual(await ask('retention', { start_at: date(0), end_at: date(0) }, 200), [])
  for (const at of ['1970-01-01', '9999-12-31']) {
    assert.equal((await ask('measures', { keys: ['active_users', 'new_users', 'interactions'], start_at: at, end_at: at }, 200)).length, 3)
    assert.equal((await ask('retention', { start_at: at, end_at: at, frequency: 'month' }, 200)).length, 1)
    assert.equal((await ask('dimensions', { keys: ['languages'], start_at: at, end_at: at }, 200)).length, 1)
  }
  const many = Array.from({ length: 900 }, () => 'new_users')
  assert.equal((await ask('measures', { keys: many, start_at: date(365), end_at: date(0) }, 200)).length, 1)
  assert.deepEqual((await ask('dimensions', { keys: ['nonsense', 'languages'] }, 200)).map((one) => one.key), ['languages'])
})
