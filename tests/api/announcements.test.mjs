// Announcements: made on the command line, read, dismissed and reacted to in apps, and told over streams.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRestAPIClient } from 'masto'
import { png } from './lib/png.mjs'
import { Socket } from './lib/stream.mjs'
import { sleep, startWorld, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const path = '/api/v1/announcements'
const announce = async (server, text, ...more) => (await server.kicau(['announce', 'add', text, ...more])).trim()
const remove = (server, id) => server.kicau(['announce', 'remove', id])
const reactions = async (user, id) => (await user.get(path)).find((one) => one.id === id).reactions
const react = (user, id, name, options) => user.call('PUT', `${path}/${id}/reactions/${encodeURIComponent(name)}`, options)
const unreact = (user, id, name) => user.delete(`${path}/${id}/reactions/${encodeURIComponent(name)}`)

it('an announcement is made, read, dismissed and taken back', async ({ server, alice, bob, anyone }) => {
  const id = await announce(server, 'Tea at five with @bob #tea https://example.org/tea', '--starts', '2040-01-01T17:00:00Z', '--ends', '2040-01-01T18:00:00Z')
  const [one] = await alice.get(path)
  assert.equal(one.id, id)
  assert.match(one.content, /Tea at five/)
  assert.match(one.content, /href="https:\/\/example.org\/tea"/)
  assert.deepEqual([one.starts_at, one.ends_at, one.all_day, one.read], ['2040-01-01T17:00:00.000Z', '2040-01-01T18:00:00.000Z', false, false])
  assert.deepEqual([one.mentions.map((account) => account.id), one.tags.map((tag) => tag.name), one.reactions], [[bob.id], ['tea'], []])
  await anyone.call('GET', path, { status: 401 })
  assert.deepEqual(await alice.post(`${path}/${id}/dismiss`), {})
  assert.deepEqual(await alice.post(`${path}/${id}/dismiss`), {}, 'again')
  assert.deepEqual(await alice.get(path), [])
  assert.deepEqual((await alice.get(path, { with_dismissed: true })).map((all) => [all.id, all.read]), [[id, true]])
  assert.equal((await bob.get(path))[0].read, false, 'others have not read it')
  assert.match(await server.kicau(['announce', 'list']), new RegExp(`${id} .*Tea at five`))
  await remove(server, id)
  assert.deepEqual(await bob.get(path), [])
  for (const [method, what] of [['POST', 'dismiss'], ['PUT', 'reactions/x'], ['DELETE', 'reactions/x']]) await bob.call(method, `${path}/${id}/${what}`, { status: 404 })
  await assert.rejects(remove(server, id), /no announcement/)
})

it('one that has ended is not shown', async ({ server, alice }) => {
  const id = await announce(server, 'gone in a moment', '--ends', new Date(Date.now() + 1500).toISOString())
  assert.deepEqual((await alice.get(path)).map((one) => one.id), [id])
  await until('it ends', async () => (await alice.get(path)).length === 0)
  await alice.call('POST', `${path}/${id}/dismiss`, { status: 404 })
})

it('what cannot be announced is refused', async ({ server }) => {
  await assert.rejects(announce(server, '  '), /nothing to announce/)
  await assert.rejects(announce(server, 'x'.repeat(5001)), /5000/)
  await assert.rejects(announce(server, 'when', '--ends', 'noon'), /takes a time/)
  await assert.rejects(announce(server, 'when', '--ends', '2020-01-01T00:00:00Z'), /end before/)
})

it('people react with emojis, eight different ones at most', async ({ server, alice, bob }) => {
  const id = await announce(server, 'What do you say?')
  writeFileSync(join(server.data, 'wave.png'), png(16, 16))
  await server.kicau(['emoji', 'add', 'wave', join(server.data, 'wave.png')])
  for (const user of [alice, bob]) await react(user, id, '👍')
  await react(alice, id, '👍')
  await until('the emoji is known', async () => (await react(bob, id, 'wave', { status: 'any' })).status === 200)
  const [thumb, wave] = await reactions(alice, id)
  assert.deepEqual(thumb, { name: '👍', count: 2, me: true })
  assert.deepEqual([wave.name, wave.count, wave.me], ['wave', 1, false])
  assert.match(wave.url, /^http.*\/media\//)
  for (const name of ['x', '12', 'nonsense', '👍👍']) await react(alice, id, name, { status: 422 })
  for (const name of ['❤️', '🎉', '😂', '🇮🇩', '👩‍🚀', '🔥']) await react(alice, id, name)
  assert.match((await react(alice, id, '🌧️', { status: 422 })).body.error, /Limit/)
  await react(bob, id, '🔥')
  assert.deepEqual(await unreact(bob, id, 'wave'), {})
  assert.deepEqual(await unreact(bob, id, 'wave'), {}, 'again')
  await react(alice, id, '🌧️')
  assert.equal((await reactions(bob, id)).length, 8)
  await remove(server, id)
})

it('streams tell of it, of reactions, and of its end', async ({ server, alice, bob }) => {
  const open = (user, stream) => new Socket(server.base, { token: user?.token, stream }).open()
  const streams = [await open(alice, 'user'), await open(bob, 'user')]
  const other = await open(alice, 'public')
  const id = await announce(server, 'live #news')
  const ofThis = (payload) => JSON.parse(payload).announcement_id === id
  for (const stream of streams) {
    const { payload } = await stream.next('announcement', (one) => one.id === id)
    assert.deepEqual([payload.id, payload.tags.map((tag) => tag.name)], [id, ['news']])
    assert.ok(!('read' in payload))
  }
  await react(alice, id, '👍')
  for (const stream of streams) assert.deepEqual(JSON.parse((await stream.next('announcement.reaction', ofThis)).payload), { name: '👍', count: 1, announcement_id: id })
  await unreact(alice, id, '👍')
  for (const stream of streams) assert.equal(JSON.parse((await stream.next('announcement.reaction', ofThis)).payload).count, 0)
  await remove(server, id)
  for (const stream of streams) assert.equal((await stream.next('announcement.delete', (gone) => gone === id)).payload, id)
  await sleep(200)
  assert.ok(!other.seen('announcement'))
  for (const stream of [...streams, other]) stream.close()
})

it('masto.js lists, dismisses and reacts', async ({ server, carol }) => {
  const id = await announce(server, 'for apps')
  const mine = (list) => list.filter((one) => one.id === id)
  const masto = createRestAPIClient({ url: server.base, accessToken: carol.token })
  await masto.v1.announcements.$select(id).reactions.$select('🎉').update()
  assert.deepEqual(mine(await masto.v1.announcements.list()).map((one) => [one.id, one.reactions[0].me]), [[id, true]])
  await masto.v1.announcements.$select(id).reactions.$select('🎉').remove()
  await masto.v1.announcements.$select(id).dismiss()
  assert.deepEqual(mine(await masto.v1.announcements.list()), [])
})
