// What is talked about: hashtags and posts that many people use and like now, and none that one person makes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createRestAPIClient } from 'masto'
import { sleep, startWorld, until } from './lib/server.mjs'

const names = ['ana', 'ben', 'cho', 'dee', 'eli', 'fay', 'gus']
const { it, server, users } = await startWorld({ accounts: names, env: { KICAU_TRENDS_SECONDS: '1', KICAU_TRENDS_WITHOUT_REVIEW: 'on' } })
const people = names.map((name) => users[name])
const five = people.slice(0, 5)
const each = (some, what) => Promise.all(some.map(what))
const say = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const tags = async (client) => (await client.get('/api/v1/trends/tags')).map((tag) => tag.name)
const statuses = async (client) => (await client.get('/api/v1/trends/statuses')).map((status) => status.id)
const settled = () => sleep(2500) // at least one look at everything
const discoverable = (user, yes) => user.patch('/api/v1/accounts/update_credentials', { discoverable: yes })

function sql (text) {
  if (server.postgres) return server.postgres.query(text)
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'kicau.db'), text])
}

it('nothing is a trend at first', async ({ anyone, ana }) => {
  await each(people, (user) => discoverable(user, true))
  for (const path of ['tags', 'statuses', 'links']) {
    assert.deepEqual(await anyone.get(`/api/v1/trends/${path}`), [])
    assert.deepEqual(await ana.get(`/api/v1/trends/${path}`), [])
  }
})

it('a hashtag that five people use is one, with its history', async ({ anyone, ana, fay }) => {
  await each(five, (user) => say(user, 'look at the #MerapiSunrise'))
  await say(fay, 'me too #merapisunrise')
  const tag = await until('the trend', async () => (await anyone.get('/api/v1/trends/tags')).find((one) => one.history[0].uses === '6'))
  assert.match(tag.name, /^merapisunrise$/i)
  assert.equal(tag.url, `${server.base}/tags/merapisunrise`)
  assert.deepEqual([tag.history.length, tag.history[0].accounts, tag.history[1].accounts], [7, '6', '0'])
  assert.deepEqual((await anyone.get('/api/v1/trends')).map((one) => one.name), [tag.name])
  const [mine] = await ana.get('/api/v1/trends/tags')
  assert.deepEqual([mine.following, mine.featuring], [false, false])
  assert.deepEqual(await anyone.get('/api/v1/trends/tags', { offset: 1 }), [])
})

it('one person makes none, nor four, nor those who do not want to be discovered', async ({ anyone, fay, gus }) => {
  for (let n = 0; n < 12; n++) await say(fay, `number ${n} #onlyme`)
  await each(people.slice(0, 4), (user) => say(user, '#fourofus'))
  await discoverable(gus, false)
  await each([...people.slice(0, 4), gus], (user) => say(user, '#fourandahermit'))
  await settled()
  assert.deepEqual((await tags(anyone)).map((name) => name.toLowerCase()), ['merapisunrise'])
  await discoverable(gus, true)
  await until('the hermit to count', async () => (await tags(anyone)).includes('fourandahermit'))
})

it('only public posts count', async ({ anyone }) => {
  await each(people, (user, n) => say(user, 'not for everybody #hushhush', { visibility: ['unlisted', 'private', 'direct'][n % 3] }))
  await settled()
  assert.ok(!(await tags(anyone)).includes('hushhush'))
})

it('what as many people used yesterday is none today', async ({ anyone }) => {
  const midnight = Math.floor(Date.now() / 86400000) * 86400000
  for (const user of people) await sql(`INSERT INTO tag_days (name, day, account_id, uses) VALUES ('dailybread', ${midnight - 86400000}, ${user.id}, 1)`)
  await each(people, (user) => say(user, '#dailybread as always'))
  await settled()
  assert.ok(!(await tags(anyone)).includes('dailybread'))
  const tag = await anyone.get('/api/v1/tags/dailybread')
  assert.deepEqual(tag.history.slice(0, 2).map((day) => day.accounts), ['7', '7'])
})

