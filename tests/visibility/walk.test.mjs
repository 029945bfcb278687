// The visibility walk: every endpoint of the table, with every id and word of the scene in every slot, as every kind of
// viewer. No reply, header or frame may hold a word its reader must not see, and what one may not see is answered
// byte for byte like what does not exist.
import assert from 'node:assert/strict'
import { password, sleep, until } from '../api/lib/server.mjs'
import { Calls } from './lib/calls.mjs'
import { acceptAll, Fixture, scene } from './lib/fixture.mjs'
import { maySee } from './lib/oracle.mjs'
import { hangUp, send } from './lib/send.mjs'
import { paths as streamPaths, Watcher } from './lib/watch.mjs'
import { rows } from './lib/rows.mjs'

const world = await scene()
const { it, server, markers, viewers } = world
const fixture = new Fixture(world)
const name = (row) => `${row.method} ${row.path}`
const watchers = {}
const problems = new Map() // text → how often
const worked = new Set()
const seen = new Map() // viewer → words of replies
const nobodies = new Map() // reply for an id that nobody has, by row, slot and viewer
let sent = 0

// What answers nobody with success, and why; everything else has to, once, or the walk did not know how to call it.
const cannot = {
  'GET /api/v1/instance/terms_of_service': 'this server has none', 'GET /api/v1/instance/terms_of_service/:date': 'this server has none', 'GET /privacy-policy': 'likewise', 'GET /terms-of-service': 'likewise', 'GET /terms-of-service/:date': 'likewise',
  'POST /api/v1/statuses/:id/translate': 'nothing is translated', 'GET /api/v1_alpha/async_refreshes/:id': 'there are none', 'GET /api/v1/annual_reports/:year': 'likewise', 'POST /api/v1/annual_reports/:year/read': 'likewise',
  'POST /api/v1/emails/confirmations': 'addresses are confirmed', 'GET /api/v1/push/subscription': 'no subscriptions yet',
  'GET /api/kicau/v1/archives/:id': 'ids of the scene are no archives', 'DELETE /api/kicau/v1/archives/:id': 'likewise', 'GET /api/kicau/v1/archives/:id/file': 'likewise',
  'GET /api/kicau/v1/imports/:id': 'ids of the scene are no imports', 'DELETE /api/kicau/v1/imports/:id': 'likewise', 'GET /api/kicau/v1/imports/:id/problems': 'likewise', 'POST /api/kicau/v1/imports/:id/pieces': 'likewise',
  'GET /api/v1/timelines/link': 'no link is a trend',
  'DELETE /api/v1/featured_tags/:id': 'ids of the scene are no featured hashtags',
  'POST /api/v1/admin/accounts/:id/approve': 'nobody waits here', 'POST /api/v1/admin/accounts/:id/reject': 'likewise', 'DELETE /api/v1/admin/accounts/:id': 'nobody here is suspended', 'POST /appeal': 'the password is wrong', 'POST /api/kicau/v1/warnings/:id/appeal': 'done while the scene was made', 'POST /api/kicau/v1/moderation/appeals/:id/reject': 'granted already',
  'POST /login/second': 'needs a code', 'POST /login/passkey': 'needs a passkey', 'POST /settings/security/passkeys': 'likewise',
  ...Object.fromEntries(['password', 'code/new', 'code/renew', 'code/off', 'passkeys/new'].map((path) => [`POST /settings/security/${path}`, 'needs the right password'])), 'POST /settings/delete': 'likewise',
  'GET /auth/confirmation': 'needs the link of a mail', 'POST /auth/confirmation': 'likewise', 'GET /auth/password/edit': 'likewise', 'POST /auth/password/edit': 'likewise',
  'GET /api/v1/admin/tags/:id': 'ids of the scene are no hashtags, cards or sites', 'PUT /api/v1/admin/tags/:id': 'likewise', 'POST /api/v1/admin/trends/tags/:id/approve': 'likewise', 'POST /api/v1/admin/trends/tags/:id/reject': 'likewise', 'POST /api/v1/admin/trends/links/:id/approve': 'likewise', 'POST /api/v1/admin/trends/links/:id/reject': 'likewise', 'POST /api/v1/admin/trends/links/publishers/:id/approve': 'likewise', 'POST /api/v1/admin/trends/links/publishers/:id/reject': 'likewise',
  'POST /settings/security/email': 'needs the right password', 'GET /auth/email': 'needs the link of a mail', 'POST /auth/email': 'likewise',
  ...Object.fromEntries(['GET licensees/:id', 'PUT licensees/:id', 'POST licensees/:id/suspend', 'POST licensees/:id/approve', 'POST licensees/:id/unsuspend', 'GET licensees/:id/keys', 'POST licensees/:id/keys', 'POST keys/:id/rotate', 'DELETE keys/:id'].map((one) => [one.replace(' ', ' /api/v1/admin/kicau/'), 'ids of the scene are no licensees'])),
  'POST /api/v1/admin/kicau/withholding/:licensee/reveal': 'the only key decides on new posts',
  'GET /api/v1/admin/kicau/invoices/:number': 'there are none', 'POST /api/v1/admin/kicau/invoices/:number/credit': 'likewise', 'POST /api/v1/admin/kicau/payments': 'ids of the scene are no licensees',
  'GET /api/kicau/v1/licence': 'nobody has one', 'POST /api/kicau/v1/licence': 'it is off', 'POST /api/kicau/v1/licence/keys': 'nobody has one', 'DELETE /api/kicau/v1/licence/keys/:id': 'likewise', 'POST /settings/licence': 'it is off', 'POST /settings/licence/keys': 'nobody has one', 'POST /settings/licence/keys/revoke': 'likewise',
  'POST /act/vote/:id': 'who may vote has done so over the API by then', 'POST /act/delete/:id': 'what there was is deleted over the API by then', 'POST /lists/:id/delete': 'likewise',
  'POST /admin/accounts/:id/approve': 'nobody waits here', 'POST /admin/accounts/:id/reject': 'likewise', 'POST /admin/accounts/:id/delete': 'nobody here is suspended', 'POST /admin/appeals/:id/grant': 'granted over the API by then', 'POST /admin/appeals/:id/refuse': 'likewise',
  ...Object.fromEntries(['domain-block', 'domain-allow', 'email-domain-block', 'email-block', 'ip-block'].map((kind) => [`POST /admin/${kind}s/:id/delete`, 'what there was is deleted over the API by then'])), 'POST /admin/rules/:id/change': 'there is no rule', 'POST /admin/rules/:id/delete': 'ids of the scene are no rules', 'POST /admin/tags/:id': 'ids of the scene are no hashtags, cards or sites',
  ...Object.fromEntries(['tags', 'links', 'sites'].flatMap((kind) => ['approve', 'reject'].map((what) => [`POST /admin/trends/${kind}/:id/${what}`, 'ids of the scene are no hashtags, cards or sites']))),
  ...Object.fromEntries(['licensees/:id/approve', 'licensees/:id/suspend', 'licensees/:id/unsuspend', 'licensees/:id/plan', 'licensees/:id/keys', 'licensees/:id/payments', 'keys/:id/rotate', 'keys/:id/revoke'].map((one) => [`POST /admin/${one}`, 'ids of the scene are no licensees'])), 'POST /admin/invoices': 'there are none',
  'POST /settings/transfer/archive': 'one a week, and it was asked for over the API',
  'POST /webhooks/stripe': 'needs a signature of Stripe',
  'POST /login': 'done while the scene was made'
}

