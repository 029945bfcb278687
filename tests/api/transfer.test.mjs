// Lists as files: exported in Mastodon's formats, read by Python's csv, and taken in again.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorld, stranger } from './lib/server.mjs'
import { csvRows, download, ended, kicau, scratch, send, take } from './lib/transfer.mjs'
import { file } from './lib/http.mjs'

const world = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave'] })
const { it, server } = world
const here = server.domain || new URL(server.base).host
const acct = (user) => `${user.user}@${here}`

const rows = async (who, name) => csvRows((await download(who, `/api/kicau/v1/exports/${name}`)).bytes)

it('exports each list as Mastodon does', async ({ alice, bob, carol, dave }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`, { reblogs: false, notify: true, languages: ['en', 'id'] })
  await alice.post(`/api/v1/accounts/${carol.id}/follow`)
  await alice.post(`/api/v1/accounts/${carol.id}/mute`, { notifications: false })
  await alice.post(`/api/v1/accounts/${dave.id}/block`)
  await carol.post(`/api/v1/accounts/${alice.id}/follow`)
  const list = await alice.post('/api/v1/lists', { title: 'friends, "real" ones' })
  await alice.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [bob.id, carol.id] })
  const post = await bob.post('/api/v1/statuses', { status: 'keep me' })
  await alice.post(`/api/v1/statuses/${post.id}/bookmark`)

  assert.deepEqual(await rows(alice, 'follows.csv'), [['Account address', 'Show boosts', 'Notify on new posts', 'Languages'],
    [acct(carol), 'true', 'false', ''], [acct(bob), 'false', 'true', 'en, id']])
  assert.deepEqual(await rows(alice, 'followers.csv'), [['Account address'], [acct(carol)]])
  assert.deepEqual(await rows(alice, 'mutes.csv'), [['Account address', 'Hide notifications'], [acct(carol), 'false']])
  assert.deepEqual(await rows(alice, 'blocks.csv'), [[acct(dave)]])
  assert.deepEqual(await rows(alice, 'bookmarks.csv'), [[post.uri]])
  assert.deepEqual((await rows(alice, 'lists.csv')).sort(), [['friends, "real" ones', acct(bob)], ['friends, "real" ones', acct(carol)]])

  const head = await download(alice, '/api/kicau/v1/exports/follows.csv')
  assert.equal(head.name, 'following_accounts.csv')
  assert.match(head.type, /^text\/csv/)
  for (const name of ['nothing.csv', 'follows.json', 'follows', '..%2fkicau.db']) assert.equal((await download(alice, `/api/kicau/v1/exports/${name}`)).status, 404, name)
  assert.equal((await download({ base: server.base, token: 'x' }, '/api/kicau/v1/exports/follows.csv')).status, 401)
})

it('takes in what another account exported', async ({ alice, bob, carol, dave }) => {
  const twin = await stranger(server, 'twin')
  for (const domain of ['spam.example', 'more.spam.example']) await alice.post('/api/v1/domain_blocks', { domain })
  for (const kind of ['follows', 'blocks', 'mutes', 'domain_blocks', 'lists', 'bookmarks']) {
    const { bytes } = await download(alice, `/api/kicau/v1/exports/${kind}.csv`)
    const done = await take(twin, kind, bytes)
    assert.equal(done.state, 'finished')
    assert.deepEqual([done.refused, done.list], [0, []], kind)
    assert.equal(done.total, done.taken + done.known)
  }
  const same = async (name) => assert.deepEqual((await rows(twin, name)).map(String).sort(), (await rows(alice, name)).map(String).sort(), name)
  for (const name of ['follows.csv', 'blocks.csv', 'mutes.csv', 'domain_blocks.csv', 'lists.csv', 'bookmarks.csv']) await same(name)
  const over = await take(twin, 'domain_blocks', '#domain\nother.example\nMORE.spam.example\nno name\n', { mode: 'overwrite' })
  assert.deepEqual([over.taken, over.refused], [2, 1])
  assert.deepEqual((await twin.get('/api/v1/domain_blocks')).sort(), ['more.spam.example', 'other.example'])
  // A second time nothing changes.
  for (const kind of ['follows', 'lists']) assert.equal((await take(twin, kind, (await download(alice, `/api/kicau/v1/exports/${kind}.csv`)).bytes)).refused, 0)
  await same('lists.csv')
  await same('follows.csv')
  void [bob, carol, dave]
})

it('reads files without headers, with columns in another order, and as spreadsheets leave them', async ({ bob, carol }) => {
  const one = await stranger(server)
  assert.equal((await take(one, 'follows', `@${acct(bob)}\n${carol.user}\n`)).taken, 2)
  const two = await stranger(server)
  const done = await take(two, 'follows', `\ufeffLanguages,Account address,Show boosts\r\n"en, xx, de",${acct(bob)},FALSE\r\n\r\n,${acct(carol)},\r\n`)
  assert.equal(done.taken, 2)
  assert.deepEqual((await rows(two, 'follows.csv')).slice(1).sort(), [[acct(bob), 'false', 'false', 'en, de'], [acct(carol), 'true', 'false', '']])
  const three = await stranger(server)
  assert.equal((await take(three, 'mutes', acct(bob))).taken, 1)
  assert.deepEqual((await rows(three, 'mutes.csv'))[1], [acct(bob), 'true'])
})

it('overwrites: what is not in the file goes, and only then', async ({ alice, bob, carol, dave }) => {
  const who = await stranger(server)
  await take(who, 'follows', [bob, carol].map(acct).join('\n'))
  await take(who, 'follows', acct(dave))
  assert.equal((await rows(who, 'follows.csv')).length, 4)
  await take(who, 'follows', acct(dave), { mode: 'overwrite' })
  assert.deepEqual((await rows(who, 'follows.csv')).slice(1).map((row) => row[0]), [acct(dave)])
  const wrong = await take(who, 'follows', 'nobody@nowhere.example\nnothing\n', { mode: 'overwrite' })
  assert.equal(wrong.state, 'failed')
  assert.match(wrong.error, /nothing was taken away/)
  assert.equal((await rows(who, 'follows.csv')).length, 2)

  for (const [kind, before, after] of [['blocks', [bob, carol], [carol]], ['mutes', [alice, bob], [bob]]]) {
    await take(who, kind, before.map(acct).join('\n'))
    await take(who, kind, after.map(acct).join('\n'), { mode: 'overwrite' })
    assert.deepEqual((await rows(who, `${kind}.csv`)).filter((row) => row[0].includes('@')).map((row) => row[0]), after.map(acct), kind)
  }
  await take(who, 'lists', `one,${acct(dave)}\ntwo,${acct(alice)}\n`)
  await take(who, 'lists', `two,${acct(dave)}\nthree,${acct(alice)}\n`, { mode: 'overwrite' })
  assert.deepEqual((await rows(who, 'lists.csv')).sort(), [['three', acct(alice)], ['two', acct(dave)]])
  const posts = []
  for (let n = 0; n < 3; n++) posts.push(await dave.post('/api/v1/statuses', { status: `post ${n}` }))
  await take(who, 'bookmarks', posts.map((post) => post.uri).join('\n'))
  await take(who, 'bookmarks', posts[1].url, { mode: 'overwrite' })
  assert.deepEqual(await rows(who, 'bookmarks.csv'), [[posts[1].uri]])
})

it('takes what can be read and lists the rest with its line', async ({ alice, bob, dave }) => {
  const who = await stranger(server)
  const secret = await bob.post('/api/v1/statuses', { status: 'for followers', visibility: 'private' })
  const text = Buffer.concat([Buffer.from(`Account address,Show boosts\n${acct(bob)},true\nnobody@${here},true\n"${acct(dave)},x\n`), Buffer.from([0x63, 0xff, 0x0a]), Buffer.from(`,true\n${who.user}\n${acct(alice)},maybe`)])
  const done = await take(who, 'follows', text)
  assert.equal(done.state, 'finished')
  assert.deepEqual([done.total, done.done, done.taken, done.refused], [7, 7, 2, 5])
  assert.deepEqual(done.list.map((one) => [one.place, one.item]), [['line 3', `nobody@${here}`], ['line 4', ''], ['line 5', ''], ['line 6', ''], ['line 7', who.user]])
  assert.match(done.list[0].words, /no such account/)
  assert.match(done.list[1].words, /quote is not closed/)
  assert.match(done.list[2].words, /UTF-8/)
  assert.deepEqual((await who.get(`/api/kicau/v1/imports/${done.id}/problems`, { after: done.list[3].id })).map((one) => one.place), ['line 7'])
  // A post one may not see is one that is not there.
  const marks = await take(await stranger(server), 'bookmarks', `${secret.uri}\n${secret.uri.replace(/\d+$/, '77')}\nhello\n`)
  assert.equal(marks.taken, 0)
  assert.equal(marks.list[0].words, marks.list[1].words)
})