it('the larger surprise comes first', async ({ anyone }) => {
  await each(people, (user) => say(user, '#biggernews'))
  await until('both', async () => (await tags(anyone))[0] === 'biggernews')
})

let post
it('a post that five people boost or favourite is one; its author does not count, nor what is done twice', async ({ anyone, ana, ben, cho, dee, eli, fay }) => {
  post = await say(ana, 'everybody likes this')
  for (const user of [ana, ben, cho, dee, eli]) {
    await user.post(`/api/v1/statuses/${post.id}/favourite`)
    await user.post(`/api/v1/statuses/${post.id}/reblog`)
  }
  await settled()
  assert.deepEqual(await statuses(anyone), [], 'four, and its author')
  await fay.post(`/api/v1/statuses/${post.id}/favourite`)
  await until('the trend', async () => (await statuses(anyone))[0] === post.id)
  const [seen] = await fay.get('/api/v1/trends/statuses')
  assert.deepEqual([seen.id, seen.favourited, seen.account.id], [post.id, true, ana.id])
})

it('answers, warnings, and what is not public are none', async ({ anyone, gus }) => {
  const hidden = [
    await say(gus, 'an answer', { in_reply_to_id: post.id }), await say(gus, 'a warned post', { spoiler_text: 'careful' }),
    await say(gus, 'a sensitive one', { sensitive: true }), await say(gus, 'a quiet one', { visibility: 'unlisted' })
  ]
  for (const one of hidden) await each(five, (user) => user.post(`/api/v1/statuses/${one.id}/favourite`))
  await settled()
  assert.deepEqual(await statuses(anyone), [post.id])
})

it('one author has one post there, the one that is liked most', async ({ anyone, ben, cho, dee, eli, fay, gus, ana }) => {
  const second = await say(ana, 'and this even more')
  for (const user of [ben, cho, dee, eli, fay, gus]) await user.post(`/api/v1/statuses/${second.id}/favourite`)
  await until('the second', async () => (await statuses(anyone)).join() === second.id)
  await ana.delete(`/api/v1/statuses/${second.id}`)
  await until('the first again', async () => (await statuses(anyone)).join() === post.id)
})

it('blocks and mutes hold', async ({ ana, gus }) => {
  await gus.post(`/api/v1/accounts/${ana.id}/mute`)
  assert.deepEqual(await statuses(gus), [])
  await gus.post(`/api/v1/accounts/${ana.id}/unmute`)
  assert.deepEqual(await statuses(gus), [post.id])
})

it('masto.js reads them', async ({ ana }) => {
  const masto = createRestAPIClient({ url: server.base, accessToken: ana.token })
  assert.ok((await masto.v1.trends.tags.list()).length >= 2)
  assert.deepEqual((await masto.v1.trends.statuses.list()).map((one) => one.id), [post.id])
})

it('they are there after a restart', async ({ anyone }) => {
  const before = [await tags(anyone), await statuses(anyone)]
  await server.stop()
  server.exit = undefined
  server.stopping = false
  await server.start()
  await until('the same trends', async () => JSON.stringify([await tags(anyone), await statuses(anyone)]) === JSON.stringify(before))
})

it('they wear off', async ({ anyone }) => {
  await sql(`UPDATE trends SET peak_at = peak_at - ${5 * 3600000}`)
  await settled()
  assert.ok((await tags(anyone)).length > 0, 'half of it is left after four hours')
  await sql(`UPDATE trends SET peak_at = peak_at - ${24 * 3600000}`)
  await until('nothing is a trend', async () => (await tags(anyone)).length === 0)
  await sql(`UPDATE posts SET created_at = created_at - ${24 * 3600000} WHERE id = ${post.id}`)
  await until('no post either', async () => (await statuses(anyone)).length === 0)
})
