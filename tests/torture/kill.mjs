// Kills the server in the middle of its work, again and again, and looks whether everything it acknowledged is there:
// posts, and the counts and timelines that belong to them.   ROUNDS=20
import assert from 'node:assert/strict'
import { Server, sleep } from '../api/lib/server.mjs'

const rounds = Number(process.env.ROUNDS || 20)
const server = new Server()
process.once('exit', () => server.discard())
await server.prepare()
const writers = []
for (const name of ['ann', 'ben', 'cem', 'dua']) writers.push(await server.account(name))
await server.start()
const ids = []
for (const writer of writers) ids.push((await writer.get('/api/v1/accounts/verify_credentials')).id)
for (const id of ids.slice(1)) await writers[0].post(`/api/v1/accounts/${id}/follow`)

const acknowledged = new Map()
let refused = 0

async function write (writer, at, running) {
  for (let n = 0; running.on; n++) {
    const status = `${writer.user} ${at} ${n}`
    try {
      const post = await writer.post('/api/v1/statuses', { status }, { headers: { 'Idempotency-Key': status } })
      acknowledged.set(post.id, status)
    } catch { refused++; await sleep(5) }
  }
}

async function everyPostIsThere () {
  const all = [...acknowledged.keys()]
  for (let at = 0; at < all.length; at += 20) {
    const page = all.slice(at, at + 20)
    const found = await writers[0].get('/api/v1/statuses', { id: page })
    assert.deepEqual(page.filter((id) => !found.some((post) => post.id === id)), [], 'acknowledged posts are gone')
  }
}

async function countsAreRight () {
  for (const [at, writer] of writers.entries()) {
    const account = await writer.get(`/api/v1/accounts/${ids[at]}`)
    const pages = await writer.pages(`/api/v1/accounts/${ids[at]}/statuses`, { limit: 40 }, 'next', 10000)
    assert.equal(account.statuses_count, pages.flat().length, `statuses_count of ${writer.user}`)
  }
}

for (let round = 1; round <= rounds; round++) {
  const running = { on: true }
  const work = writers.map((writer) => write(writer, round, running))
  await sleep(200 + Math.random() * 800)
  await server.stop('SIGKILL')
  running.on = false
  await Promise.all(work)
  server.exit = undefined
  server.stopping = false
  await server.start()
  await everyPostIsThere()
  console.log(`round ${round} of ${rounds}: ${acknowledged.size} acknowledged posts are all there`)
}
await countsAreRight()
const report = await server.kicau(['doctor']).catch((error) => error.message)
assert.doesNotMatch(report, /^fail/m, report)
await server.stop()
server.discard()
console.log(`${acknowledged.size} posts over ${rounds} kills, none lost, counts right (${refused} requests were not answered)`)
