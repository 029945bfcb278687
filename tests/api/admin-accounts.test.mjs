// Moderators at work on accounts: who may, what each action does, and that each is undone.
import assert from 'node:assert/strict'
import { checkFetch } from './lib/http.mjs'
import { appToken, registerApp } from './lib/oauth.mjs'
import { startWorld, stranger, until } from './lib/server.mjs'
import { APPROVAL, OPEN_REGISTRATION } from './lib/settings.mjs'
import { again, mastoOf, staffScopes, withPowers } from './lib/staff.mjs'

const { it, server, users } = await startWorld({
  accounts: ['olga', 'adam', 'mo', 'max', 'alice', 'bob', 'carol'], roles: { olga: 'owner', adam: 'admin', mo: 'moderator', max: 'moderator' }, env: { ...OPEN_REGISTRATION, ...APPROVAL }
})
checkFetch(server.base)
const [olga, mo] = [await withPowers(server, users.olga), await withPowers(server, users.mo)]
const admin = mastoOf(server, mo).v1.admin
const path = '/api/v1/admin/accounts'
const act = (by, id, type, more = {}) => by.post(`${path}/${id}/action`, { type, ...more })
const names = (list) => list.map((one) => one.username).filter((name) => name !== 'owner').sort() // init has made that one

async function signUp (anyone, username, fields = {}) {
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write follow'), { app: true })
  const { access_token: token } = await client.post('/api/v1/accounts', { username, email: `${username}@example.net`, password: 'a very long secret', agreement: true, locale: 'en', reason: 'birds', ...fields })
  return anyone.as(token)
}

it('only a role with the permission and a token with the scope get in', async ({ alice }) => {
  const nosy = await withPowers(server, alice)
  for (const client of [nosy, users.mo]) {
    for (const [method, url] of [['GET', path], ['GET', '/api/v2/admin/accounts'], ['GET', `${path}/${alice.id}`], ['POST', `${path}/${alice.id}/approve`], ['POST', `${path}/${alice.id}/action`], ['GET', '/api/v1/admin/reports']]) {
      const { body } = await client.call(method, url, { json: method === 'POST' ? { type: 'none' } : undefined, status: 403 })
      assert.equal(body.error, client === nosy ? 'This action is not allowed' : 'This action is outside the authorized scopes')
    }
  }
  const reader = users.mo.as(await server.token('mo', 'admin:read:accounts'))
  assert.equal((await reader.get(`${path}/${alice.id}`)).username, 'alice')
  await reader.call('POST', `${path}/${alice.id}/action`, { json: { type: 'none' }, status: 403 })
  await reader.call('GET', '/api/v1/admin/reports', { status: 403 })
  const writer = users.mo.as(await server.token('mo', 'admin:write:reports'))
  await writer.call('POST', `${path}/${alice.id}/action`, { json: { type: 'none' }, status: 403 })
  const moderator = await users.mo.get('/api/v1/accounts/verify_credentials')
  assert.deepEqual([moderator.role.name, moderator.role.permissions], ['Moderator', '1308'])
})

it('staff acts on those below it only', async ({ adam, max }) => {
  for (const [by, whom] of [[mo, users.max], [mo, users.adam], [mo, users.olga], [mo, users.mo], [await withPowers(server, adam), users.olga]]) {
    await by.call('POST', `${path}/${whom.id}/action`, { json: { type: 'silence' }, status: 403 })
    await by.call('POST', `${path}/${whom.id}/unsilence`, { status: 403 })
  }
  await act(await withPowers(server, adam), max.id, 'none')
  await mo.call('DELETE', `${path}/${users.alice.id}`, { status: 403 })
  await mo.call('POST', `${path}/${users.alice.id}/action`, { json: { type: 'banish' }, status: 422 })
  await mo.call('POST', `${path}/${users.alice.id}/action`, { json: {}, status: 422 })
  await mo.call('POST', `${path}/99999/action`, { json: { type: 'none' }, status: 404 })
  await mo.call('POST', `${path}/${users.alice.id}/action`, { json: { type: 'none', report_id: '99999' }, status: 404 })
})

