// A long mixed day in short: after the warm-up memory must stay where it is, and descriptors too.   COUNT=100000
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { startWorld, sleep } from '../api/lib/server.mjs'
import { EventStream, Socket } from '../api/lib/stream.mjs'
import { blankPng } from '../attacks/lib/pictures.mjs'
import { descriptors, rss, sanitized } from '../attacks/lib/siege.mjs'

const total = Number(process.env.COUNT || 12000)
const width = 12
const growth = 0.10
// Caches as small as they go, so that they are full early: what grows then is a leak.
const small = { KICAU_CARDS_MB: '1', KICAU_TIMELINES_MB: '1', KICAU_VIEWERS_MB: '1', KICAU_SQLITE_CACHE_KIB: '256', KICAU_CONNECTIONS_PER_IP: '5000', KICAU_LOG_LEVEL: 'warn' }
const names = Array.from({ length: 8 }, (_, n) => `person${n}`)
const { it, server, users, anyone } = await startWorld({ accounts: names, env: small })
const people = Object.values(users)
const pick = (list) => list[Math.floor(Math.random() * list.length)]
const agent = new Agent({ keepAlive: true, maxSockets: width })
const posts = []
const statuses = new Map()

function call (method, path, { token, body, type = 'application/json', close } = {}) {
  return new Promise((resolve, reject) => {
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }) }
    const asked = request({ port: server.port, host: '127.0.0.1', agent: close ? false : agent, method, path, headers, timeout: 15000 }, (reply) => {
      const parts = []
      reply.on('data', (part) => parts.push(part))
      reply.on('end', () => {
        statuses.set(reply.statusCode, (statuses.get(reply.statusCode) || 0) + 1)
        resolve({ status: reply.statusCode, text: Buffer.concat(parts).toString() })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer in 15 s')))
    asked.on('error', reject)
    asked.end(body)
  })
}

const reads = ['/api/v1/timelines/home', '/api/v1/timelines/public?limit=40', '/api/v1/timelines/tag/soak', '/api/v1/notifications', '/api/v2/notifications', '/api/v1/accounts/verify_credentials', '/api/v2/instance', '/api/v1/bookmarks',
  '/api/v1/favourites', '/api/v1/lists', '/api/v2/search?q=soak', '/api/v1/accounts/search?q=person', '/api/v1/custom_emojis', '/api/v1/preferences', '/api/v1/markers?timeline[]=home']
const pages = ['/', '/public', '/@person0', '/tags/soak', '/login', '/about', '/assets/style.css', '/robots.txt', '/nodeinfo/2.0', '/health']
const wrong = [['GET', '/api/v1/statuses/1'], ['GET', '/nothing'], ['DELETE', '/api/v1/timelines/home'], ['POST', '/api/v1/statuses', '{"status":'], ['GET', '/api/v1/statuses/%ff'], ['POST', '/api/v1/lists', '{"title":""}']]

async function one () {
  const { token, id } = pick(people)
  const dice = Math.random()
  const post = pick(posts)
  if (dice < 0.45) return call('GET', pick(reads), { token, close: dice < 0.01 })
  if (dice < 0.6 && post) return call('GET', `/api/v1/statuses/${post}${pick(['', '/context', '/favourited_by', '/history'])}`, { token: pick([token, undefined]) })
  if (dice < 0.7) return call('GET', pick(pages), { close: dice < 0.62 })
  if (dice < 0.75) { const [method, path, body] = pick(wrong); return call(method, path, { token, body }) }
  if (dice < 0.82) {
    const reply = await call('POST', '/api/v1/statuses', { token, body: JSON.stringify({ status: `a #soak of ${Math.random()} @${pick(names)}`, in_reply_to_id: pick([post, undefined]) }) })
    if (reply.status === 200) posts.push(JSON.parse(reply.text).id)
    return posts.length > 300 ? call('DELETE', `/api/v1/statuses/${posts.shift()}`, { token }) : reply
  }
  if (dice < 0.94 && post) return call('POST', `/api/v1/statuses/${post}/${pick(['favourite', 'unfavourite', 'bookmark', 'unbookmark', 'reblog', 'unreblog'])}`, { token })
  if (dice < 0.96) return call('POST', `/api/v1/accounts/${pick(people).id}/${pick(['follow', 'unfollow'])}`, { token })
  if (dice < 0.962) return anyone.as(token).call('POST', '/api/v2/media', { multipart: { file: new Blob([blankPng(8, 8)], { type: 'image/png' }) }, status: 'any', check: false })
  if (dice < 0.97) {
    const reader = dice < 0.966 ? new Socket(server.base, { token, stream: 'user' }) : new EventStream(server.base, 'public', { token })
    await reader.open()
    await sleep(5)
    return reader.close()
  }
  return call('GET', `/api/v1/accounts/${id}/statuses`, { token })
}

async function run (count) {
  let left = count
  await Promise.all(Array.from({ length: width }, async () => { while (left-- > 0) await one() }))
}

// The least of a few looks: what a moment needed is not what is kept.
async function size () {
  let least = Infinity
  for (let n = 0; n < 6; n++) { least = Math.min(least, rss(server.child.pid)); await sleep(50) }
  return least
}

it(`${total} mixed requests: memory and descriptors stay`, async () => {
  await run(Math.floor(total * 0.4))
  const before = await size()
  const fds = descriptors(server.child.pid)
  await run(Math.ceil(total * 0.6))
  const after = await size()
  const grown = after / before - 1
  console.log(`${(before / (1 << 20)).toFixed(1)} MiB after the warm-up, ${(after / (1 << 20)).toFixed(1)} MiB in the end; ${fds} descriptors, then ${descriptors(server.child.pid)}; answers: ${[...statuses].sort().map(([status, n]) => `${status}: ${n}`).join(', ')}`)
  assert.equal(server.exit, undefined)
  assert.deepEqual([...statuses.keys()].filter((status) => status >= 500), [])
  if (!sanitized) assert.ok(grown < growth, `memory grew by ${(grown * 100).toFixed(1)} %`)
  assert.ok(descriptors(server.child.pid) <= fds + 8, 'descriptors are not given back')
  agent.destroy()
}, { timeout: 60000 + total * 20 })
