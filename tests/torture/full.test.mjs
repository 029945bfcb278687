// The disk is full: writes are answered 507 or 503, reading goes on, and when there is room again everything works by
// itself. Needs root, for a small tmpfs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { noisyPng } from '../attacks/lib/pictures.mjs'
import { password, sleep, until } from '../api/lib/server.mjs'
import { Visitor } from '../attacks/lib/visitor.mjs'
import { restart, settle, verify, work } from './lib/rounds.mjs'

const place = mkdtempSync(join(tmpdir(), 'kicau-full-'))
let skip = false
try { execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=700', 'tmpfs', place], { stdio: 'ignore' }) } catch { skip = 'NOT TESTED: a full disk needs root, to mount a tmpfs' }
process.once('exit', () => {
  if (!skip) try { execFileSync('umount', ['-l', place]) } catch {}
  try { rmdirSync(place) } catch {}
})
if (skip) process.stderr.write(`${skip}\n`)

const quick = { status: 'any', check: false }
const filler = join(place, 'filler')
const free = () => { const { bavail, bsize } = statfsSync(place); return bavail * bsize }

// Takes all but `leave` bytes.
function fill (leave = 0) {
  try { writeFileSync(filler, Buffer.alloc(Math.max(0, free() - leave))) } catch (error) {
    if (error.code !== 'ENOSPC') throw error // somebody has written meanwhile: then it is full, too
  }
  if (leave) return
  for (let size = 65536; size >= 512; size /= 2) try { for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' }) } catch {}
}

async function refusesWrites ({ people: [ann, ben] }) {
  const refused = await until('a write is refused', async () => {
    const reply = await ann.client.call('POST', '/api/v1/statuses', { json: { status: 'x'.repeat(400) }, ...quick })
    return reply.status !== 200 && reply
  }, { timeout: 20000, every: 1 })
  assert.ok([503, 507].includes(refused.status), `${refused.status} ${JSON.stringify(refused.body)}`)
  for (const [method, path, options] of [
    ['POST', '/api/v1/statuses', { json: { status: 'y' } }], ['POST', `/api/v1/accounts/${ben.id}/note`, { json: { comment: 'z' } }], ['POST', '/api/v1/markers', { json: { home: { last_read_id: '5' } } }],
    ['PATCH', '/api/v1/accounts/update_credentials', { json: { note: 'n'.repeat(400) } }], ['POST', '/api/v2/media', { multipart: { file: new Blob([noisyPng(300, 300)], { type: 'image/png' }) } }]
  ]) {
    const { status, body } = await ann.client.call(method, path, { ...options, ...quick })
    // A small one may still fit; then it is kept, and looked for in the end.
    if (status === 200 && !path.endsWith('media')) { if (path.endsWith('/note')) ann.note = 'z'; continue }
    assert.ok([503, 507].includes(status), `${method} ${path}: ${status} ${JSON.stringify(body)}`)
    assert.doesNotMatch(JSON.stringify(body), /sqlite|disk image|tmp/i)
  }
}

async function goesOnReading ({ server, people }) {
  const [ann] = people
  const [id, post] = people.flatMap((person) => [...person.posts]).find(([, one]) => !one.gone && one.fields.visibility === 'public')
  for (const path of [`/api/v1/statuses/${id}`, '/api/v1/timelines/home', '/api/v1/timelines/public', '/api/v1/notifications', '/api/v1/accounts/verify_credentials', `/api/v2/search?q=${post.text.split(' ')[0]}`]) {
    const { status, body } = await ann.client.call('GET', path, quick)
    assert.equal(status, 200, `${path}: ${status} ${JSON.stringify(body).slice(0, 200)}`)
  }
  for (const path of ['/', '/@ann', '/health']) assert.equal((await fetch(server.base + path)).status, 200, path)
}

const worksAgain = ({ people: [ann] }) => until('writes work again', async () => {
  const reply = await ann.client.call('POST', '/api/v1/statuses', { json: { status: `room again ${Date.now()}` }, ...quick })
  return reply.status === 200
}, { timeout: 15000, every: 200 })

test('the disk is full, and then it is not', { skip, timeout: 240000 }, async () => {
  process.env.TMPDIR = place
  delete process.env.KICAU_TEST_DATABASE
  const world = await settle()
  const { server, people } = world
  try {
    await work(people, 600, async () => {})
    await verify(world)

    // It fills up while everybody writes.
    await work(people, 200, async () => { fill(300000); await sleep(600); fill() })
    await refusesWrites(world)
    await goesOnReading(world)
    assert.equal(server.exit, undefined, 'the server ended')

    const browser = new Visitor(server.port, new URL(server.base).host)
    const login = await browser.login('ann', password)
    assert.ok([303, 503, 507].includes(login.status), `logging in: ${login.line}`)

    unlinkSync(filler)
    await worksAgain(world)
    for (const person of people) person.wrong = []
    await verify(world, true)
    const [relation] = await people[0].client.get('/api/v1/accounts/relationships', { id: [people[1].id] })
    assert.equal(relation.note, people[0].note || '')

    // Killed while there is no room, and started again.
    fill(100000)
    await work(people, 300, () => server.stop('SIGKILL'), 0)
    fill()
    await restart(server)
    await goesOnReading(world)
    unlinkSync(filler)
    await worksAgain(world)
    for (const person of people) person.wrong = []
    await verify(world, true)
    const report = await server.kicau(['doctor']).catch((error) => error.message)
    assert.doesNotMatch(report.replace(/^fail +free disk.*$/m, ''), /^fail/m, report)
  } catch (error) {
    process.stderr.write(server.log.join('').slice(-3000))
    throw error
  } finally {
    await server.stop()
    server.discard()
  }
})
