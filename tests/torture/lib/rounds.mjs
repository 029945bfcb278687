// Kills the server at a random moment of its work, again and again, and looks whether everything adds up.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Server, sleep } from '../../api/lib/server.mjs'
import { Person } from './people.mjs'
import { ask, wrongSums } from './sums.mjs'

export async function settle () {
  const server = new Server({ env: { KICAU_LOG_LEVEL: 'error' } })
  process.once('exit', () => server.discard())
  await server.prepare()
  const clients = []
  for (const name of ['ann', 'ben', 'cem', 'dua', 'eko', 'fay']) clients.push(await server.account(name))
  await server.start()
  const people = []
  for (const client of clients) people.push(new Person(client, (await client.get('/api/v1/accounts/verify_credentials')).id))
  return { server, people }
}

export async function restart (server) {
  server.exit = undefined
  server.stopping = false
  await server.start()
}

const acknowledged = (people) => people.reduce((total, person) => total + person.acknowledged, 0)

// Lets everybody write for so long (on a slow machine until `least` was written), ends it with `stroke`, and waits for
// the last to notice.
export async function work (people, milliseconds, stroke, least = 6) {
  const running = { on: true }
  const before = acknowledged(people)
  const lives = people.map((person) => person.live(running, people.filter((other) => other !== person)))
  await sleep(milliseconds)
  for (let waited = 0; acknowledged(people) < before + least && waited < 10000; waited += 20) await sleep(20)
  await stroke()
  running.on = false
  await Promise.all(lives)
}

export async function verify ({ server, people }, all = false) {
  const count = (text) => Number(ask(server, `SELECT count(*) FROM posts WHERE text LIKE '%${text} %' OR text LIKE '%${text}'`))
  for (const person of people) {
    await person.finishOpen(count)
    await person.checkPosts(all)
    await person.checkPairs()
    await person.checkMedia()
    assert.deepEqual(person.wrong, [], 'a request was refused that nothing was wrong with')
  }
  assert.deepEqual(wrongSums(server), {}, 'what does not add up')
}

export async function healthy (server) {
  const report = await server.kicau(['doctor']).catch((error) => error.message + (error.stdout || ''))
  assert.doesNotMatch(report, /^fail/m, report)
}

export function torture (rounds) {
  test(`killed in ${rounds} rounds: what was acknowledged is there, what was not is whole or absent`, { timeout: 60000 + rounds * 20000 }, async () => {
    const world = await settle()
    const { server, people } = world
    try {
      for (let round = 1; round <= rounds; round++) {
        await work(people, 50 + Math.random() * 600, () => server.stop('SIGKILL'))
        await restart(server)
        await verify(world)
        if (round % 10 === 0 || round === rounds) await healthy(server)
        if (rounds > 20) console.log(`round ${round} of ${rounds}`)
      }
      await verify(world, true)
      const unanswered = people.reduce((total, person) => total + person.unanswered, 0)
      console.log(`${acknowledged(people)} acknowledged writes over ${rounds} kills, ${unanswered} not answered`)
      assert.ok(acknowledged(people) > rounds * 5, 'hardly anything was written')
    } catch (error) {
      process.stderr.write(server.log.join('').slice(-4000))
      throw error
    } finally {
      await server.stop()
      server.discard()
    }
  })
}
