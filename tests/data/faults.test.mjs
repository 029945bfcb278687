// What a licensee may not know looks like what never was, in words and in time; others' things are not there; and an answer that
// was not taken to its end costs nothing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { sleep, until } from '../api/lib/server.mjs'
import { key, Licensee, licensee, startMarket } from './lib/market.mjs'

const { it, server, users } = await startMarket({ accounts: ['alice', 'bob', 'carol', 'gone', 'taken'], agreeing: ['alice', 'bob', 'gone', 'taken'] })
const { alice, bob, carol, gone, taken } = users
const acme = await licensee(server)
const post = async (user, status, fields = {}) => (await user.post('/api/v1/statuses', { status, ...fields })).id

const NEVER = '117000000000000017'
const hidden = {
  'of one who has not agreed': await post(carol, 'not for sale'),
  unlisted: await post(alice, 'unlisted', { visibility: 'unlisted' }),
  'for followers': await post(alice, 'for followers', { visibility: 'private' }),
  direct: await post(alice, '@bob direct', { visibility: 'direct' }),
  deleted: await post(alice, 'deleted'),
  'of one who is suspended': await post(taken, 'suspended'),
  'of one who is deleted': await post(gone, 'deleted with its author')
}
const strangers = { 'has not agreed': carol.id, 'is suspended': taken.id, 'is deleted': gone.id }
await acme.get(`/2/tweets/${hidden.deleted}`)
await alice.delete(`/api/v1/statuses/${hidden.deleted}`)
await server.kicau(['account', 'suspend', 'taken'])
await server.kicau(['account', 'delete', 'gone', '--yes'])
await until('the account is gone', async () => (await acme.call(`/2/users/${gone.id}`)).body.errors)

// Status, headers and body, but for what differs from call to call.
async function seen (one, path, id) {
  const { status, headers, text } = await one.call(path)
  const told = Object.fromEntries([...headers].filter(([name]) => !['date', 'content-length', 'x-request-id', 'etag', 'keep-alive', 'connection'].includes(name)))
  return JSON.stringify([status, told, text]).replaceAll(id, 'ID')
}

it('a post that may not go out and one that never was are answered alike, wherever posts are asked for', async () => {
  const paths = (id) => [`/2/tweets/${id}`, `/2/tweets?ids=${id}`, `/2/tweets?ids=${id}&expansions=author_id&tweet.fields=public_metrics`, `/2/tweets/search/recent?query=conversation_id:${id}`]
  const never = await Promise.all(paths(NEVER).map((path) => seen(acme, path, NEVER)))
  for (const [name, id] of Object.entries(hidden)) for (const [i, path] of paths(id).entries()) assert.equal(await seen(acme, path, id), never[i], `${name}: ${path}`)
})

it('so are people', async () => {
  const paths = (id) => [`/2/users/${id}`, `/2/users?ids=${id}`, ...['tweets', 'mentions', 'followers', 'following'].map((list) => `/2/users/${id}/${list}`)]
  const never = await Promise.all(paths(NEVER).map((path) => seen(acme, path, NEVER)))
  for (const [name, id] of Object.entries(strangers)) for (const [i, path] of paths(id).entries()) assert.equal(await seen(acme, path, id), never[i], `${name}: ${path}`)
  const byName = await seen(acme, '/2/users/by/username/nobody', 'nobody')
  for (const name of ['carol', 'taken', 'gone']) assert.equal(await seen(acme, `/2/users/by/username/${name}`, name), byName, name)
})

// Noise of the machine only adds: the fast ones of many are compared, and a difference has to be there each time.
async function slowerThanNothing (rounds) {
  const ids = { never: NEVER, ...hidden }
  const times = Object.fromEntries(Object.keys(ids).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, id] of Object.entries(ids).sort(() => Math.random() - 0.5)) {
      const begin = performance.now()
      await acme.call(`/2/tweets/${id}`)
      times[name].push(performance.now() - begin)
    }
  }
  const fast = (name) => times[name].sort((a, b) => a - b)[rounds >> 3]
  return Object.keys(hidden).filter((name) => Math.abs(fast(name) - fast('never')) > 0.5 * fast('never') + 0.3)
}
it('and it takes as long', async () => {
  let slower
  for (let n = 0; n < 3; n++) {
    const now = await slowerThanNothing(24)
    slower = slower ? slower.filter((name) => now.includes(name)) : now
    if (!slower.length) return
  }
  assert.deepEqual(slower, [])
})