it('refuses files that are something else', async () => {
  const who = await stranger(server)
  for (const [kind, bytes, words] of [
    ['follows', '\n\n', /empty/],
    ['follows', 'Account address\n', /empty/],
    ['bookmarks', 'Account address,Show boosts\nx,true\n', /no column/],
    ['lists', 'Account address\nx\n', /no column/],
    ['blocks', 'a\n'.repeat(20001), /more than 20000/]
  ]) {
    const done = await take(who, kind, bytes)
    assert.equal(done.state, 'failed', kind)
    assert.match(done.error, words)
  }
  const noise = Buffer.alloc(100000)
  for (let i = 0; i < noise.length; i++) noise[i] = (i * 7919 + (i >> 3)) & 0xff
  assert.equal((await take(who, 'follows', noise)).taken, 0)
  await who.call('POST', '/api/kicau/v1/imports', { multipart: { kind: 'passwords', file: file('x', 'text/csv', 'x') }, status: 422 })
  await who.call('POST', '/api/kicau/v1/imports', { multipart: { kind: 'follows', mode: 'burn', file: file('x', 'text/csv', 'x') }, status: 422 })
  await who.call('POST', '/api/kicau/v1/imports', { multipart: { kind: 'follows', file: file('', 'text/csv', 'x') }, status: 'any' })
})

