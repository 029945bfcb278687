// What the people who run the server say of it at length; and what there is none of, which is answered all the same.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorld } from './lib/server.mjs'

const { it, server, anyone, users: { alice } } = await startWorld({ accounts: ['alice'] })
const path = '/api/v1/instance'
const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10)
const written = (name, text) => { const file = join(server.data, name); writeFileSync(file, text); return file }

it('nothing is there until it is written', async () => {
  assert.deepEqual(await anyone.get(`${path}/extended_description`), { updated_at: null, content: '' })
  assert.deepEqual(await anyone.get(`${path}/privacy_policy`), { updated_at: null, content: '' })
  await anyone.call('GET', `${path}/terms_of_service`, { status: 404 })
  await assert.rejects(server.kicau(['document', 'show', 'terms']), /nobody has written it/)
})

it('paragraphs and links; what looks like HTML is text', async () => {
  await server.kicau(['document', 'write', 'about', written('about.txt', 'For birds.\n\nSee https://example.org/ <b>now</b>\n')])
  const { content, updated_at: at } = await anyone.get(`${path}/extended_description`)
  assert.match(content, /^<p>For birds\.<\/p><p>See <a href="https:\/\/example\.org\/".*&lt;b&gt;now&lt;\/b&gt;<\/p>$/)
  assert.ok(Date.now() - new Date(at) < 60000)
  assert.equal(await server.kicau(['document', 'show', 'about']), 'For birds.\n\nSee https://example.org/ <b>now</b>\n')
  await server.kicau(['document', 'remove', 'about'])
  assert.equal((await anyone.get(`${path}/extended_description`)).content, '')
})

it('terms have versions, each from a day on', async () => {
  for (const [ahead, text] of [[-400, 'first'], [-3, 'second'], [30, 'third']]) {
    await server.kicau(['document', 'write', 'terms', written('terms.txt', text), '--from', day(ahead)])
  }
  const now = await anyone.get(`${path}/terms_of_service`)
  assert.deepEqual(now, { effective_date: day(-3), effective: true, content: '<p>second</p>', succeeded_by: day(30) })
  assert.deepEqual(await anyone.get(`${path}/terms_of_service/${day(30)}`), { effective_date: day(30), effective: false, content: '<p>third</p>', succeeded_by: null })
  assert.equal((await anyone.get(`${path}/terms_of_service/${day(-400)}`)).content, '<p>first</p>')
  for (const bad of ['2001-01-01', 'yesterday']) await anyone.call('GET', `${path}/terms_of_service/${bad}`, { status: 404 })
})

it('the command says what is wrong', async () => {
  for (const [args, words] of [[['news', '/dev/null'], /about, privacy and terms/], [['about', '/nowhere'], /cannot read/], [['about', '/dev/null'], /nothing in it/],
    [['about', written('big', 'x'.repeat(300000))], /longer/], [['about', written('bytes', Buffer.from([0xff, 0xfe]))], /UTF-8/], [['terms', '/dev/null', '--from', 'soon'], /--from/]]) {
    await assert.rejects(server.kicau(['document', 'write', ...args]), words)
  }
})

it('what nothing stands behind is answered as where it is switched off', async () => {
  const { id } = await alice.post('/api/v1/statuses', { status: 'kicau' })
  assert.match((await alice.call('POST', `/api/v1/statuses/${id}/translate`, { json: { lang: 'id' }, status: 404 })).body.error, /translate/)
  assert.deepEqual(await anyone.get(`${path}/translation_languages`), {})
  assert.deepEqual(await anyone.get('/api/v1/donation_campaigns', { platform: 'ios', seed: '1', locale: 'en' }), {})
  await alice.call('GET', '/api/v1_alpha/async_refreshes/x', { status: 404 })
})

it('the level of the interface is that of Mastodon 4.6, and what it promises is there', async () => {
  const instance = await anyone.get('/api/v2/instance')
  assert.deepEqual([instance.api_versions.mastodon, instance.version.slice(0, 4), instance.wrapstodon], [10, '4.6.', null])
  const profile = await alice.get('/api/v1/profile') // 8, and 9 for the descriptions
  assert.deepEqual([profile.avatar_description, profile.header_description], ['', ''])
  assert.deepEqual(await alice.get('/api/v1/annual_reports/2026/state'), { state: 'ineligible' })
  assert.deepEqual(await alice.get(`/api/v1/accounts/${alice.id}/collections`), { collections: [] }) // 10
  assert.deepEqual(await alice.get('/api/v1/notifications', { supported_types: ['mention'] }), [])
})

it('no year is summed up: nobody is eligible for a report, and nobody has one', async () => {
  const reports = '/api/v1/annual_reports'
  assert.deepEqual(await alice.get(reports), { annual_reports: [], accounts: [], statuses: [] })
  assert.deepEqual(await alice.get(`${reports}/2025/state`), { state: 'ineligible' })
  assert.deepEqual(await alice.post(`${reports}/2025/generate`), {})
  assert.deepEqual(await alice.get(`${reports}/2025/state`), { state: 'ineligible' })
  for (const [method, rest] of [['GET', '/2025'], ['POST', '/2025/read']]) {
    assert.match((await alice.call(method, reports + rest, { status: 404 })).body.error, /no annual reports/)
  }
  for (const [method, rest] of [['GET', ''], ['GET', '/2025'], ['GET', '/2025/state'], ['POST', '/2025/read'], ['POST', '/2025/generate']]) {
    await anyone.call(method, reports + rest, { status: 401 })
  }
})
