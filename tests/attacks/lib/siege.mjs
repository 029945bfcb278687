// A server under attack. Whatever a file's tests do to it, at the end it must be the same process, not have grown, have
// given back its descriptors, and an innocent client beside must have noticed nothing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { binary, sleep, startWorld, until } from '../../api/lib/server.mjs'
import { startInnocent } from './innocent.mjs'
import { exchange, request, Wire } from './raw.mjs'

const SLOWEST_MS = 1500
export const sanitized = /\/(asan|tsan)\//.test(binary)

export function rss (pid) {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(found[1]) * 1024
}

// Sanitizers keep what is freed, and are slow: bounds of memory and time hold for the program as it is shipped.
export const bounded = (amount, most, words) => assert.ok(sanitized || amount < most, words)

export const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length

export const routes = () => JSON.parse(execFileSync(binary, ['routes', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 }))

// Every thread opens what it keeps open: a database connection, caches. Only then is there something to compare with.
async function warmUp (server, { token }) {
  const headers = { 'Content-Type': 'application/json', Connection: 'close' }
  const body = JSON.stringify({ status: 'warming up', visibility: 'private' })
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 80 }, (_, n) => exchange(server.port, n % 2 ? request('POST', '/api/v1/statuses', { token, headers, body }) : request('GET', '/api/v1/timelines/home', { token, headers }))))
  }
  await sleep(200)
}

// growth: how many bytes the server may have grown by in the end.
export async function startSiege ({ accounts = [], growth = 64 << 20, ...options } = {}) {
  const world = await startWorld({ accounts: ['innocent', ...accounts], ...options })
  const { server } = world
  const { pid } = server.child
  const innocent = startInnocent(server.port, world.innocent.token)
  await warmUp(server, world.innocent)
  const before = { rss: rss(pid), fds: descriptors(pid) }

  // Called behind the last test of a file.
  function finish () {
    test('an innocent client noticed nothing; the server is the same and has not grown', { timeout: 30000 }, async () => {
      const report = await innocent.stop()
      assert.equal(server.exit, undefined, server.log.slice(-20).join(''))
      assert.deepEqual(report.wrong, [])
      assert.ok(report.calls > 5, `only ${report.calls} calls`)
      if (!sanitized) {
        assert.ok(report.slowest < SLOWEST_MS, `a call of the innocent client took ${Math.round(report.slowest)} ms (median ${Math.round(report.median)})`)
        const grown = rss(pid) - before.rss
        assert.ok(grown < growth, `the server has grown by ${grown >> 20} MiB`)
      }
      // A thread opens the database (two files) the first time it is asked: warming up does not reach all two dozen.
      await until('descriptors are given back', () => descriptors(pid) <= before.fds + 40, { timeout: 15000 })
      assert.ok(!server.log.some((line) => /AddressSanitizer|runtime error|BUG/.test(line)), server.log.join(''))
    })
  }
  return { ...world, port: server.port, pid, before, finish, wire: () => new Wire(server.port) }
}

// A refusal: a 4xx with words in JSON, nothing of the inside.
export function isRefusal (reply, ...statuses) {
  assert.ok(reply, 'the connection ended without a reply')
  assert.ok(statuses.length ? statuses.includes(reply.status) : reply.status >= 400 && reply.status < 500, `${reply.status}: ${reply.text}`)
  if (/json/.test(reply.headers['content-type'] || '')) assert.ok(JSON.parse(reply.text).error)
  assert.doesNotMatch(reply.text, /sqlite|src\/|\.c:\d|libmicrohttpd|PostgreSQL/i)
}
