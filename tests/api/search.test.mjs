// The operators of a search over the API: each alone, with a word, and turned round. Posts come newest first.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { startWorld, until } from './lib/server.mjs'

const { it, users } = await startWorld({
  accounts: ['alice', 'ben', 'cho', 'dewi'],
  env: { KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0' }
})
const { alice, ben, cho, dewi } = users

const film = '<html><head><title>A film</title><link rel="alternate" type="application/json+oembed" href="/oembed"></head></html>'
const frame = JSON.stringify({ type: 'video', version: '1.0', title: 'A film', width: 480, height: 270, html: '<iframe src="https://video.example/e/1"></iframe>' })
const site = createServer((request, response) => {
  response.setHeader('Content-Type', request.url === '/film' ? 'text/html' : 'application/json')
  response.end(request.url === '/film' ? film : frame)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.closeAllConnections(); site.close() })

// What dewi may find, by name and in this order; and what she may not.
const posts = {}
const say = async (name, user, status, more) => { posts[name] = (await user.post('/api/v1/statuses', { status, language: 'en', ...more })).id }
for (const user of [alice, ben]) await user.patch('/api/v1/accounts/update_credentials', { indexable: true })
await say('plain', alice, 'The barn is red')
await say('poll', alice, 'A barn or a shed?', { poll: { options: ['barn', 'shed'], expires_in: 3600 } })
await say('link', alice, 'barn https://nowhere.invalid/')
await say('film', alice, `barn http://films.localhost:${site.address().port}/film`)
const { body: picture } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(png(40, 30), 'image/png', 'a.png') } })
await until('the picture', async () => (await alice.call('GET', `/api/v1/media/${picture.id}`, { status: 'any', check: false })).status === 200)
await say('picture', alice, 'barn', { media_ids: [picture.id] })
await say('reply', ben, 'barn', { in_reply_to_id: posts.plain })
await say('warned', ben, 'barn', { spoiler_text: 'mice' })
await say('german', ben, 'barn', { language: 'de' })
await say('own', dewi, 'barn')
await say('kept', cho, 'barn') // cho has not asked to be found
await say('strange', cho, 'barn')
await dewi.post(`/api/v1/statuses/${posts.kept}/bookmark`)
const names = ['plain', 'poll', 'link', 'film', 'picture', 'reply', 'warned', 'german', 'own', 'kept']

const find = async (q, more) => {
  const { statuses } = await dewi.get('/api/v2/search', { q, type: 'statuses', limit: 40, ...more })
  return statuses.map(({ id }) => Object.keys(posts).find((name) => posts[name] === id))
}
const newestFirst = (some) => names.filter((name) => some.includes(name)).reverse()

const today = new Date().toISOString().slice(0, 10)
const cases = {
  'has:poll': ['poll'],
  'has:link': ['link', 'film'],
  'has:embed': ['film'],
  'has:media': ['picture'],
  'has:image': ['picture'],
  'has:video': [],
  'has:audio': [],
  'is:reply': ['reply'],
  'is:sensitive': ['warned'],
  'language:de': ['german'],
  'from:ben': ['reply', 'warned', 'german'],
  'from:@alice': ['plain', 'poll', 'link', 'film', 'picture'],
  'from:me': ['own'],
  'from:nobody': [],
  'in:library': ['own', 'kept'],
  'in:public': names.filter((name) => !['own', 'kept'].includes(name)),
  'before:2024-01-01': [],
  'after:2024-01-01': names,
  'during:2024-01-01': []
}

it('every word is there, and the film has its card', async () => {
  await until('the index', async () => (await find('barn')).length === names.length)
  await until('the card', async () => (await alice.get(`/api/v1/statuses/${posts.film}`)).card)
  assert.deepEqual(await find('barn'), newestFirst(names))
})

for (const [operator, some] of Object.entries(cases)) {
  it(`${operator} and -${operator}, with and without a word`, async () => {
    const others = names.filter((name) => !some.includes(name))
    assert.deepEqual(await find(operator), newestFirst(some), operator)
    assert.deepEqual(await find(`barn ${operator}`), newestFirst(some), `barn ${operator}`)
    assert.deepEqual(await find(`-${operator}`), newestFirst(others), `-${operator}`)
    assert.deepEqual(await find(`barn -${operator}`), newestFirst(others), `barn -${operator}`)
  })
}

it('a day has what was written in it', async () => {
  const two = [today, new Date().toISOString().slice(0, 10)] // the day may end meanwhile
  const found = await Promise.all(two.map((day) => find(`during:${day}`)))
  assert.ok(found.some((one) => one.length === names.length), JSON.stringify(found))
})

it('operators together, and pages of them', async () => {
  assert.deepEqual(await find('-from:alice -from:me -is:reply'), ['kept', 'german', 'warned'])
  assert.deepEqual(await find('-in:library has:link -has:embed'), ['link'])
  assert.deepEqual(await find('has:media has:poll'), [])
  assert.deepEqual(await find('-has:poll', { limit: 2, offset: 1 }), ['own', 'german'])
  assert.deepEqual(await find('-has:poll', { max_id: posts.link }), ['plain'])
  assert.deepEqual(await find('in:library', { account_id: cho.id }), ['kept'])
})
