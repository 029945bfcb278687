// Every page, as the Nu HTML checker reads it: no error. Pages are those of the table of endpoints, so that a new one is read too.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import vnu from 'vnu-jar'
import { Visitor } from '../attacks/lib/visitor.mjs'
import { password } from '../api/lib/server.mjs'
import { rows } from '../visibility/lib/rows.mjs'
import { startTown } from './lib/town.mjs'

const { it, server, posts, sari, budi } = await startTown({ KICAU_REGISTRATIONS: 'open' })
const folder = mkdtempSync(join(tmpdir(), 'kicau-valid-'))
const pages = rows.filter((row) => row.method === 'GET' && !/^\/(api|2|oauth|nodeinfo|\.well-known|stream|media|metrics|health|assets)\b/.test(row.path))
const read = new Map() // file → page

const values = { name: 'sari', file: 'follows.csv', code: 'x', key: 'x' }
async function ids () {
  const list = await sari.post('/api/v1/lists', { title: 'Birds' })
  await sari.post('/api/v2/filters', { title: 'Buses', context: ['home'], filter_action: 'warn', keywords_attributes: [{ keyword: 'bus' }] })
  await sari.post('/api/v1/statuses', { status: 'later', scheduled_at: new Date(Date.now() + 3600000).toISOString() })
  await budi.post(`/api/v1/statuses/${posts.root.id}/favourite`)
  await sari.post(`/api/v1/statuses/${posts.picture.id}/bookmark`)
  await sari.post('/api/v1/statuses', { status: 'as they say', quoted_status_id: posts.answer3.id })
  const { collection } = await sari.post('/api/v1/collections', { name: 'Bakers', discoverable: true })
  return { list: list.id, account: sari.id, collection: collection.id }
}

// One id for each kind of thing a path may ask for.
function id (path, made) {
  if (/^\/lists/.test(path)) return made.list
  if (/^\/collections/.test(path)) return made.collection
  return /account/.test(path) ? made.account : posts.root.id
}

async function save (who, visitor, path, headers = {}) {
  const reply = await visitor.ask('GET', path, { headers: { Accept: 'text/html', ...headers } })
  assert.ok(reply.status < 500, `${path}: ${reply.status}`)
  if (!/^text\/html/.test(reply.headers['content-type'] || '') || !/^<!doctype/i.test(reply.text)) return
  const file = `${who}-${read.size}.html`
  writeFileSync(join(folder, file), reply.text)
  read.set(file, `${who}: ${path}`)
}

it('are read by visitors, people and the owner, in both languages', async () => {
  const made = await ids()
  const host = new URL(server.base).host
  const visitors = { visitor: new Visitor(server.port, host), sari: new Visitor(server.port, host), owner: new Visitor(server.port, host) }
  await server.kicau(['account', 'set-role', 'budi', 'admin'])
  for (const [who, name] of [['sari', 'sari'], ['owner', 'budi']]) await visitors[who].login(name, password)
  const paths = pages.map((row) => row.path.replace(/:(\w+)\*?/g, (_, name) => name === 'id' ? id(row.path, made) : name === 'name' && row.path.startsWith('/tags') ? 'birds' : values[name] ?? 'x'))
  paths.push('/search?q=birds', '/write?reply=' + posts.root.id, `/write?edit=${posts.root.id}`, `/@sari/${posts.covered.id}`, `/@sari/${posts.warned.id}`, `/@budi/${posts.poll.id}`, '/nothing/here', `/@sari/${posts.quiet.id}`)
  paths.push(...[sari, budi].flatMap(({ id }) => [`/relation?account=${id}`, `/report?account=${id}&post=${posts.answer.id}`]), '/blocks/servers?domain=far.example', `/settings/filters?post=${posts.answer.id}`)
  for (const [who, visitor] of Object.entries(visitors)) {
    for (const path of paths) await save(who, visitor, path, who === 'owner' ? { 'Accept-Language': 'id' } : {})
  }
  assert.ok(read.size > 100, `${read.size} pages`)
}, { timeout: 280000 })

async function check (at) {
  const run = promisify(execFile)
  try {
    const { stderr } = await run('java', ['-Xss4m', '-jar', vnu.vnuJar ?? vnu, '--errors-only', '--format', 'json', at], { maxBuffer: 1 << 26 })
    return JSON.parse(stderr).messages
  } catch (error) { return JSON.parse(error.stderr).messages }
}

it('and the checker finds no error', async () => {
  const found = (await check(folder)).map(({ url, lastLine, message, extract }) => `${read.get(url.split('/').at(-1))}, line ${lastLine}: ${message}\n    ${extract}`)
  assert.equal(found.length, 0, `${found.length} errors\n${[...new Set(found)].slice(0, 30).join('\n')}`)
}, { timeout: 280000 })

it('which finds one where there is one', async () => {
  const wrong = join(folder, 'wrong.html')
  writeFileSync(wrong, '<!DOCTYPE html><title>x</title><p id=a><p id=a>')
  assert.match((await check(wrong))[0].message, /Duplicate ID/)
  rmSync(folder, { recursive: true })
}, { timeout: 280000 })