it('accounts are found by all there is to find them by, in both versions', async ({ alice, bob }) => {
  const v1 = (query) => mo.get(path, query).then(names)
  const v2 = (query) => mo.get('/api/v2/admin/accounts', query).then(names)
  assert.deepEqual(await v1({}), ['adam', 'alice', 'bob', 'carol', 'max', 'mo', 'olga'])
  assert.deepEqual(await v2({ origin: 'local' }), await v1({ local: true }))
  for (const none of [v1({ remote: true }), v2({ origin: 'remote' }), v1({ pending: true }), v2({ status: 'suspended' }), v1({ by_domain: 'elsewhere.example' }), v2({ invited_by: alice.id }), v1({ ip: '192.0.2.1' }), v1({ ip: '2001:db8::/32' })]) assert.deepEqual(await none, [])
  assert.deepEqual(await v1({ staff: true }), ['adam', 'max', 'mo', 'olga'])
  assert.deepEqual(await v2({ permissions: 'staff' }), await v1({ staff: true }))
  assert.deepEqual(await v2({ role_ids: ['1', '3'] }), ['max', 'mo', 'olga'])
  assert.deepEqual(await v2({ role_ids: ['-99'] }), ['alice', 'bob', 'carol'])
  assert.deepEqual(await v1({ username: 'AL' }), ['alice'])
  await bob.patch('/api/v1/accounts/update_credentials', { display_name: 'Robert' })
  assert.deepEqual(await v1({ display_name: 'rob' }), ['bob'])
  assert.deepEqual(await v2({ email: 'Carol@' }), ['carol'])
  await mo.call('GET', path, { query: { ip: 'here' }, status: 422 })
  const first = await mo.call('GET', `${path}?limit=3`)
  assert.equal(first.body.length, 3)
  const next = await mo.call('GET', first.links.next)
  assert.deepEqual([...first.body, ...next.body].map((one) => one.username), ['carol', 'bob', 'alice', 'max', 'mo', 'adam'])
})

it('a moderator sees the mail address, the role and where somebody was', async ({ alice }) => {
  const person = await admin.accounts.$select(alice.id).fetch()
  assert.deepEqual([person.username, person.email, person.confirmed, person.approved, person.suspended, person.role.id, person.account.id], ['alice', 'alice@example.com', true, true, false, '-99', alice.id])
})

it('whoever was invited is found by who did, and by which app they came', async ({ anyone, alice }) => {
  const code = 'invitedbyalice00'
  server.sql(`INSERT INTO invites (id, code, account_id, max_uses, expires_at, created_at) VALUES (7, '${code}', ${alice.id}, 1, 0, 0)`)
  const guest = await signUp(anyone, 'invited', { invite_code: code })
  const [one, ...others] = await mo.get('/api/v2/admin/accounts', { invited_by: alice.id })
  assert.deepEqual([one.username, one.invited_by_account_id, one.approved, others], ['invited', alice.id, true, []])
  assert.equal((await guest.get('/api/v1/accounts/verify_credentials')).id, one.id)
  assert.match(one.created_by_application_id, /^[0-9]+$/)
  const [uninvited] = await mo.get('/api/v1/admin/accounts', { username: 'bob' })
  assert.ok(!('invited_by_account_id' in uninvited) && !('created_by_application_id' in uninvited))
})