function complain (text) { problems.set(text, (problems.get(text) || 0) + 1) }

function report () {
  const lines = [...problems].map(([text, n]) => `${text}${n > 1 ? `  (${n} times)` : ''}`)
  problems.clear()
  assert.equal(lines.length, 0, `${lines.length} kinds of leaks:\n${lines.slice(0, 40).join('\n')}`)
}

const plain = (reply, subject) => `${reply.status}\n${reply.head.replace(/^set-cookie: .*$/m, '')}\n${reply.text}`.replaceAll(subject, 'ID').replace(/value="[\w-]{43}"/g, '')

// What the viewer may not see must look like what nobody has.
function compare (shot, viewer, reply) {
  if (!shot.subject) return
  const key = [name(shot.row), shot.slot, viewer.name].join('|')
  const about = markers.ids.get(shot.subject)
  const hidden = about && !maySee(about, viewer.name, { path: shot.path })
  if (shot.subject !== fixture.nobody && !hidden) return
  // That everybody could read it before it was deleted is all that its page still tells.
  if (reply.status === 410 && about?.gone && ['public', 'unlisted'].includes(about.kind)) return
  if (!nobodies.has(key)) { nobodies.set(key, plain(reply, shot.subject)); return }
  const expected = nobodies.get(key)
  if (plain(reply, shot.subject) !== expected) complain(`${key}: ${about ? `the hidden ${about.kind} ${about.place}` : 'nobody'} is not answered like the others: ${plain(reply, shot.subject).slice(0, 300)} != ${expected.slice(0, 300)}`)
}

