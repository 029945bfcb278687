// Home of who is logged in: posts come from memory as they were drawn, also for others, and nobody is shown what was so a
// moment ago, what is not for them, or what is somebody else's.
import assert from 'node:assert/strict'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { password, startWorld, until } from '../api/lib/server.mjs'
import { Visitor } from '../attacks/lib/visitor.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono', 'ibu'] })
const { sari, budi, tono, ibu } = users
for (const reader of [budi, tono]) await reader.post(`/api/v1/accounts/${sari.id}/follow`)
await sari.post(`/api/v1/accounts/${ibu.id}/follow`)

const browsers = {}
for (const name of Object.keys(users)) {
  browsers[name] = new Visitor(server.port, new URL(server.base).host)
  assert.equal((await browsers[name].login(name, password)).status, 303, `${name} logs in`)
}

const home = async (name, language = 'en') => (await browsers[name].ask('GET', '/home', { headers: { Accept: 'text/html', 'Accept-Language': language } })).text
const article = (page, id) => new RegExp(`<article[^>]* id="p${id}"[\\s\\S]*?</article>`).exec(page)?.[0]
const queries = async () => Number(/^kicau_db_queries_of_requests_total (\d+)/m.exec(await (await fetch(`${server.base}/metrics`)).text())[1])
async function arrived (name, id) {
  let found
  await until(`${name} has it`, async () => (found = article(await home(name), id)))
  return found
}

it('a home that was looked at costs the database nothing, nor does a post that another reader has seen', async () => {
  const { id } = await sari.post('/api/v1/statuses', { status: 'seen by two' })
  await arrived('budi', id)
  await arrived('tono', id)
  let least = Infinity // it may become a minute older in between, and is drawn once more then
  for (let i = 0; i < 4 && least; i++) {
    const before = await queries()
    for (let n = 0; n < 10; n++) { await home('budi'); await home('tono') }
    least = Math.min(least, await queries() - before)
  }
  assert.equal(least, 0)
})

it('nothing of what a list stands in is kept with its first post', async () => {
  const { id } = await sari.post('/api/v1/statuses', { status: 'on top' })
  await arrived('budi', id)
  for (let i = 0; i < 2; i++) assert.match(await home('budi'), new RegExp(`<div class="feed"[^>]*><article[^>]* id="p${id}"`))
})

