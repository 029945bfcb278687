// `kicau media`: what uploads take, and removing what nobody needs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { film, h264, sound } from './lib/films.mjs'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { startWorld, until } from './lib/server.mjs'

const { it, server } = await startWorld({ accounts: ['alice'] })
const DAY = 24 * 3600 * 1000
const folder = join(server.data, 'media')
const path = (url) => join(folder, new URL(url).pathname.replace(/^\/media\//, ''))

async function upload (user, bytes, type = 'image/png') {
  const { id } = (await user.call('POST', '/api/v2/media', { multipart: { file: file(bytes, type, 'x') } })).body
  return until('it is converted', async () => { const r = await user.call('GET', `/api/v1/media/${id}`); return r.status === 200 && r.body }, { timeout: 30000 })
}

function change (sql) {
  if (server.postgres) return server.postgres.query(sql)
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'kicau.db'), sql])
}

// {image: [count, files, bytes], …}
async function usage () {
  const lines = (await server.kicau(['media', 'usage'])).trim().split('\n').slice(1)
  return Object.fromEntries(lines.map((line) => { const [kind, ...numbers] = line.trim().split(/\s+/); return [kind, numbers.slice(0, 3).map(Number)] }))
}

function orphan (name, age) {
  mkdirSync(join(folder, name.slice(0, 2)), { recursive: true })
  const at = join(folder, name.slice(0, 2), name)
  writeFileSync(at, 'x'.repeat(1000))
  utimesSync(at, new Date(Date.now() - age), new Date(Date.now() - age))
  return at
}

// What prune does not know of, it would take away.
it('every column of the schema that holds a file key is known', () => {
  const tree = new URL('../../', import.meta.url)
  const known = readFileSync(new URL('src/media/inventory.c', tree), 'utf8')
  let columns = 0
  for (const name of readdirSync(new URL('schema/', tree))) {
    let table
    for (const line of readFileSync(new URL(`schema/${name}`, tree), 'utf8').split('\n')) {
      table = /^(?:CREATE|ALTER) TABLE (\w+)/.exec(line)?.[1] || table
      const column = /(\w+) TEXT.*-- .*file key/.exec(line)?.[1]
      if (!column) continue
      columns++
      assert.match(known, new RegExp(`"SELECT [^;]*\\b${column}\\b[^;]* FROM ${table}\\b`), `${table}.${column}`)
    }
  }
  assert.ok(columns >= 4)
})

const media = {}
it('usage counts attachments, files and bytes of each kind', async ({ alice }) => {
  media.picture = await upload(alice, png(200, 100))
  media.film = await upload(alice, film('a.mp4', { args: [...h264, '-c:a', 'aac'] }), 'video/mp4')
  media.song = await upload(alice, sound('a.mp3'), 'audio/mpeg')
  media.gif = await upload(alice, film('a.gif', { sound: false, rate: 5 }), 'image/gif')
  const me = (await alice.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { avatar: file(png(50, 50), 'image/png', 'a.png') } })).body
  const found = await usage()
  const bytes = (...urls) => urls.filter(Boolean).reduce((sum, url) => sum + statSync(path(url)).size, 0)
  for (const [kind, one] of [['image', media.picture], ['video', media.film], ['audio', media.song], ['gifv', media.gif]]) assert.deepEqual(found[kind], [1, one.preview_url ? 2 : 1, bytes(one.url, one.preview_url)], kind)
  assert.deepEqual(found.profiles, [1, 2, bytes(me.avatar, me.avatar_static)])
  for (const kind of ['waiting', 'emojis', 'cards', 'orphans']) assert.deepEqual(found[kind], [0, 0, 0], kind)
  assert.deepEqual(found.all.slice(1), [9, Object.entries(found).filter(([kind]) => kind !== 'all').reduce((sum, [, row]) => sum + row[2], 0)])
})

it('prune removes what was never posted and what nothing names, and says so before', async ({ alice }) => {
  const kept = await alice.post('/api/v1/statuses', { status: 'a film', media_ids: [media.film.id] })
  await alice.post('/api/v1/statuses', { status: 'later', media_ids: [media.picture.id], scheduled_at: new Date(Date.now() + 3600e3).toISOString() })
  const card = orphan('f123456789abcdef0123456789abcdaa.jpg', 9 * DAY)
  change("INSERT INTO preview_cards VALUES (1, 'https://example.com/', 0, 0, '', '', '', '', '', NULL, '', '', '', '', 'f1/f123456789abcdef0123456789abcdaa.jpg', '', '', 1, 1, 0, 0)")
  const old = orphan('0123456789abcdef0123456789abcdef.jpg', 2.5 * DAY), young = orphan('0123456789abcdef0123456789abcdee.mp4', 3600e3)
  const foreign = join(folder, 'README')
  writeFileSync(foreign, 'not ours')
  utimesSync(foreign, new Date(0), new Date(0))
  change(`UPDATE media SET created_at = ${Date.now() - 2.5 * DAY}`)
  const before = readdirSync(folder, { recursive: true }).length
  assert.match(await server.kicau(['media', 'prune', '--days', '3', '--dry-run']), /^would remove 0 attachments .*, 0 files/)
  assert.match(await server.kicau(['media', 'prune', '--dry-run']), /^would remove 2 attachments that were never posted \([\d.]+ KiB\), 1 files that nothing names \(1000 B\)/)
  assert.equal(readdirSync(folder, { recursive: true }).length, before, 'nothing is gone yet')
  assert.match(await server.kicau(['media', 'prune']), /^removed 2 attachments/)
  for (const gone of [old, path(media.song.url), path(media.gif.url), path(media.gif.preview_url)]) assert.ok(!existsSync(gone), gone)
  for (const there of [young, foreign, card, path(media.film.url), path(media.film.preview_url), path(media.picture.url)]) assert.ok(existsSync(there), there)
  assert.equal((await fetch(kept.media_attachments[0].url)).status, 200)
  await alice.call('GET', `/api/v1/media/${media.song.id}`, { status: 404 })
  assert.deepEqual((await usage()).orphans, [1, 1, 1000])
  assert.match(await server.kicau(['media', 'prune']), /^removed 0 attachments .*, 0 files/)
  await assert.rejects(server.kicau(['media', 'prune', '--days', '0']), /--days takes a number from 1/)
})
