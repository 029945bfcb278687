// Quotes: who may, how they are shown to whom, what becomes of them, and who is told. With masto.js, as an app does it.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { Socket } from './lib/stream.mjs'
import { startWorld, stranger, until } from './lib/server.mjs'

const { it, server, users, anyone } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const { alice, bob, carol } = users
const path = '/api/v1/statuses'
const post = (user, status, more) => user.post(path, { status, ...more })
const quote = (user, of, more) => post(user, `see ${of.id}`, { quoted_status_id: of.id, ...more })
const get = (user, { id }) => user.get(`${path}/${id}`)
const refused = (user, of, more) => user.call('POST', path, { json: { status: 'no', quoted_status_id: of.id, ...more }, status: 404 })
await carol.post(`/api/v1/accounts/${alice.id}/follow`)

it('a quote holds the post, one level deep, and is counted', async () => {
  const first = await post(alice, 'first')
  const second = await quote(bob, first)
  assert.equal(second.quote.state, 'accepted')
  assert.equal(second.quote.quoted_status.content, '<p>first</p>')
  assert.equal(second.quote.quoted_status.quote, null)
  const third = await quote(carol, second)
  assert.deepEqual(third.quote.quoted_status.quote, { state: 'accepted', quoted_status_id: first.id })
  assert.equal((await get(anyone, first)).quotes_count, 1)
  assert.equal((await get(anyone, third)).quote.quoted_status.id, second.id)
  const boosted = await alice.post(`${path}/${third.id}/reblog`)
  assert.deepEqual([boosted.quote, boosted.reblog.quote.quoted_status.id], [null, second.id])
  await bob.post(`${path}/${first.id}/favourite`)
  assert.equal((await get(bob, second)).quote.quoted_status.favourited, true)
  assert.equal((await get(carol, second)).quote.quoted_status.favourited, false)
})

it('each version of a post names what it quotes, as whoever asks may see it', async () => {
  const [first, hidden] = [await post(alice, 'quoted'), await post(alice, 'for few', { visibility: 'private' })]
  const second = await quote(bob, first)
  await bob.put(`${path}/${second.id}`, { status: 'edited' })
  const history = (who, { id }) => who.get(`${path}/${id}/history`)
  for (const who of [anyone, carol]) assert.deepEqual((await history(who, second)).map((one) => one.quote), Array(2).fill({ state: 'accepted', quoted_status_id: first.id }))
  await carol.post(`/api/v1/accounts/${alice.id}/mute`)
  assert.deepEqual((await history(carol, second))[0].quote, { state: 'muted_account', quoted_status_id: null })
  await carol.post(`/api/v1/accounts/${alice.id}/unmute`)
  assert.equal((await history(alice, hidden))[0].quote, null)
  await alice.delete(`${path}/${first.id}`)
  assert.deepEqual((await history(anyone, second))[1].quote, { state: 'deleted', quoted_status_id: null })
})

it('by default everybody may; its author decides, for the post and for those to come', async () => {
  const masto = createRestAPIClient({ url: server.base, accessToken: alice.token })
  const open = await masto.v1.statuses.create({ status: 'open' })
  assert.deepEqual(open.quoteApproval, { automatic: ['public'], manual: [], currentUser: 'automatic' })
  assert.equal((await get(anyone, open)).quote_approval.current_user, 'denied')
  const followers = await masto.v1.statuses.create({ status: 'followers', quoteApprovalPolicy: 'followers' })
  assert.deepEqual([(await get(bob, followers)).quote_approval, (await get(carol, followers)).quote_approval.current_user],
    [{ automatic: ['followers'], manual: [], current_user: 'denied' }, 'automatic'])
  await refused(bob, followers)
  await quote(carol, followers)
  const nobody = await post(alice, 'nobody', { quote_approval_policy: 'nobody' })
  assert.deepEqual((await get(carol, nobody)).quote_approval, { automatic: [], manual: [], current_user: 'denied' })
  const { body } = await refused(carol, nobody)
  assert.match(body.error, /trying to quote/)
  assert.equal((await quote(alice, nobody)).quote.state, 'accepted', 'the author may')
  await masto.v1.statuses.$select(nobody.id).interactionPolicy.update({ quoteApprovalPolicy: 'public' })
  await quote(carol, nobody)
  await bob.call('PUT', `${path}/${nobody.id}/interaction_policy`, { json: { quote_approval_policy: 'nobody' }, status: 404 })
  assert.equal((await alice.put(`${path}/${nobody.id}`, { status: 'nobody again', quote_approval_policy: 'nobody' })).quote_approval.automatic.length, 0)
  await alice.patch('/api/v1/accounts/update_credentials', { source: { quote_policy: 'nobody' } })
  assert.equal((await alice.get('/api/v1/preferences'))['posting:default:quote_policy'], 'nobody')
  assert.equal((await alice.get('/api/v1/accounts/verify_credentials')).source.quote_policy, 'nobody')
  await refused(bob, await post(alice, 'from now on'))
  await alice.patch('/api/v1/accounts/update_credentials', { source: { quote_policy: 'public' } })
})

it('closed posts are quoted by nobody but their author, and only as far as they go', async () => {
  const closed = await post(alice, 'for followers', { visibility: 'private', quote_approval_policy: 'public' })
  assert.deepEqual(closed.quote_approval.automatic, [])
  await refused(carol, closed)
  await refused(bob, closed)
  await refused(bob, { id: '1234567' })
  const own = await quote(alice, closed, { visibility: 'public' })
  assert.equal(own.visibility, 'private')
  assert.equal((await get(carol, own)).quote.quoted_status.id, closed.id)
  const direct = await post(alice, '@bob psst', { visibility: 'direct' })
  await refused(alice, direct)
  await refused(bob, direct)
  const open = await post(alice, 'open')
  await bob.call('POST', path, { json: { status: '@carol look', visibility: 'direct', quoted_status_id: open.id }, status: 422 })
  assert.equal((await quote(bob, open, { status: '@alice about this', visibility: 'direct' })).quote.state, 'accepted')
  assert.equal((await get(anyone, open)).quotes_count, 0, 'what not everybody may see is not counted')
})