async function shoot (viewer, shot, accept) {
  let reply = await send(server.port, viewer, shot, accept)
  // All of them send pictures at once; a client that is told to come back later does.
  for (let tries = 0; reply.status === 503 && /^retry-after:/m.test(reply.head) && tries < 300; tries++) {
    await sleep(100)
    reply = await send(server.port, viewer, shot, accept)
  }
  sent++
  if (reply.status < 400) worked.add(name(shot.row))
  if (reply.status >= 500 && reply.status !== 501) complain(`${name(shot.row)} as ${viewer.name} answered ${reply.status}: ${reply.text.slice(0, 200)}`)
  const text = `${reply.head}\n${reply.text}`
  for (const leak of markers.leaks(text, viewer.name, { path: shot.path }, reply.asked)) complain(`${name(shot.row)} shows ${viewer.name} ${leak}${shot.slot ? ` (slot ${shot.slot})` : ''}`)
  for (const word of markers.seen(reply.text)) seen.get(viewer.name).add(word)
  compare(shot, viewer, reply)
  return reply
}

async function inParallel (jobs, width) {
  let at = 0
  await Promise.all(Array.from({ length: width }, async () => { while (at < jobs.length) await jobs[at++]() }))
}

// While everybody follows everybody, answers to what is hidden arrive too. As with Mastodon, an answer says which post it
// answers, by its id; whoever may see the answer learns no more.
const withoutAnswered = (text) => text.replace(/\\?"in_reply_to_id\\?":\\?"\d+\\?"/g, '')

function frames () {
  for (const [viewer, watcher] of Object.entries(watchers)) {
    for (const { stream, text } of watcher.frames) {
      for (const leak of markers.leaks(withoutAnswered(text), viewer, { stream }, fixture.tags.join(' '))) complain(`a frame of ${stream} shows ${viewer} ${leak}`)
    }
  }
}

const heard = (viewer, word) => watchers[viewer].frames.some(({ text }) => text.includes(word))

it('the scene is set while everybody listens', async () => {
  await fixture.relate()
  for (const [viewer, about] of Object.entries(viewers)) {
    watchers[viewer] = new Watcher(server.port, about, { tags: fixture.tags, lists: [fixture.others.list, fixture.followersList] })
    seen.set(viewer, new Set())
  }
  await Promise.all(Object.values(watchers).map((watcher) => watcher.open()))
  await sleep(200)
  await fixture.tell()
  await addToFilter()
  await until('the last word is heard', () => heard('author', 'zkanswertextkz') && heard('follower', 'zkprivatetextkz') && heard('mentioned', 'zkdirectreplykz'))
  await sleep(300)
  frames()
  report()
  for (const [viewer, words] of Object.entries({ anonymous: ['zkpublictextkz', 'zkpublictextgonekz'], stranger: ['zkpublictextkz'], follower: ['zkprivatetextkz', 'zkprivateoptionkz', 'zkprivatetextgonekz', 'zkunlistedaltkz'], mentioned: ['zkdirectoldtextkz', 'zkdirecttextgonekz', 'zkmentioningtextkz'] })) {
    for (const word of words) assert.ok(heard(viewer, word), `${viewer} never heard ${word}: the test hears nothing`)
  }
}, { timeout: 280000 })

