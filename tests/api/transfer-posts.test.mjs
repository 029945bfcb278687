// Posts from archives of Mastodon and X: what is taken is what was there, and nothing twice.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { announce, answer, mastodonFiles, note, noteId, ownId, pack, tweet, tweetId, tweetTime, twitterFiles } from './lib/archives.mjs'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'
import { ended, kicau, python, scratch, send, take } from './lib/transfer.mjs'

const world = await startWorld({ accounts: ['robin', 'wren'] })
const { it, server } = world

const posts = async (who) => (await who.pages(`/api/v1/accounts/${who.id}/statuses`, { limit: 40 })).flat()
const plain = (post) => post.content.replace(/<br ?\/?>/g, '\n').replace(/<\/p><p>/g, '\n\n').replace(/<[^>]+>/g, '').replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
const reasons = (done) => done.list.map((one) => `${one.item}: ${one.words}`)

it('takes one\'s posts from a Mastodon archive', async ({ robin }) => {
  const who = await stranger(server)
  await robin.post(`/api/v1/accounts/${who.id}/follow`, { notify: true })
  const before = await robin.get('/api/v1/timelines/home')
  const bird = png(60, 40)
  const done = await take(who, 'mastodon', pack(mastodonFiles([
    note(1, { content: '<p>First &amp; <a href="https://old.example/tags/Birds" class="mention hashtag" rel="tag">#<span>Birds</span></a></p><p>see <a href="https://example.com/long?a=1&amp;b=2"><span class="invisible">https://</span><span class="ellipsis">example.com/long?a=1</span><span class="invisible">&amp;b=2</span></a></p>', contentMap: { id: 'x' } }),
    note(2, { inReplyTo: noteId(1), content: '<p>and on</p>', visibility: 'unlisted' }),
    note(3, { summary: 'careful', sensitive: true, visibility: 'private', content: '<p>for followers, <span class="h-card"><a href="https://old.example/@robin" class="u-url mention">@<span>robin</span></a></span></p>', tag: [{ type: 'Mention', href: 'https://old.example/@robin', name: '@robin' }] }),
    note(4, { content: '', attachment: [{ type: 'Document', mediaType: 'image/png', url: '/media_attachments/files/1/2/original/bird.png', name: 'a bird', focalPoint: [0.25, -0.5], width: 60, height: 40 }] }),
    note(5, { inReplyTo: 'https://other.example/users/robin/statuses/9' }),
    note(6, { visibility: 'direct' }),
    announce(7),
    note(8, { type: 'Question', oneOf: [{ type: 'Note', name: 'yes' }], content: '<p>which?</p>' }),
    note(9, { inReplyTo: noteId(5) }),
    note(10, { attachment: [{ type: 'Document', mediaType: 'image/png', url: '/media_attachments/files/9/original/gone.png', name: null }] }),
    note(11, { attributedTo: 'https://old.example/users/robin' }),
    note(12, { content: `<p>${'long '.repeat(300)}</p>` })
  ], { 'media_attachments/files/1/2/original/bird.png': bird, 'avatar.png': bird })))
  assert.equal(done.state, 'finished', done.error)
  assert.deepEqual([done.total, done.taken, done.known, done.refused], [12, 7, 0, 5])
  assert.deepEqual(reasons(done).sort(), [
    `${noteId(11)}: it is somebody else's`, `${noteId(5)}: a reply to somebody else`, `${noteId(6)}: a message to those it names alone`, `${noteId(7)}/activity: a boost of somebody's post`,
    `${noteId(8)}: its poll was left out`, `${noteId(9)}: it answers a post that was not taken`, 'media_attachments/files/9/original/gone.png: this attachment is not in the archive'
  ].sort())

  const list = await posts(who)
  assert.deepEqual(list.map((post) => post.created_at.slice(0, 19)), [12, 10, 8, 4, 3, 2, 1].map((n) => new Date(Date.UTC(2019, 0, 1, 12, 0, n)).toISOString().slice(0, 19)))
  const [long, , , picture, quiet, second, first] = list
  assert.equal(plain(first), 'First & #Birds\n\nsee https://example.com/long?a=1&b=2')
  assert.deepEqual([first.language, first.tags[0].name, first.visibility], ['id', 'birds', 'public'])
  assert.deepEqual([second.in_reply_to_id, second.visibility, plain(second)], [first.id, 'unlisted', 'and on'])
  assert.deepEqual([quiet.spoiler_text, quiet.sensitive, quiet.visibility, quiet.mentions], ['careful', true, 'private', []])
  assert.equal(plain(quiet), 'for followers, @robin@old.example')
  assert.deepEqual([picture.media_attachments[0].description, picture.media_attachments[0].meta.focus], ['a bird', { x: 0.25, y: -0.5 }])
  assert.equal(plain(long).length, 1499)
  assert.deepEqual((await who.get(`/api/v1/statuses/${first.id}/context`)).descendants.map((post) => post.id), [second.id])

  // Nobody was told, and nothing came home.
  assert.deepEqual((await robin.get('/api/v1/timelines/home')).map((post) => post.id), before.map((post) => post.id))
  assert.ok(!(await robin.get('/api/v1/notifications')).some((one) => one.account.id === who.id && one.type !== 'follow'))
  const me = await who.get('/api/v1/accounts/verify_credentials')
  assert.deepEqual([me.statuses_count, me.last_status_at], [7, '2019-01-01'])
})