it('what each did with it, and may do with it, is their own', async () => {
  const { id } = await sari.post('/api/v1/statuses', { status: 'one post, three readers' })
  const pressed = (part) => [...part.matchAll(/value="(un)?(favourite|boost|bookmark)"/g)].filter((m) => m[1]).map((m) => m[2])
  for (const name of ['budi', 'tono', 'sari']) assert.deepEqual(pressed(await arrived(name, id)), [])
  await budi.post(`/api/v1/statuses/${id}/favourite`)
  await tono.post(`/api/v1/statuses/${id}/bookmark`)
  assert.deepEqual([pressed(await arrived('budi', id)), pressed(await arrived('tono', id)), pressed(await arrived('sari', id))], [['favourite'], ['bookmark'], []])
  for (const name of ['budi', 'tono', 'sari']) assert.match(await arrived(name, id), /value="(un)?favourite"[\s\S]*?<span class="n">1<\/span>/, `${name} sees the number at once`)
  await budi.post(`/api/v1/statuses/${id}/unfavourite`)
  assert.deepEqual(pressed(await arrived('budi', id)), [])
  assert.doesNotMatch(await arrived('tono', id), /<span class="n">1<\/span>/)
  assert.match(await arrived('sari', id), /\/act\/delete\//)
  assert.doesNotMatch(await arrived('budi', id), /\/act\/delete\/|authenticity_token/, 'nothing of whom it was drawn for first')
  const quiet = await sari.post('/api/v1/statuses', { status: 'not to be boosted', visibility: 'private' })
  assert.match(await arrived('sari', quiet.id), /value="boost"/)
  assert.doesNotMatch(await arrived('budi', quiet.id), /value="boost"/)
})

it('in the language of each', async () => {
  const { id } = await sari.post('/api/v1/statuses', { status: 'tanpa bahasa' })
  await arrived('budi', id)
  assert.match(article(await home('budi'), id), /Bookmark/)
  assert.match(article(await home('budi', 'id'), id), /Markah|Simpan|Penanda/)
  assert.match(article(await home('budi'), id), /Bookmark/)
})

it('edits, names and deletions show at once; blocks, filters and unfollowing hide at once', async () => {
  const post = await sari.post('/api/v1/statuses', { status: 'first words' })
  const later = await sari.post('/api/v1/statuses', { status: 'a word about turnips' })
  await arrived('budi', post.id)
  await arrived('tono', later.id)
  await sari.put(`/api/v1/statuses/${post.id}`, { status: 'second words' })
  assert.match(article(await home('budi'), post.id), /second words/)
  await sari.patch('/api/v1/accounts/update_credentials', { display_name: 'Sari the Second' })
  assert.match(article(await home('budi'), post.id), /Sari the Second/)
  const filter = await budi.post('/api/v2/filters', { title: 'no turnips', context: ['home'], filter_action: 'hide', keywords_attributes: [{ keyword: 'turnips' }] })
  assert.equal(article(await home('budi'), later.id), undefined)
  assert.match(article(await home('tono'), later.id), /turnips/)
  await budi.put(`/api/v2/filters/${filter.id}`, { filter_action: 'warn' })
  assert.match(article(await home('budi'), later.id), /Filtered: no turnips/)
  await budi.delete(`/api/v2/filters/${filter.id}`)
  assert.doesNotMatch(article(await home('budi'), later.id), /Filtered/)
  await sari.post(`/api/v1/accounts/${tono.id}/block`)
  assert.equal(article(await home('tono'), later.id), undefined)
  assert.match(article(await home('budi'), later.id), /turnips/)
  await sari.delete(`/api/v1/statuses/${later.id}`)
  assert.equal(article(await home('budi'), later.id), undefined)
})

it('polls, quotes and boosts are what they are to each', async () => {
  const poll = await sari.post('/api/v1/statuses', { status: 'tea or coffee', poll: { options: ['tea', 'coffee'], expires_in: 3600 } })
  assert.match(await arrived('budi', poll.id), /\/act\/vote\//)
  await budi.post(`/api/v1/polls/${poll.poll.id}/votes`, { choices: [0] })
  assert.doesNotMatch(await arrived('budi', poll.id), /\/act\/vote\//)
  assert.match(await arrived('sari', poll.id), /tea/)
  const theirs = await ibu.post('/api/v1/statuses', { status: 'from afar' })
  const { id } = await sari.post(`/api/v1/statuses/${theirs.id}/reblog`)
  assert.match(await arrived('budi', id), /sari|Sari the Second[\s\S]*boosted[\s\S]*from afar/)
  await ibu.post(`/api/v1/accounts/${budi.id}/block`)
  assert.equal(article(await home('budi'), id), undefined)
  await ibu.delete(`/api/v1/statuses/${theirs.id}`)
  assert.equal(article(await home('sari'), id), undefined)
})

it('who may quote, what was taken out of a quote, and what a filter blurs show at once', async () => {
  const open = await sari.post('/api/v1/statuses', { status: 'quote me' })
  assert.match(await arrived('budi', open.id), /write\?quote=/)
  await sari.put(`/api/v1/statuses/${open.id}/interaction_policy`, { quote_approval_policy: 'nobody' })
  assert.doesNotMatch(await arrived('budi', open.id), /write\?quote=/)
  const theirs = await budi.post('/api/v1/statuses', { status: 'words of budi' })
  const quote = await sari.post('/api/v1/statuses', { status: 'as they say', quoted_status_id: theirs.id })
  assert.match(await arrived('budi', quote.id), /\/act\/unquote\//)
  assert.doesNotMatch(await arrived('sari', quote.id), /\/act\/unquote\//)
  await budi.post(`/api/v1/statuses/${theirs.id}/quotes/${quote.id}/revoke`)
  for (const name of ['budi', 'sari']) assert.doesNotMatch(await arrived(name, quote.id), /\/act\/unquote\/|words of budi/)
  const { id } = (await sari.call('POST', '/api/v2/media', { multipart: { file: file(png(64, 48, 1), 'image/png', 'a.png') } })).body
  await until('the picture is ready', async () => (await sari.call('GET', `/api/v1/media/${id}`, { status: 'any', check: false })).status === 200)
  await ibu.post(`/api/v1/accounts/${sari.id}/follow`)
  const heron = await sari.post('/api/v1/statuses', { status: 'a heron', media_ids: [id] })
  for (const name of ['budi', 'ibu']) assert.doesNotMatch(await arrived(name, heron.id), /class="cover"/)
  const filter = await budi.post('/api/v2/filters', { title: 'no herons', context: ['home'], filter_action: 'blur', keywords_attributes: [{ keyword: 'heron' }] })
  for (let i = 0; i < 2; i++) {
    assert.match(await arrived('budi', heron.id), /class="cover"[\s\S]*Filtered: no herons/)
    assert.doesNotMatch(await arrived('ibu', heron.id), /class="cover"/, 'nothing of it is shown to others')
  }
  await budi.delete(`/api/v2/filters/${filter.id}`)
  assert.doesNotMatch(await arrived('budi', heron.id), /class="cover"/)
})

it('the buttons do what they say without a script, and lead back', async () => {
  const { id } = await sari.post('/api/v1/statuses', { status: 'press me' })
  const part = await arrived('budi', id)
  const page = await home('budi')
  const form = /<form method="post" id="acts"[\s\S]*?<\/form>/.exec(page)[0]
  const hidden = Object.fromEntries([...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]))
  const action = new RegExp('formaction="([^"]+)" name="do" value="favourite"').exec(part)[1]
  const send = (form) => browsers.budi.ask('POST', action, { form, headers: { Origin: server.base } })
  const reply = await send({ ...hidden, do: 'favourite' })
  assert.deepEqual([reply.status, reply.headers.location], [303, `/home#p${id}`])
  assert.equal((await budi.get(`/api/v1/statuses/${id}`)).favourited, true)
  assert.ok((await send({ do: 'unfavourite', back: '/home' })).status >= 400, 'a forged one does nothing')
  assert.equal((await budi.get(`/api/v1/statuses/${id}`)).favourited, true)
})