const calls = () => new Calls(fixture, world.app)
const isRead = (row) => row.method === 'GET'
const isPage = (row) => row.auth === 'session'

it('every endpoint is known', () => {
  for (const row of rows) {
    const shots = calls().of(row)
    assert.ok(shots.length || streamPaths[row.path] || row.path === '/api/v1/streaming', `${name(row)}: nothing to call`)
  }
  for (const path of Object.keys(streamPaths)) assert.ok(rows.some((row) => row.path === path), path)
})

it('reading: every endpoint, every viewer, every slot', async () => {
  const jobs = []
  for (const viewer of Object.values(viewers)) {
    for (const row of rows.filter(isRead)) {
      if (isPage(row) && viewer.name === 'app') continue
      for (const shot of calls().of(row)) {
        jobs.push(() => shoot(viewer, shot, isPage(row) ? 'text/html' : undefined))
        if (isPage(row) && shot.subject) jobs.push(() => shoot(viewer, shot, 'application/activity+json'))
      }
    }
  }
  await inParallel(jobs, 8)
  report()
}, { timeout: 280000 })

it('those who may see have seen: the walk looks at something', () => {
  for (const [word, about] of markers.words) {
    if (about.gone || about.place === 'mail') continue
    const edited = /^old(warning|option|alt)$/.test(about.place)
    for (const viewer of Object.keys(viewers)) {
      if (!maySee(about, viewer, { path: '/' }) || (edited && viewer !== 'author')) continue
      assert.ok(seen.get(viewer).has(word), `${viewer} should have found ${word} somewhere`)
    }
  }
})

it('counts tell nothing of what is hidden', async ({ author, stranger, anyone }) => {
  for (const viewer of [stranger, anyone, author]) {
    const post = await viewer.get(`/api/v1/statuses/${fixture.posts.public.id}`)
    assert.equal(post.replies_count, 0, 'a private and a direct reply are not counted')
    const account = await viewer.get(`/api/v1/accounts/${author.id}`)
    // four kinds less the direct one, each with a picture and a poll; a mention for followers, a thread, two boosts
    assert.equal(account.statuses_count, 3 * 2 + 2 + 2, 'direct and deleted posts are not counted')
    const tags = await Promise.all(['zkprivatetagkz', 'zkdirecttagkz', 'zkunlistedtagkz', 'zknobodytagkz'].map((tag) => viewer.get(`/api/v1/tags/${tag}`)))
    for (const tag of tags) assert.deepEqual({ ...tag, name: '', url: '' }, { ...tags[3], name: '', url: '' }, `${tag.name} is like a tag nobody uses`)
  }
})

// After an act that would change who stands where, all is put back.
async function restore (viewer, shot) {
  const inPage = /^\/act\/account\/(\d+)$/.exec(shot.path)
  const act = inPage ? [shot.path, inPage[1], shot.fields.do] : /^\/api\/v1\/accounts\/(\d+)\/(\w+)$/.exec(shot.path)
  if (shot.path === '/logout') {
    await viewer.browser.login(viewer.name, password)
    viewer.csrf = await viewer.browser.csrf('/')
  }
  if (!act || act[1] !== world.author.id || viewer.name === 'author' || !viewer.id) return
  const user = world[viewer.name]
  if (act[2] === 'block') await user.post(`/api/v1/accounts/${act[1]}/unblock`)
  if (act[2] === 'mute' && viewer.name !== 'muting') await user.post(`/api/v1/accounts/${act[1]}/unmute`)
  if (act[2] === 'unmute' && viewer.name === 'muting') await user.post(`/api/v1/accounts/${act[1]}/mute`)
  if (viewer.name === 'follower' && ['unfollow', 'block', 'remove', 'remove_from_followers'].includes(act[2])) {
    await user.post(`/api/v1/accounts/${act[1]}/follow`)
    await world.author.post(`/api/v1/follow_requests/${viewer.id}/authorize`, {}, { status: 'any' }) // none when only the way back was cut
    await world.author.post(`/api/v1/accounts/${viewer.id}/follow`)
  }
}