it('a boost is quoted as its post', async () => {
  const open = await post(alice, 'boost and quote')
  const boost = await carol.post(`${path}/${open.id}/reblog`)
  assert.equal((await quote(bob, boost)).quote.quoted_status.id, open.id)
})

it('what one may not see in a quote is not there', async () => {
  const open = await post(alice, 'soon gone')
  const quoting = await quote(carol, open)
  const state = async (user) => { const { quote } = await get(user, quoting); return [quote.state, quote.quoted_status?.id] }
  await bob.post(`/api/v1/accounts/${alice.id}/mute`)
  assert.deepEqual(await state(bob), ['muted_account', undefined])
  await bob.post(`/api/v1/accounts/${alice.id}/block`)
  assert.deepEqual(await state(bob), ['blocked_account', undefined])
  for (const undo of ['unblock', 'unmute']) await bob.post(`/api/v1/accounts/${alice.id}/${undo}`)
  await alice.post(`/api/v1/accounts/${bob.id}/block`)
  assert.deepEqual(await state(bob), ['unauthorized', undefined])
  await refused(bob, open)
  await alice.post(`/api/v1/accounts/${bob.id}/unblock`)
  await alice.delete(`${path}/${open.id}`)
  assert.deepEqual(await state(bob), ['deleted', undefined])
  assert.deepEqual(await state(anyone), ['deleted', undefined])
})

it('the list of quotes, page by page; one less when one is deleted', async () => {
  const open = await post(alice, 'much quoted')
  const made = []
  for (let n = 0; n < 5; n++) made.unshift((await quote(n % 2 ? bob : carol, open)).id)
  await quote(alice, open, { visibility: 'private' })
  const pages = await bob.pages(`${path}/${open.id}/quotes`, { limit: 2 })
  assert.deepEqual(pages.flat().map((one) => one.id), made)
  await bob.delete(`${path}/${made[1]}`)
  assert.equal((await get(bob, open)).quotes_count, 4)
  assert.equal((await anyone.get(`${path}/${open.id}/quotes`)).length, 4)
})

it('the author takes a post back out of a quote, for good; streams say so', async () => {
  const open = await post(alice, 'mine')
  const quoting = await quote(bob, open)
  const stream = await new Socket(server.base, { token: bob.token, stream: 'user' }).open()
  await carol.call('POST', `${path}/${open.id}/quotes/${quoting.id}/revoke`, { status: 404 })
  await alice.call('POST', `${path}/${quoting.id}/quotes/${open.id}/revoke`, { status: 404 })
  const revoked = await alice.post(`${path}/${open.id}/quotes/${quoting.id}/revoke`)
  assert.deepEqual(revoked.quote, { state: 'revoked', quoted_status: null })
  assert.deepEqual((await stream.next('status.update', (one) => one.id === quoting.id)).payload.quote, { state: 'revoked', quoted_status: null })
  await alice.post(`${path}/${open.id}/quotes/${quoting.id}/revoke`)
  assert.equal((await get(alice, open)).quotes_count, 0)
  assert.deepEqual(await alice.get(`${path}/${open.id}/quotes`), [])
  stream.close()
})

it('what somebody filters in a quoted post is said to them alone, in streams too', async () => {
  const dave = await stranger(server, 'dave')
  const open = await post(alice, 'a heron again')
  const { id: filter } = await carol.post('/api/v2/filters', { title: 'my secret dislike', context: ['home'], keywords_attributes: [{ keyword: 'heron' }] })
  for (const user of [carol, dave]) await user.post(`/api/v1/accounts/${bob.id}/follow`)
  for (const order of [[carol, dave], [dave, carol]]) {
    const streams = []
    for (const user of order) streams.push(await new Socket(server.base, { token: user.token, stream: 'user' }).open())
    const quoting = await quote(bob, open)
    for (const [n, user] of order.entries()) {
      const { payload } = await streams[n].next('update', (one) => one.id === quoting.id)
      const found = payload.quote.quoted_status.filtered.map((one) => one.filter.title)
      assert.deepEqual([found, payload.filtered], [user === carol ? ['my secret dislike'] : [], []])
    }
    for (const stream of streams) stream.close()
  }
  await carol.delete(`/api/v2/filters/${filter}`)
})

it('who is quoted is told, and who quotes is told of an edit', async () => {
  const open = await post(alice, 'before')
  const quoting = await quote(bob, open)
  const told = (user, type, id) => until(`a notification "${type}"`, async () => (await user.get('/api/v1/notifications', { types: [type] })).find((one) => one.status.id === id))
  assert.equal((await told(alice, 'quote', quoting.id)).account.id, bob.id)
  await alice.put(`${path}/${open.id}`, { status: 'after' })
  assert.equal((await told(bob, 'quoted_update', open.id)).status.content, '<p>after</p>')
  await bob.delete(`${path}/${quoting.id}`)
  assert.ok(!(await alice.get('/api/v1/notifications', { types: ['quote'] })).some((one) => one.status.id === quoting.id))
})

it('a scheduled post remembers what it quotes', async () => {
  const open = await post(alice, 'to be quoted later')
  const { params } = await quote(bob, open, { scheduled_at: new Date(Date.now() + 3600e3).toISOString(), quote_approval_policy: 'nobody' })
  assert.deepEqual([params.quoted_status_id, params.quote_approval_policy], [open.id, 'nobody'])
})