it('who waits is let in, or turned away', async ({ anyone }) => {
  const [newcomer, rude] = [await signUp(anyone, 'newcomer'), await signUp(anyone, 'rude')]
  const waiting = await admin.accounts.list({ pending: true })
  assert.deepEqual(names(waiting), ['newcomer', 'rude'])
  assert.deepEqual([waiting[0].inviteRequest, waiting[0].approved, waiting[0].ip], ['birds', false, '127.0.0.1'])
  assert.deepEqual(names(await mo.get(path, { pending: true, ip: '127.0.0.0/8' })), ['newcomer', 'rude'])
  const [id, other] = ['newcomer', 'rude'].map((name) => waiting.find((one) => one.username === name).id)
  assert.equal((await admin.accounts.$select(id).approve()).approved, true)
  assert.equal((await newcomer.get('/api/v1/accounts/verify_credentials')).id, id)
  await mo.call('POST', `${path}/${id}/approve`, { status: 403 })
  await mo.call('POST', `${path}/${id}/reject`, { status: 403 })
  assert.equal((await admin.accounts.$select(other).reject()).username, 'rude')
  await rude.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  await until('the account is gone', async () => (await mo.get(`${path}/${other}`)).email === null)
})

it('disabled, somebody is logged out and what they wrote stays', async ({ alice, bob }) => {
  const post = await alice.post('/api/v1/statuses', { status: 'before I was disabled' })
  await admin.accounts.$select(alice.id).action.create({ type: 'disable', text: 'take a rest' })
  await alice.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  assert.deepEqual(names(await admin.accounts.list({ disabled: true })), ['alice'])
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).id, post.id)
  assert.equal((await admin.accounts.$select(alice.id).enable()).disabled, false)
  await again(server, alice)
  const [told] = await alice.get('/api/v1/notifications', { types: ['moderation_warning'] })
  assert.deepEqual([told.type, told.account.id, told.moderation_warning.action, told.moderation_warning.text, told.moderation_warning.appeal], ['moderation_warning', alice.id, 'disable', 'take a rest', null])
  assert.equal((await alice.get('/api/v2/notifications', { types: ['moderation_warning'] })).notification_groups[0].moderation_warning.text, 'take a rest')
})

it('sensitized, all media of somebody are hidden until one asks for them', async ({ alice, bob }) => {
  const post = await alice.post('/api/v1/statuses', { status: 'a picture, say' })
  assert.equal(post.sensitive, false)
  await act(mo, alice.id, 'sensitive')
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).sensitive, true)
  assert.equal((await alice.post('/api/v1/statuses', { status: 'another' })).sensitive, true)
  assert.equal((await admin.accounts.$select(alice.id).unsensitive()).sensitized, false)
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).sensitive, false)
})

it('limited, only followers come upon somebody; who looks for them finds them', async ({ alice, bob, carol, anyone }) => {
  await carol.post(`/api/v1/accounts/${alice.id}/follow`)
  const thread = await bob.post('/api/v1/statuses', { status: 'what do you think?' })
  await alice.patch('/api/v1/accounts/update_credentials', { discoverable: true, indexable: true })
  const answer = await alice.post('/api/v1/statuses', { status: 'zyzzyva opinions #zyz', in_reply_to_id: thread.id })
  const post = await alice.post('/api/v1/statuses', { status: 'zyzzyva for everybody #zyz' })
  const has = (list, one) => list.some((status) => status.id === one.id)
  const seen = async (who) => ({
    public: has(await who.get('/api/v1/timelines/public'), post),
    tag: has(await who.get('/api/v1/timelines/tag/zyz'), post),
    thread: has((await who.get(`/api/v1/statuses/${thread.id}/context`)).descendants, answer),
    posts: who.token ? has((await who.get('/api/v2/search', { q: 'zyzzyva', type: 'statuses' })).statuses, post) : undefined,
    people: (await who.get('/api/v1/directory')).some((one) => one.id === alice.id)
  })
  const all = { public: true, tag: true, thread: true, posts: true, people: true }
  for (const who of [bob, carol]) assert.deepEqual(await seen(who), all)
  await act(mo, alice.id, 'silence')
  const none = { public: false, tag: false, thread: false, posts: false, people: false }
  assert.deepEqual(await seen(bob), none)
  assert.deepEqual(await seen(anyone), { ...none, posts: undefined })
  const follower = await seen(carol)
  assert.deepEqual([follower.thread, follower.posts], [true, true])
  assert.ok(has(await carol.get('/api/v1/timelines/home'), post))
  assert.ok(!(await bob.get('/api/v1/accounts/search', { q: 'alic' })).length)
  assert.equal((await carol.get('/api/v1/accounts/search', { q: 'alic' }))[0].id, alice.id)
  const profile = await bob.get(`/api/v1/accounts/${alice.id}`)
  assert.equal(profile.limited, true)
  assert.ok(has(await bob.get(`/api/v1/accounts/${alice.id}/statuses`), post))
  assert.equal((await alice.post('/api/v1/statuses', { status: 'quietly' })).visibility, 'unlisted')
  assert.equal((await admin.accounts.$select(alice.id).unsilence()).silenced, false)
  for (const who of [bob, carol]) assert.deepEqual(await seen(who), all)
})