it('takes nothing twice, in another archive of the same account neither', async () => {
  const who = await stranger(server)
  const items = [note(1), note(2, { inReplyTo: noteId(1) }), note(3)]
  assert.equal((await take(who, 'mastodon', pack(mastodonFiles(items)))).taken, 3)
  const again = await take(who, 'mastodon', pack(mastodonFiles([...items, note(4, { inReplyTo: noteId(2) })], {}), 'tar.gz'))
  assert.deepEqual([again.taken, again.known, again.refused], [1, 3, 0])
  const list = await posts(who)
  assert.equal(list.length, 4)
  assert.equal(list[0].in_reply_to_id, list[2].id)
  // What was deleted comes back when it is brought again.
  await who.delete(`/api/v1/statuses/${list[3].id}`)
  await until('the rest of it is gone', async () => (await take(who, 'mastodon', pack(mastodonFiles(items)))).taken === 1)
  assert.equal((await posts(who)).length, 4)
})

it('takes one\'s posts from an archive of X, in parts', async () => {
  const who = await stranger(server)
  const picture = png(50, 50)
  const photo = (n, name) => ({ id_str: '1', url: 'https://t.co/pic', media_url_https: `https://pbs.twimg.com/media/${name}`, type: 'photo', expanded_url: 'https://twitter.com/wren/status/1/photo/1' })
  const done = await take(who, 'twitter', pack(twitterFiles([[
    answer(3, 1, { full_text: 'third', lang: 'und' }),
    tweet(1, { full_text: 'one &lt;3 &amp; https://t.co/abc @Robin', lang: 'in', entities: { hashtags: [], user_mentions: [{ screen_name: 'robin', id_str: '5' }], urls: [{ url: 'https://t.co/abc', expanded_url: 'https://example.com/full/address', display_url: 'example.com/full…' }] } }),
    tweet(4, { full_text: 'RT @robin: what robin said' }),
    tweet(5, { full_text: '@robin yes', in_reply_to_status_id_str: '77', in_reply_to_user_id_str: '5', in_reply_to_screen_name: 'robin' }),
    tweet(9, { edit_info: { edit: { initialTweetId: tweetId(9), editControlInitial: { editTweetIds: [tweetId(9), tweetId(10)] } , editTweetIds: [tweetId(9), tweetId(10)] } } })
  ], [
    answer(6, 3, { full_text: 'sixth https://t.co/pic', possibly_sensitive: true, entities: { hashtags: [], user_mentions: [], urls: [], media: [photo(6, 'Xy-1.png')] }, extended_entities: { media: [photo(6, 'Xy-1.png'), photo(6, 'gone.jpg')] } }),
    tweet(8, { full_text: 'eighth' }),
    answer(11, 5, { full_text: 'below what I answered' })
  ]], { [`data/tweets_media/${tweetId(6)}-Xy-1.png`]: picture })))
  assert.equal(done.state, 'finished', done.error)
  assert.deepEqual([done.total, done.taken, done.refused], [8, 4, 4])
  assert.deepEqual(reasons(done).sort(), [`data/tweets_media/${tweetId(6)}-gone.jpg: this attachment is not in the archive`, `twitter:${tweetId(11)}: it answers a post that was not taken`,
    `twitter:${tweetId(4)}: a repost of somebody's post`, `twitter:${tweetId(5)}: a reply to somebody else`, `twitter:${tweetId(9)}: what a post was before it was edited`].sort())
  assert.deepEqual(done.list.map((one) => one.place), ['data/tweets.js, entry 3', 'data/tweets.js, entry 4', 'data/tweets-part1.js, entry 1', 'data/tweets.js, entry 5', 'data/tweets-part1.js, entry 3'])
  const [eighth, sixth, third, first] = await posts(who)
  assert.equal(plain(first), 'one <3 & https://example.com/full/address @Robin@twitter.com')
  assert.deepEqual([first.language, first.created_at, first.mentions], ['id', new Date(tweetTime(1)).toISOString(), []])
  assert.deepEqual([third.in_reply_to_id, sixth.in_reply_to_id, eighth.in_reply_to_id], [first.id, third.id, null])
  assert.deepEqual([plain(sixth), sixth.sensitive, sixth.media_attachments.length], ['sixth', true, 1])
  assert.ok(ownId)
})