it('takes a file in pieces, and says where an interrupted one goes on', async ({ alice, bob }) => {
  const who = await stranger(server)
  const text = `${acct(alice)}\n${acct(bob)}\n`
  const begun = await send(who, 'follows', text.slice(0, 7), { more: 'true' })
  assert.deepEqual([begun.state, begun.bytes], ['sending', 7])
  const piece = (offset, bytes, more, status) => who.call('POST', `/api/kicau/v1/imports/${begun.id}/pieces`, { multipart: { offset, more, file: file(bytes, 'text/csv', 'x') }, status })
  assert.match((await piece(3, 'x', 'true', 409)).body.error, /byte 7/)
  await piece(7, text.slice(7, 12), 'true', 200)
  await piece(12, text.slice(12), 'false', 200)
  assert.equal((await ended(who, begun.id)).taken, 2)
  await piece(text.length, 'x', 'false', 404)
})

it('exports and imports filters as Mastodon\'s JSON', async ({ alice, bob }) => {
  const post = await bob.post('/api/v1/statuses', { status: 'not this one' })
  const made = await alice.post('/api/v2/filters', { title: 'birds', context: ['home', 'thread'], filter_action: 'hide', expires_in: 86400, keywords_attributes: [{ keyword: 'wren', whole_word: true }, { keyword: 'rob', whole_word: false }] })
  await alice.post(`/api/v2/filters/${made.id}/statuses`, { status_id: post.id })
  const { bytes, name, type } = await download(alice, '/api/kicau/v1/exports/filters.json')
  assert.deepEqual([name, type.slice(0, 16)], ['custom_filters.json', 'application/json'])
  assert.deepEqual(JSON.parse(bytes), { custom_filters: [{ title: 'birds', expire_at: made.expires_at, context: ['home', 'thread'], action: 'hide', keywords_attributes: [{ keyword: 'wren', whole_word: true }, { keyword: 'rob', whole_word: false }], statuses: [post.uri] }] })
  const who = await stranger(server)
  const filters = async () => JSON.parse((await download(who, '/api/kicau/v1/exports/filters.json')).bytes)
  assert.deepEqual([(await take(who, 'filters', bytes)).taken, await filters()], [1, JSON.parse(bytes)])
  assert.deepEqual([(await take(who, 'filters', bytes)).taken, await filters()], [1, JSON.parse(bytes)])
  const other = { custom_filters: [{ title: 'new', context: ['public', 'moon'], action: 'explode', keywords_attributes: [{ keyword: 'x' }], statuses: ['https://nowhere.example/1'] }, { title: 'nowhere', context: [] }, 7] }
  const done = await take(who, 'filters', JSON.stringify(other), { mode: 'overwrite' })
  assert.deepEqual([done.taken, done.refused, done.list.map((one) => one.place)], [1, 2, ['filter 1', 'filter 2', 'filter 3']])
  assert.deepEqual((await filters()).custom_filters.map((one) => [one.title, one.context, one.action, one.expire_at]), [['new', ['public'], 'warn', null]])
  for (const text of ['', '{', '[]', '{"custom_filters":[]}', 'a,b']) assert.equal((await take(who, 'filters', text || ' ')).state, 'failed')
})