// A post in a filter is found by an id of its own.
async function addToFilter () {
  const { author } = world
  const { id } = await author.post(`/api/v2/filters/${fixture.others.filter}/statuses`, { status_id: fixture.posts.public.id })
  fixture.others.filterStatus = markers.id(id, 'own')
}

// What the author can do once only is there again.
async function prepare (row) {
  const { author, stranger, follower } = world
  if (row.path.startsWith('/api/v1/follow_requests/')) {
    await stranger.post(`/api/v1/accounts/${author.id}/unfollow`)
    await stranger.post(`/api/v1/accounts/${author.id}/follow`)
  }
  if (row.path.endsWith('/revoke')) await fixture.quote()
  if (/^(\/api\/v1)?\/collections/.test(row.path)) await fixture.collect()
  if (row.path === '/api/v2/filters/statuses/:id') await addToFilter()
  if (row.path === '/api/v1/filters/:id') fixture.others.keyword = (await author.post('/api/v1/filters', { phrase: 'walk', context: ['home'] })).id
  if (/\/lists\/:id\/(accounts|members)$/.test(row.path)) await author[row.method === 'POST' ? 'delete' : 'post'](`/api/v1/lists/${fixture.others.list}/accounts`, { account_ids: [follower.id] }, { status: 'any' })
  if (row.path.startsWith('/api/v1/notifications/requests/')) await fixture.ask()
  else if (/^\/api\/v1\/notifications.*dismiss/.test(row.path)) {
    await author.patch('/api/v2/notifications/policy', acceptAll)
    await stranger.post('/api/v1/statuses', { status: '@author hello' })
    const mention = (one) => one.type === 'mention' && one.account.id === stranger.id
    const newest = await until('the notification', async () => (await author.get('/api/v1/notifications')).find(mention))
    fixture.others.notification = newest.id
  }
}

async function act (viewer, wanted = (row) => viewer.name !== 'moderator' || !row.permissions) {
  if (viewer.browser) viewer.csrf = await viewer.browser.csrf('/')
  // What pages do comes behind what the API does; what ends things comes last, the inner before the outer.
  const ends = [[/^\/logout/, 1000], [/\/delete\b/, 200], [/\/clear$/, 1]]
  const late = (row) => row.method === 'DELETE' ? 100 - row.path.length / 10 : ends.find(([path]) => path.test(row.path))?.[1] ?? (isPage(row) ? 50 : 0)
  for (const row of rows.filter((row) => !isRead(row) && wanted(row)).sort((a, b) => late(a) - late(b))) {
    if (isPage(row) && !viewer.browser) continue
    if (viewer.name === 'author') await prepare(row)
    for (const shot of calls().of(row)) {
      await shoot(viewer, shot)
      await restore(viewer, shot)
    }
  }
}

it('writing: every endpoint, every viewer but the author, every slot', async () => {
  await inParallel(Object.values(viewers).filter((viewer) => viewer.name !== 'author').map((viewer) => () => act(viewer)), 9)
  await sleep(200)
  frames()
  report()
}, { timeout: 280000 })

it('the author may do with their own what they like, and still sees nothing of others', async () => {
  for (const watcher of Object.values(watchers)) watcher.close()
  await act(viewers.author)
  report()
}, { timeout: 280000 })

it('a moderator may do with everybody what moderators may, and sees nothing but that', async () => {
  await act(viewers.moderator, (row) => row.permissions)
  report()
  const licensed = / \/(2|oauth2|\.well-known\/kicau-ledger)\// // nobody here is a licensee, and nothing was delivered
  const silent = rows.map(name).filter((one) => !worked.has(one) && !cannot[one] && !one.includes('/streaming') && !one.startsWith('GET /stream/') && !licensed.test(one))
  assert.deepEqual(silent, [], 'never answered anybody with success')
  assert.deepEqual(Object.keys(cannot).filter((one) => worked.has(one) || !rows.some((row) => name(row) === one)), [], 'these work, or are gone: take them off the list')
  hangUp()
  if (process.env.SHOW) console.log(`${sent} calls`)
}, { timeout: 280000 })