it('reads an archive packed anew in a folder, beside what a Mac leaves', async () => {
  const who = await stranger(server)
  const files = mastodonFiles([note(1)])
  const within = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`archive-2019/${name}`, bytes]))
  assert.equal((await take(who, 'mastodon', pack({ ...within, '__MACOSX/archive-2019/outbox.json': 'no', 'archive-2019/old/outbox.json': '{}' }))).taken, 1)
})

// Python makes what no honest program would.
const hostile = (code) => {
  const path = join(scratch, `hostile-${createHash('sha256').update(code).digest('hex').slice(0, 8)}`)
  python(`import io, json, sys, tarfile, zipfile\npath = sys.argv[1]\nfiles = json.loads(sys.argv[2])\n${code}`, path, JSON.stringify(mastodonFiles([note(1)])))
  return readFileSync(path)
}

it('is not led astray by what an archive calls its files', async () => {
  const who = await stranger(server)
  const outside = readdirSync(server.data).sort()
  const done = await take(who, 'mastodon', hostile(`
z = zipfile.ZipFile(path, 'w')
for name, text in files.items(): z.writestr(name, text)
for name in ['../evil.png', '/etc/evil.png', 'a/../../../evil.png', 'upload/x.png', 'media_attachments/\\0evil.png', 'm/' + 'n' * 5000 + '.png']: z.writestr(name, b'x')
link = zipfile.ZipInfo('media_attachments/link.png'); link.external_attr = 0o120777 << 16
z.writestr(link, '/etc/passwd'); z.close()`))
  assert.deepEqual([done.state, done.taken], ['finished', 1])
  const tar = await take(await stranger(server), 'mastodon', hostile(`
t = tarfile.open(path, 'w:gz')
def add(name, data=b'x', kind=tarfile.REGTYPE, link=''):
    i = tarfile.TarInfo(name); i.size = len(data) if kind == tarfile.REGTYPE else 0; i.type = kind; i.linkname = link; t.addfile(i, io.BytesIO(data))
add('outbox.json', kind=tarfile.SYMTYPE, link='/etc/passwd'); add('../../evil.png'); add('dev.png', kind=tarfile.CHRTYPE); add('hard.png', kind=tarfile.LNKTYPE, link='actor.json')
for name, text in files.items(): add(name, text.encode())
add('outbox.json', b'{"orderedItems": []}')
t.close()`))
  assert.deepEqual([tar.state, tar.taken], ['finished', 1])
  assert.match(reasons(tar).join(), /outbox.json: there is another of this name/)
  assert.deepEqual(readdirSync(server.data).sort().filter((name) => !outside.includes(name)), [])
})

it('stops at bombs', async () => {
  const who = await stranger(server)
  const bomb = await take(who, 'mastodon', hostile(`
z = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED)
for name, text in files.items(): z.writestr(name, text)
for n in range(1): z.writestr('media_attachments/%d.png' % n, b'\\0' * 100000000)
z.close()`))
  assert.equal(bomb.state, 'failed')
  assert.match(bomb.error, /unpacks to more than \d+ MiB/)
  const deep = await take(who, 'mastodon', pack({ ...mastodonFiles([]), 'outbox.json': `{"orderedItems":[${'['.repeat(400000)}` }))
  assert.deepEqual([deep.state, deep.taken, deep.refused], ['finished', 0, 1])
  const nested = await take(who, 'mastodon', pack({ ...mastodonFiles([]), 'outbox.json': `{"orderedItems":[${'['.repeat(100000)}${']'.repeat(100000)}, ${JSON.stringify(note(1))}]}` }))
  assert.deepEqual([nested.state, nested.taken, nested.refused], ['finished', 1, 1])
  assert.deepEqual(readdirSync(join(server.data, 'imports')), [])
})