it('is nobody else\'s business', async ({ alice, bob }) => {
  const done = await take(alice, 'follows', acct(bob))
  for (const path of ['', '/problems']) await bob.call('GET', `/api/kicau/v1/imports/${done.id}${path}`, { status: 404 })
  await bob.call('DELETE', `/api/kicau/v1/imports/${done.id}`, { status: 404 })
  await bob.call('POST', `/api/kicau/v1/imports/${done.id}/pieces`, { multipart: { offset: 0, file: file('x', 'text/csv', 'x') }, status: 404 })
  assert.ok(!(await bob.get('/api/kicau/v1/imports')).some((one) => one.id === done.id))
  assert.ok((await alice.get('/api/kicau/v1/imports')).some((one) => one.id === done.id))
  await alice.delete(`/api/kicau/v1/imports/${done.id}`)
  await alice.call('GET', `/api/kicau/v1/imports/${done.id}`, { status: 404 })
  assert.ok(!existsSync(join(server.data, 'imports', done.id)))
  const narrow = await server.login('alice', 'read:accounts write:lists')
  await narrow.call('GET', '/api/kicau/v1/exports/follows.csv', { status: 403 })
  await narrow.call('GET', '/api/kicau/v1/imports', { status: 403 })
})

it('does the same from the command line, beside a server that runs', async ({ bob, carol }) => {
  const who = await stranger(server, 'cli')
  const input = join(scratch, 'in.csv'); const output = join(scratch, 'out.csv')
  writeFileSync(input, `Account address,Show boosts\n${acct(bob)},false\nnobody,true\n`)
  const done = kicau(server, ['import', who.user, 'follows', input])
  assert.equal(done.code, 3, done.err)
  assert.match(done.out, /^line 3: nobody: there is no such account here\n1 taken, 0 were here already, 1 could not be taken\n$/)
  assert.equal((await who.get('/api/v1/accounts/relationships', { id: [bob.id] }))[0].following, true)
  writeFileSync(input, `${acct(carol)}\n`)
  assert.equal(kicau(server, ['import', who.user, 'follows', input, '--overwrite']).code, 0)
  assert.equal(kicau(server, ['export', who.user, 'follows', output]).code, 0)
  assert.deepEqual(csvRows(readFileSync(output)).slice(1).map((row) => row[0]), [acct(carol)])
  assert.match(kicau(server, ['export', who.user, 'follows', '-']).out, new RegExp(acct(carol)))
  assert.equal(kicau(server, ['export', who.user, 'follows', output]).code, 1) // never over a file
  assert.equal(kicau(server, ['export', who.user, 'secrets', output]).code, 2)
  assert.equal(kicau(server, ['import', who.user, 'follows', join(scratch, 'missing')]).code, 1)
  assert.match(kicau(server, ['import', '--help']).out, /follows, blocks, mutes/)
})