it('what another licensee has is not there', async () => {
  const other = await licensee(server, 'other', 'enterprise')
  const mine = await licensee(server, 'mine', 'enterprise')
  const send = async (one, path, json) => {
    const response = await fetch(server.base + path, { method: 'POST', headers: { Authorization: `Bearer ${one.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(json) })
    return { status: response.status, body: await response.json() }
  }
  const id = await post(alice, 'read by one of them')
  await mine.get(`/2/tweets/${id}`)
  const index = (await until('a receipt is opened', async () => {
    for (let n = 0; n < 60; n++) {
      const { status, body } = await mine.call(`/2/receipts/${n}`)
      if (status === 200 && body.data.kind === 'posts') return body
    }
  })).data.index
  const job = (await send(mine, '/2/compliance/jobs', { type: 'tweets' })).body.data.id
  const made = (await send(mine, '/2/exports', { query: 'read' })).body.data.id
  const rule = (await send(mine, '/2/tweets/search/stream/rules', { add: [{ value: 'read' }] })).body.data[0].id
  for (const [path, none] of [[`/2/receipts/${index}`, '/2/receipts/99999'], [`/2/compliance/jobs/${job}`, '/2/compliance/jobs/99999'], [`/2/exports/${made}`, '/2/exports/99999'], [`/2/tweets/search/stream/rules?ids=${rule}`, '/2/tweets/search/stream/rules?ids=99999']]) {
    assert.equal((await mine.call(path)).status, 200, path)
    const own = path.match(/\d+$/)[0]
    const [there, nowhere] = [await other.call(path), await other.call(none)]
    assert.deepEqual([there.status, there.text.replaceAll(own, 'ID').replace(/"sent":"[^"]*"/, '')], [nowhere.status, nowhere.text.replaceAll('99999', 'ID').replace(/"sent":"[^"]*"/, '')], path)
  }
  assert.deepEqual((await send(other, '/2/tweets/search/stream/rules', { delete: { ids: [rule] } })).body.meta.summary, { deleted: 0, not_deleted: 1 })
  assert.equal((await mine.get('/2/tweets/search/stream/rules')).meta.result_count, 1)
})

it('keys that are wrong, revoked or expired open nothing, on any path', async () => {
  const tokens = { wrong: 'kicau_' + '0'.repeat(46), revoked: await key(server, 'revoked'), expired: await key(server, 'expired') }
  const listed = (await server.kicau(['key', 'list', '--json'])).trim().split('\n').map((line) => JSON.parse(line))
  const idOf = (name) => String(listed.find((one) => one.licensee === name).id)
  await server.kicau(['key', 'revoke', idOf('revoked')])
  server.sql(`UPDATE data_keys SET expires_at = 1000 WHERE id = ${idOf('expired')}`)
  await sleep(1100)
  const id = await post(alice, 'for who has a key')
  for (const [name, token] of Object.entries(tokens)) {
    const one = new Licensee(server.base, token)
    for (const path of [`/2/tweets/${id}`, `/2/tweets/${NEVER}`, '/2/users/by/username/alice', '/2/tweets/search/recent?query=key', '/2/usage/tweets', '/2/receipts/1', '/2/tweets/sample/stream', '/2/tweets/compliance/stream', '/2/invoices', '/2/licence']) {
      const { status, headers, body } = await one.call(path)
      assert.deepEqual([status, body.status, headers.get('kicau-receipt')], [401, 401, null], `${name}: ${path}`)
    }
  }
})

// Connects with windows as small as there are, reads the beginning, and leaves.
const leave = `
import socket, struct, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.connect(('127.0.0.1', int(sys.argv[1])))
s.sendall(sys.stdin.buffer.read())
s.recv(100)
time.sleep(0.3)
s.close()
`

it('an answer that breaks off is recorded, and free; asked for again it is paid, once', async () => {
  const one = await licensee(server, 'breaks off')
  const ids = []
  for (let n = 0; n < 100; n++) ids.push(await post(n % 2 ? alice : bob, `${n} ` + '#tag @bob 👋 '.repeat(35)))
  const params = { ids: ids.join(), expansions: 'author_id,entities.mentions.username', 'tweet.fields': 'entities,created_at,public_metrics,lang,kicau' }
  const request = `GET /2/tweets?${new URLSearchParams(params)} HTTP/1.1\r\nHost: ${new URL(server.base).host}\r\nAuthorization: Bearer ${one.token}\r\n\r\n`
  execFileSync('python3', ['-c', leave, String(server.port)], { input: request })
  const days = async () => (await one.get('/2/usage/tweets')).kicau.days[0]
  await until('it is settled', async () => (await days())?.answers_broken === 1)
  assert.equal((await days()).posts_included, 0)
  assert.equal((await one.call('/2/tweets', params)).headers.get('kicau-billed'), '100/100')
  assert.equal((await one.call('/2/tweets', params)).headers.get('kicau-billed'), '0/100')
  await until('it is counted', async () => (await days()).posts_included === 100)
})
