// The archive of an account: laid out as Mastodon's, read by Python's zipfile, taken in by another account.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { startWorld, stranger, until } from './lib/server.mjs'
import { download, kicau, python, scratch, take } from './lib/transfer.mjs'

const { it, server } = await startWorld({ accounts: ['wren', 'robin', 'eve'] })
const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const onSqlite = process.env.KICAU_TEST_DATABASE !== 'postgresql'

function unzip (bytes) {
  const path = join(scratch, 'archive.zip')
  writeFileSync(path, bytes)
  const read = JSON.parse(python(`
import base64, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({i.filename: base64.b64encode(z.read(i)).decode() for i in z.infolist()}))`, path))
  return Object.fromEntries(Object.entries(read).map(([name, text]) => [name, Buffer.from(text, 'base64')]))
}
const json = (files, name) => JSON.parse(files[name].toString())

const ready = (who, id) => until('the archive is ready', async () => {
  const now = await who.get(`/api/kicau/v1/archives/${id}`)
  return now.state !== 'making' && now
}, { timeout: 50000 })

let bytes, made

it('has everything of one\'s own in Mastodon\'s layout', async ({ wren, robin }) => {
  const picture = await wren.call('POST', '/api/v1/media', { multipart: { file: file(png(40, 30), 'image/png', 'a.png'), description: 'a bird', focus: '0.5,-0.5' } })
  await wren.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { display_name: 'Wren', note: 'small & brown', 'fields_attributes[0][name]': 'tree', 'fields_attributes[0][value]': 'oak', avatar: file(png(64, 64), 'image/png', 'me.png') } })
  const other = await robin.post('/api/v1/statuses', { status: 'robin says' })
  const hidden = await robin.post('/api/v1/statuses', { status: 'soon gone' })
  const first = await wren.post('/api/v1/statuses', { status: 'first #Birds', language: 'id' })
  const second = await wren.post('/api/v1/statuses', { status: 'and on', in_reply_to_id: first.id, visibility: 'unlisted' })
  const third = await wren.post('/api/v1/statuses', { status: 'look', media_ids: [picture.body.id], spoiler_text: 'careful', visibility: 'private' })
  const asked = await wren.post('/api/v1/statuses', { status: 'which?', poll: { options: ['a', 'b'], expires_in: 3600 } })
  const direct = await wren.post('/api/v1/statuses', { status: '@robin psst', visibility: 'direct' })
  const reply = await wren.post('/api/v1/statuses', { status: '@robin indeed', in_reply_to_id: other.id })
  await wren.post(`/api/v1/statuses/${other.id}/reblog`)
  for (const post of [other, hidden]) { await wren.post(`/api/v1/statuses/${post.id}/favourite`); await wren.post(`/api/v1/statuses/${post.id}/bookmark`) }
  await robin.delete(`/api/v1/statuses/${hidden.id}`)

  const asked2 = await wren.call('POST', '/api/kicau/v1/archives')
  made = await ready(wren, asked2.body.id)
  assert.deepEqual([made.state, made.posts, made.error], ['ready', 7, null])
  await wren.call('POST', '/api/kicau/v1/archives', { status: 422 })
  const got = await download(wren, made.url)
  assert.deepEqual([got.status, got.type, got.bytes.length], [200, 'application/zip', made.bytes])
  bytes = got.bytes
  const files = unzip(bytes)

  const actor = json(files, 'actor.json'); const outbox = json(files, 'outbox.json')
  assert.deepEqual([actor.type, actor.preferredUsername, actor.name, actor.outbox, actor.likes, actor.bookmarks], ['Person', 'wren', 'Wren', 'outbox.json', 'likes.json', 'bookmarks.json'])
  assert.equal(actor.summary, '<p>small &amp; brown</p>')
  assert.deepEqual(actor.attachment.map((one) => [one.type, one.name, one.value]), [['PropertyValue', 'tree', 'oak']])
  assert.ok(files[actor.icon.url].length > 50)
  for (const name of ['likes.json', 'bookmarks.json']) assert.deepEqual(json(files, name).orderedItems, [other.uri], name)
  assert.deepEqual([outbox.type, outbox.id, outbox.totalItems], ['OrderedCollection', 'outbox.json', 7])
  const of = (post) => outbox.orderedItems.find((one) => one.object.id === post.uri)?.object
  assert.deepEqual(outbox.orderedItems.map((one) => one.type), ['Create', 'Create', 'Create', 'Create', 'Create', 'Create', 'Announce'])
  assert.equal(outbox.orderedItems[6].object, other.uri)
  assert.deepEqual([of(first).to, of(first).cc], [[everybody], [`${actor.id}/followers`]])
  assert.deepEqual(of(first).contentMap, { id: first.content })
  assert.deepEqual(of(first).tag.map((one) => [one.type, one.name]), [['Hashtag', '#birds']])
  assert.deepEqual([of(second).inReplyTo, of(second).cc], [first.uri, [everybody]])
  assert.deepEqual([of(third).summary, of(third).sensitive, of(third).to, of(third).cc], ['careful', true, [`${actor.id}/followers`], []])
  const [attachment] = of(third).attachment
  assert.deepEqual([attachment.type, attachment.mediaType, attachment.name, attachment.focalPoint, attachment.width], ['Document', 'image/png', 'a bird', [0.5, -0.5], 40])
  assert.match(attachment.url, /^\/media_attachments\/files\//)
  assert.ok(files[attachment.url.slice(1)].subarray(1, 4).equals(Buffer.from('PNG')))
  assert.deepEqual([of(asked).type, of(asked).oneOf.map((one) => one.name)], ['Question', ['a', 'b']])
  assert.deepEqual([of(direct).to, of(direct).cc], [[robin.url.replace('/@', '/users/')], []])
  assert.deepEqual([of(reply).inReplyTo, of(reply).tag[0].name], [other.uri, '@robin'])
  assert.match(of(reply).published, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
})

