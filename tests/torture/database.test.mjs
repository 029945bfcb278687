// PostgreSQL goes away - stopped, crashed, frozen - and comes back: meanwhile 503 with Retry-After, afterwards everything by
// itself, and nothing that was acknowledged is lost.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { Server, sleep, until } from '../api/lib/server.mjs'
import { startPostgres } from '../api/lib/postgres.mjs'
import { Person } from './lib/people.mjs'
import { healthy, verify, work } from './lib/rounds.mjs'

const skip = existsSync('/usr/lib/postgresql') ? false : 'NOT TESTED: PostgreSQL is not installed (apt install postgresql)'
const rounds = Number(process.env.ROUNDS_DB || 2)

async function settle () {
  const server = new Server({ env: { KICAU_LOG_LEVEL: 'error' } })
  process.once('exit', () => server.discard())
  server.postgres = startPostgres({ durable: true })
  server.env.KICAU_DATABASE = server.postgres.url
  await server.prepare()
  const clients = []
  for (const name of ['ann', 'ben', 'cem', 'dua']) clients.push(await server.account(name))
  await server.start()
  const people = []
  for (const client of clients) people.push(new Person(client, (await client.get('/api/v1/accounts/verify_credentials')).id))
  return { server, people }
}

const quick = { status: 'any', check: false }

// While the database is away: every write is refused as something that passes, soon; no call says anything else.
async function isAway ({ server, people: [ann] }) {
  const began = Date.now()
  const write = await ann.client.call('POST', '/api/v1/statuses', { json: { status: 'into the void' }, ...quick })
  assert.equal(write.status, 503)
  assert.ok(Number(write.headers.get('retry-after')) > 0)
  assert.ok(write.body.error && !/postgres|sql|connection|socket/i.test(write.body.error), write.body.error)
  for (const path of ['/api/v1/timelines/home', '/api/v1/timelines/public', '/api/v1/notifications', '/api/v1/accounts/search?q=ben', `/@${ann.client.user}`, '/']) {
    const { status, body } = await ann.client.call('GET', path, quick)
    assert.ok([200, 503].includes(status), `${path}: ${status}`)
    assert.doesNotMatch(JSON.stringify(body), /libpq|\.s\.PGSQL|server closed the connection/i, path)
  }
  assert.ok(Date.now() - began < 15000, `${Date.now() - began} ms for eight calls`)
  assert.equal(server.exit, undefined)
}

const isBack = ({ people: [ann] }) => until('writes work again', async () => (await ann.client.call('POST', '/api/v1/statuses', { json: { status: `back ${Date.now()}` }, ...quick })).status === 200, { timeout: 20000, every: 200 })

const ends = {
  'is stopped': ({ postgres }) => postgres.halt('fast'),
  crashes: ({ postgres }) => postgres.halt('immediate'),
  'loses its postmaster to kill -9': async ({ postgres }) => { postgres.signal('SIGKILL'); await sleep(300) }
}
// Its orphans may hold the shared memory for a moment.
const startAgain = ({ postgres }) => until('PostgreSQL starts', () => { postgres.start(); return true }, { timeout: 20000, every: 300 })

for (const [name, end] of Object.entries(ends)) {
  test(`PostgreSQL ${name} under load, and is started again`, { skip, timeout: 120000 }, async () => {
    const world = await settle()
    const { server, people } = world
    try {
      for (let round = 0; round < rounds; round++) {
        await work(people, 300 + Math.random() * 500, () => end(server))
        await isAway(world)
        await startAgain(server)
        await isBack(world)
        await verify(world, round === rounds - 1)
      }
      await healthy(server)
      assert.equal(server.exit, undefined)
    } finally {
      await server.stop()
      server.discard()
    }
  })
}

test('PostgreSQL freezes for four seconds and goes on', { skip, timeout: 60000 }, async () => {
  const world = await settle()
  const { server, people } = world
  try {
    await work(people, 300, async () => {
      server.postgres.signal('SIGSTOP', true)
      await sleep(4000)
      server.postgres.signal('SIGCONT', true)
      await sleep(300)
    })
    await isBack(world)
    await verify(world, true)
    assert.equal(server.exit, undefined)
  } finally {
    await server.stop()
    server.discard()
  }
})

test('a server that starts before its database says so, or waits; it does not make another', { skip, timeout: 60000 }, async () => {
  const world = await settle()
  const { server, people } = world
  try {
    await people[0].write(people)
    await server.stop()
    server.postgres.halt('fast')
    server.exit = undefined
    server.stopping = false
    const starting = server.start().then(() => 'serves', (error) => error.message)
    await sleep(1500)
    server.postgres.start()
    const said = await starting
    if (said !== 'serves') {
      assert.match(said, /database|PostgreSQL|connect/i, said)
      server.exit = undefined
      await server.start()
    }
    await verify(world, true)
  } finally {
    await server.stop()
    server.discard()
  }
})