it('suspended, somebody is gone at once; unsuspended, they are back as they were', async ({ alice, bob, anyone }) => {
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const post = await alice.post('/api/v1/statuses', { status: '@bob hello' })
  const gone = async () => {
    for (const who of [bob, anyone]) {
      await who.call('GET', `/api/v1/statuses/${post.id}`, { status: 404 })
      await who.call('GET', `/api/v1/accounts/${alice.id}`, { status: 404 })
    }
    assert.ok(!(await bob.get('/api/v1/timelines/home')).some((one) => one.account.id === alice.id))
    assert.ok(!(await bob.get('/api/v1/notifications')).some((one) => one.account.id === alice.id))
  }
  await act(mo, alice.id, 'suspend', { text: 'no' })
  await gone()
  await alice.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  const person = await mo.get(`${path}/${alice.id}`)
  assert.deepEqual([person.suspended, person.account.suspended, person.account.note], [true, true, ''])
  assert.equal((await admin.accounts.$select(alice.id).unsuspend()).suspended, false)
  await again(server, alice)
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).id, post.id)
  assert.ok((await bob.get('/api/v1/timelines/home')).some((one) => one.id === post.id))
  assert.ok((await bob.get('/api/v1/notifications')).some((one) => one.status?.id === post.id))
  assert.equal((await alice.get('/api/v1/notifications', { types: ['moderation_warning'] }))[0].moderation_warning.action, 'suspend')
})

it('a suspended account is deleted for good, by those who may', async ({ bob }) => {
  const guest = await stranger(server)
  const post = await guest.post('/api/v1/statuses', { status: 'soon gone' })
  await olga.call('DELETE', `${path}/${guest.id}`, { status: 403 })
  await act(mo, guest.id, 'suspend')
  await mo.call('DELETE', `${path}/${guest.id}`, { status: 403 })
  assert.equal((await olga.delete(`${path}/${guest.id}`)).suspended, true)
  await until('it is deleted', async () => (await mo.get(`${path}/${guest.id}`)).email === null)
  await bob.call('GET', `/api/v1/statuses/${post.id}`, { status: 404 })
  await mo.call('POST', `${path}/${guest.id}/unsuspend`, { status: 403 })
  await olga.call('DELETE', `${path}/${guest.id}`, { status: 403 })
})

it('a moderator who is none any more is told of nothing, and does nothing', async ({ anyone }) => {
  const former = await stranger(server, 'former')
  await server.kicau(['account', 'set-role', former.user, 'moderator'])
  const powers = former.as(await server.token(former.user, staffScopes))
  await signUp(anyone, 'another')
  await until('they are told', async () => (await powers.get('/api/v1/notifications')).some((one) => one.type === 'admin.sign_up'))
  await server.kicau(['account', 'set-role', former.user, 'user'])
  await until('they see nothing', async () => !(await powers.get('/api/v1/notifications')).length)
  await until('the role is gone', async () => (await powers.call('GET', path, { status: 'any', check: false })).status === 403)
})