it('is for its owner alone', async ({ wren, robin, anyone }) => {
  for (const path of ['', '/file']) {
    await robin.call('GET', `/api/kicau/v1/archives/${made.id}${path}`, { status: 404 })
    await anyone.call('GET', `/api/kicau/v1/archives/${made.id}${path}`, { status: 401 })
    await (await server.login('wren', 'read:statuses')).call('GET', `/api/kicau/v1/archives/${made.id}${path}`, { status: 403 })
  }
  await robin.call('DELETE', `/api/kicau/v1/archives/${made.id}`, { status: 404 })
  assert.deepEqual(await robin.get('/api/kicau/v1/archives'), [])
  assert.deepEqual((await wren.get('/api/kicau/v1/archives')).map((one) => one.id), [made.id])
  assert.equal((await fetch(new URL(`/media/${made.id}.zip`, server.base))).status, 404)
  const part = await fetch(made.url, { headers: { Authorization: `Bearer ${wren.token}`, Range: 'bytes=0-3' } })
  assert.deepEqual([part.status, Buffer.from(await part.arrayBuffer()).toString('latin1')], [206, 'PK\x03\x04'])
})

it('comes back as it was: in another account, and on the same one as what is there', async ({ wren }) => {
  const who = await stranger(server)
  const done = await take(who, 'mastodon', bytes)
  assert.deepEqual([done.state, done.taken, done.known, done.refused], ['finished', 4, 0, 3])
  assert.deepEqual(done.list.map((one) => one.words).sort(), ['a boost of somebody\'s post', 'a message to those it names alone', 'a reply to somebody else', 'its poll was left out'])
  const mine = await wren.get(`/api/v1/accounts/${wren.id}/statuses`); const theirs = await who.get(`/api/v1/accounts/${who.id}/statuses`)
  const seen = (list) => list.map((post) => [post.content, post.spoiler_text, post.visibility, post.language, post.created_at, post.media_attachments.map((one) => [one.description, one.meta.focus])])
  const kept = new Set(seen(theirs).map((one) => JSON.stringify(one)))
  assert.equal(kept.size, 4)
  for (const one of kept) assert.ok(seen(mine).some((own) => JSON.stringify(own) === one), one)
  assert.equal(theirs[2].in_reply_to_id, theirs[3].id)
  const again = await take(wren, 'mastodon', bytes)
  assert.deepEqual([again.taken, again.known, again.refused], [0, 5, 2]) // the reply is here already, too
})

it('is written by the command line too', async ({ robin }) => {
  const path = join(scratch, 'robin.zip')
  const done = kicau(server, ['export', 'robin', 'archive', path])
  assert.equal(done.code, 0, done.err)
  assert.match(done.out, /^1 posts, \d+ KiB\n$/)
  assert.deepEqual(Object.keys(unzip(readFileSync(path))).sort(), ['actor.json', 'bookmarks.json', 'likes.json', 'outbox.json'])
  assert.equal(kicau(server, ['export', 'robin', 'archive', path]).code, 1)
  assert.ok(robin.id)
})

it('is made though the server is killed, goes when it is told to or has expired, and with the account', async ({ robin, eve }) => {
  const first = await robin.post('/api/kicau/v1/archives')
  await server.stop('SIGKILL')
  Object.assign(server, { exit: null, stopping: false })
  await server.start()
  assert.equal((await ready(robin, first.id)).state, 'ready')
  const stored = (id) => existsSync(join(server.data, 'archives', `${id}.zip`))
  assert.ok(stored(first.id) && stored(made.id))
  await robin.delete(`/api/kicau/v1/archives/${first.id}`)
  assert.ok(!stored(first.id))
  await robin.call('GET', `/api/kicau/v1/archives/${first.id}/file`, { status: 404 })
  const last = await eve.post('/api/kicau/v1/archives')
  await ready(eve, last.id)
  if (onSqlite) {
    python('import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], timeout=20)\nd.execute("UPDATE archives SET expires_at = 1 WHERE id = ?", (sys.argv[2],))\nd.commit()', join(server.data, 'kicau.db'), made.id)
    const { wren } = await server.login('wren').then((wren) => ({ wren }))
    await wren.call('GET', `/api/kicau/v1/archives/${made.id}`, { status: 404 })
    await wren.call('GET', `/api/kicau/v1/archives/${made.id}/file`, { status: 404 })
  }
  kicau(server, ['account', 'delete', 'eve', '--yes'])
  await server.stop()
  Object.assign(server, { exit: null, stopping: false })
  await server.start() // sweeps at once
  await until('files without owners are gone', async () => !stored(last.id) && (!onSqlite || !stored(made.id)), { timeout: 20000 })
}, { timeout: 120000 })