it('reads what is damaged as far as it goes', async () => {
  const items = [note(1), note(2), note(3)]
  const cutList = JSON.stringify(JSON.parse(mastodonFiles(items)['outbox.json'])).slice(0, -900)
  const cut = await take(await stranger(server), 'mastodon', pack({ ...mastodonFiles(items), 'outbox.json': cutList }))
  assert.deepEqual([cut.state, cut.taken, cut.refused], ['finished', 2, 1])
  assert.match(cut.list[0].words, /ends in the middle/)
  const half = await take(await stranger(server), 'mastodon', pack({ ...mastodonFiles([]), 'outbox.json': `{"orderedItems":[7, "x", null, {}, {"type":"Create","object":{"type":"Note","id":5}}, ${JSON.stringify(note(1))}, {"bad": tru}, ${JSON.stringify(note(2, { published: 'yesterday' }))}, ${JSON.stringify(note(3, { published: '2199-01-01T00:00:00Z' }))}]}` }))
  assert.deepEqual([half.state, half.taken, half.refused], ['finished', 1, 8])
  const whole = pack(mastodonFiles(items, { 'media_attachments/noise.png': Buffer.from(Array.from({ length: 60000 }, (_, i) => (i * i * 31) & 0xff)) }))
  for (const bytes of [whole.subarray(0, whole.length - 30), whole.subarray(0, 2000), whole.subarray(100), Buffer.alloc(5000, 'x'), Buffer.from('PK\x03\x04')]) {
    const done = await take(await stranger(server), 'mastodon', bytes)
    assert.ok(['finished', 'failed'].includes(done.state))
    if (done.state === 'failed') assert.ok(done.error.length > 10)
  }
  const tar = pack(mastodonFiles(items), 'tar.gz')
  assert.ok((await take(await stranger(server), 'mastodon', tar.subarray(0, tar.length - 100))).state)
  const latin = await take(await stranger(server), 'mastodon', pack({ ...mastodonFiles([]), 'outbox.json': Buffer.concat([Buffer.from('{"orderedItems":['), Buffer.from(JSON.stringify(note(1, { content: 'caf\u00e9' })), 'latin1'), Buffer.from(`,${JSON.stringify(note(2))}]}`)]) }))
  assert.deepEqual([latin.taken, latin.refused], [1, 1])
  for (const [kind, files, words] of [['twitter', mastodonFiles(items), /no data\/tweets.js/], ['mastodon', twitterFiles([[tweet(1)]]), /no outbox.json/], ['mastodon', { 'outbox.json': '{"orderedItems":[1]}' }, /actor.json/], ['twitter', twitterFiles([[]]), /no posts/]]) {
    const done = await take(await stranger(server), kind, pack(files))
    assert.equal(done.state, 'failed')
    assert.match(done.error, words)
  }
})

it('only adds, and takes archives for what they are', async () => {
  const who = await stranger(server)
  await who.call('POST', '/api/kicau/v1/imports', { multipart: { kind: 'mastodon', mode: 'overwrite', file: file('x', 'application/zip', 'x') }, status: 422 })
})

it('tells the truth from the command line', async () => {
  const who = await stranger(server, 'shell')
  const path = join(scratch, 'shell.zip')
  writeFileSync(path, pack(twitterFiles([[tweet(1), tweet(2, { full_text: 'RT @x: y' })]])))
  const done = kicau(server, ['import', who.user, 'twitter', path])
  assert.equal(done.code, 3, done.err)
  assert.match(done.out, /^data\/tweets.js, entry 2: twitter:\d+: a repost of somebody's post\n1 taken, 0 were here already, 1 could not be taken\n$/)
  assert.equal((await posts(who)).length, 1)
})

// Last, because the server is killed.
it('is killed in the middle, again and again, and takes each post once', async () => {
  const who = await stranger(server)
  const total = 400
  const picture = png(16, 16)
  const items = Array.from({ length: total }, (_, n) => n % 50 === 7
    ? note(n + 1, { attachment: [{ type: 'Document', mediaType: 'image/png', url: `/media_attachments/files/${n}.png`, name: `picture ${n}` }] })
    : note(n + 1, n % 3 ? { inReplyTo: noteId(n) } : {}))
  const media = Object.fromEntries(items.flatMap((item) => item.object.attachment).map((one) => [one.url.slice(1), picture]))
  const { id } = await send(who, 'mastodon', pack(mastodonFiles(items, media)))
  for (let kill = 0; kill < 4; kill++) {
    const from = (await who.get(`/api/kicau/v1/imports/${id}`)).done
    await until('it goes on', async () => { const now = await who.get(`/api/kicau/v1/imports/${id}`); return now.done > from || now.state === 'finished' }, { timeout: 30000 })
    await sleep(kill * 7)
    await server.stop('SIGKILL')
    Object.assign(server, { exit: null, stopping: false })
    await server.start()
  }
  const done = await ended(who, id)
  assert.equal(done.state, 'finished', done.error)
  assert.equal(done.taken + done.known, total)
  assert.deepEqual(done.list, [])
  const list = await posts(who)
  assert.equal(new Set(list.map((post) => plain(post))).size, total)
  assert.equal(list.length, total)
  for (const post of list) {
    const n = Number(/\d+/.exec(plain(post))[0])
    assert.equal(post.media_attachments.length, (n - 1) % 50 === 7 ? 1 : 0)
  }
  assert.equal((await who.get('/api/v1/accounts/verify_credentials')).statuses_count, total)
  assert.ok(!existsSync(join(server.data, 'imports', id)))
}, { timeout: 120000 })
