// Posts and users by id and name: exactly what goes out, and that everything else does not exist.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agree, licensee, startMarket } from './lib/market.mjs'

const { it, server, users } = await startMarket({ accounts: ['alice', 'bob', 'carol', 'dave'], agreeing: ['alice', 'bob'] })
const { alice, bob, carol, dave } = users
const acme = await licensee(server)
const post = (user, status, fields = {}) => user.post('/api/v1/statuses', { status, ...fields })
const missing = (resource, parameter, id) => ({
  value: id,
  detail: `Could not find ${resource} with ${parameter}: [${id}].`,
  title: 'Not Found Error',
  resource_type: resource,
  parameter,
  resource_id: id,
  type: 'https://api.x.com/2/problems/resource-not-found'
})
const bare = ({ id }, text) => ({ id, text, edit_history_tweet_ids: [id] })

it('posts come in the order they are asked for, each once, and what is not there is an error beside them', async () => {
  const one = await post(alice, 'one'); const two = await post(bob, 'two')
  const { status, body, headers } = await acme.call('/2/tweets', { ids: [two.id, '17', one.id, two.id].join() })
  assert.equal(status, 200)
  assert.deepEqual(body, { data: [bare(two, 'two'), bare(one, 'one')], errors: [missing('tweet', 'ids', '17')] })
  assert.equal(headers.get('kicau-billed'), '2/2')
  assert.match(headers.get('kicau-receipt'), /./)
  assert.equal((await acme.call('/2/tweets', { ids: [two.id, one.id].join() })).headers.get('kicau-billed'), '0/2', 'once a day')
  assert.deepEqual(await acme.get(`/2/tweets/${one.id}`), { data: bare(one, 'one') })
  assert.deepEqual(await acme.get('/2/tweets/17'), { errors: [missing('tweet', 'id', '17')] })
})

it('a post with everything that may be asked for', async () => {
  const text = 'héllo 👋 @bob #Kicau https://www.example.org/x'
  const made = await post(alice, text, { language: 'en', spoiler_text: 'loud' })
  const answer = await post(bob, '@alice yes', { in_reply_to_id: made.id, language: 'en' })
  const boost = await bob.post(`/api/v1/statuses/${made.id}/reblog`)
  const fields = 'attachments,author_id,conversation_id,created_at,edit_controls,entities,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,kicau,geo,context_annotations,withheld'
  const counts = (retweet_count, reply_count) => ({ retweet_count, reply_count, like_count: 0, quote_count: 0, bookmark_count: 0, impression_count: 0 })
  const controls = (edits_remaining) => ({ edits_remaining, is_edit_eligible: edits_remaining > 0, editable_until: '9999-12-31T23:59:59.000Z' })
  const url = { url: 'https://www.example.org/x', expanded_url: 'https://www.example.org/x', display_url: 'example.org/x' }
  const entities = (at) => ({
    urls: [{ start: at + 20, end: at + 45, ...url }],
    mentions: [{ start: at + 8, end: at + 12, username: 'bob', id: bob.id }],
    hashtags: [{ start: at + 13, end: at + 19, tag: 'Kicau' }]
  })
  const { data } = await acme.get('/2/tweets', { ids: [made.id, answer.id, boost.id].join(), 'tweet.fields': fields })
  assert.deepEqual(data[0], {
    ...bare(made, text), author_id: alice.id, conversation_id: made.id, created_at: made.created_at, edit_controls: controls(200), entities: entities(0), lang: 'en', possibly_sensitive: true, public_metrics: counts(1, 1), reply_settings: 'everyone', kicau: { url: made.url, version: 0, warning: 'loud' }
  })
  assert.deepEqual(data[1], {
    ...bare(answer, '@alice yes'), author_id: bob.id, conversation_id: made.id, created_at: answer.created_at, edit_controls: controls(200), entities: { mentions: [{ start: 0, end: 6, username: 'alice', id: alice.id }] }, in_reply_to_user_id: alice.id, lang: 'en', possibly_sensitive: false, public_metrics: counts(0, 0), referenced_tweets: [{ type: 'replied_to', id: made.id }], reply_settings: 'everyone', kicau: { url: answer.url, version: 0 }
  })
  const shifted = entities('RT @alice: '.length)
  shifted.mentions.unshift({ start: 3, end: 9, username: 'alice', id: alice.id })
  assert.deepEqual([data[2].text, data[2].referenced_tweets, data[2].entities], [`RT @alice: ${text}`, [{ type: 'retweeted', id: made.id }], shifted])
})

it('what is referred to comes along, once, and is paid', async () => {
  const first = await post(alice, 'first'); const second = await post(bob, '@alice second', { in_reply_to_id: first.id })
  const { body, headers } = await acme.call(`/2/tweets/${second.id}`, { expansions: 'author_id,referenced_tweets.id.author_id,in_reply_to_user_id', 'user.fields': 'verified' })
  assert.deepEqual(body, {
    data: bare(second, '@alice second'),
    includes: { users: [{ id: bob.id, name: 'bob', username: 'bob', verified: false }, { id: alice.id, name: 'alice', username: 'alice', verified: false }], tweets: [bare(first, 'first')] }
  })
  assert.equal(headers.get('kicau-billed'), '2/2')
})

it('every answer says what it cost, what is left, and where it stands in the ledger', async () => {
  const big = await licensee(server, 'big', 'enterprise')
  const said = ({ headers }) => ['cost', 'billed', 'balance', 'month-remaining'].map((name) => headers.get(`kicau-${name}`))
  const pinned = await post(alice, 'pinned')
  await alice.post(`/api/v1/statuses/${pinned.id}/pin`)
  const answer = await big.call(`/2/users/${alice.id}`, { expansions: 'pinned_tweet_id' })
  assert.deepEqual(said(answer), ['0', '2/2', '0', '49999999'], 'a post of those that are included, and an account')
  const nothing = await big.call('/2/tweets', { ids: '17' })
  assert.deepEqual(said(nothing), ['0', '0/0', '0', '49999999'])
  assert.equal(nothing.headers.get('kicau-receipt'), null)
  // Accounts and posts are two records of the ledger.
  const receipts = answer.headers.get('kicau-receipt')
  assert.equal(receipts.split(', ').length, 2)
  const verifier = fileURLToPath(new URL('../../tools/verify/ledger.mjs', import.meta.url))
  assert.match(execFileSync('node', [verifier, 'receipt', join(server.data, 'ledger/key.public'), receipts], { encoding: 'utf8' }), /^ok: promised: record \d+.*; promised: record \d+/)
  assert.match(await server.kicau(['ledger', 'receipt', receipts]), /record \d+ is in the ledger[^]*record \d+ is in the ledger/)
  const [first] = receipts
  await assert.rejects(server.kicau(['ledger', 'receipt', `${receipts.split(', ')[0]}, ${first}`]), /exit 1[^]*no receipt/)
  // What is owed: a plan without anything included, paid afterwards.
  await server.kicau(['plan', 'set', 'later', 'post_micro=1000', 'uses=commercial', 'rate_lookup=100'])
  const later = await licensee(server, 'later', 'later')
  assert.deepEqual(said(await later.call(`/2/tweets/${pinned.id}`)), ['1000', '1/1', '-1000', null])
  await alice.post(`/api/v1/statuses/${pinned.id}/unpin`)
})

it('a poll, in words of X', async () => {
  const made = await post(alice, 'which?', { poll: { options: ['a', 'b'], expires_in: 3600 } })
  const { data, includes } = await acme.get(`/2/tweets/${made.id}`, { 'tweet.fields': 'attachments', expansions: 'attachments.poll_ids', 'poll.fields': 'duration_minutes,end_datetime,voting_status' })
  assert.deepEqual(data.attachments, { poll_ids: [made.id] })
  assert.deepEqual(includes, { polls: [{ id: made.id, options: [{ position: 1, label: 'a', votes: 0 }, { position: 2, label: 'b', votes: 0 }], duration_minutes: 60, end_datetime: made.poll.expires_at, voting_status: 'open' }] })
})

it('what must not go out looks like what never was', async () => {
  const seen = async (id, parameter = 'id') => (await acme.call(`/2/tweets/${id}`)).text.replaceAll(id, 'ID')
  const never = await seen('17')
  const hidden = [await post(carol, 'carol did not agree'), await post(alice, 'unlisted', { visibility: 'unlisted' }), await post(alice, 'for followers', { visibility: 'private' }), await post(alice, '@bob direct', { visibility: 'direct' })]
  const gone = await post(alice, 'gone')
  assert.match(await seen(gone.id), /"data"/)
  const boosted = await post(alice, 'boosted')
  const boost = await carol.post(`/api/v1/statuses/${boosted.id}/reblog`)
  const of = await post(dave, 'dave did not agree'); const boostOf = await alice.post(`/api/v1/statuses/${of.id}/reblog`)
  await alice.delete(`/api/v1/statuses/${gone.id}`)
  for (const one of [...hidden, gone, boost, of, boostOf]) assert.equal(await seen(one.id), never, one.content)
  const user = async (id) => (await acme.call(`/2/users/${id}`)).text.replaceAll(id, 'ID')
  assert.equal(await user(carol.id), await user('17'))
  for (const list of ['tweets', 'mentions', 'followers', 'following']) {
    const asked = async (id) => (await acme.call(`/2/users/${id}/${list}`)).text.replaceAll(id, 'ID')
    assert.equal(await asked(carol.id), await asked('17'), list)
  }
})

it('who changes their mind is obeyed at once, in posts that were there before too', async () => {
  const made = await post(dave, 'mine'); const boost = await alice.post(`/api/v1/statuses/${made.id}/reblog`)
  const there = async (who, id = made.id) => 'data' in await who.get(`/2/tweets/${id}`)
  assert.equal(await there(acme), false)
  await agree(dave, ['research'])
  assert.equal(await there(acme), false, 'for research is not for business')
  const science = await licensee(server, 'science', 'research')
  assert.equal(await there(science), true)
  await agree(dave)
  assert.deepEqual([await there(acme), await there(acme, boost.id)], [true, true])
  await agree(dave, [])
  assert.deepEqual([await there(acme), await there(science), await there(acme, boost.id)], [false, false, false])
})

it('an edit and a deletion reach boosts', async () => {
  const made = await post(alice, 'before'); const boost = await bob.post(`/api/v1/statuses/${made.id}/reblog`)
  assert.equal((await acme.get(`/2/tweets/${boost.id}`)).data.text, 'RT @alice: before')
  await alice.put(`/api/v1/statuses/${made.id}`, { status: 'after' })
  assert.equal((await acme.get(`/2/tweets/${boost.id}`)).data.text, 'RT @alice: after')
  assert.deepEqual((await acme.get(`/2/tweets/${made.id}`, { 'tweet.fields': 'kicau' })).data.kicau.version, 1)
  await alice.delete(`/api/v1/statuses/${made.id}`)
  assert.deepEqual(await acme.get(`/2/tweets/${boost.id}`), { errors: [missing('tweet', 'id', boost.id)] })
})

it('users by id and name', async () => {
  await alice.patch('/api/v1/accounts/update_credentials', { display_name: 'Alice', note: 'I like #birds', fields_attributes: [{ name: 'web', value: 'https://alice.example/' }] })
  const account = await alice.get('/api/v1/accounts/verify_credentials')
  const { data } = await acme.get('/2/users/by/username/ALICE', { 'user.fields': 'created_at,description,entities,protected,url,verified_type,pinned_tweet_id,kicau' })
  assert.equal(data.created_at.slice(0, 10), account.created_at.slice(0, 10))
  assert.deepEqual({ ...data, created_at: '' }, {
    id: alice.id, name: 'Alice', username: 'alice', created_at: '', description: 'I like #birds', entities: { url: { urls: [{ start: 0, end: 22, url: 'https://alice.example/', expanded_url: 'https://alice.example/', display_url: 'alice.example/' }] }, description: { hashtags: [{ start: 7, end: 13, tag: 'birds' }] } }, protected: false, url: 'https://alice.example/', verified_type: 'none', kicau: { url: alice.url, bot: false, uses: ['search', 'research', 'commercial', 'training'] }
  })
  assert.deepEqual(await acme.get('/2/users/by', { usernames: 'bob,carol,nobody' }), { data: [{ id: bob.id, name: 'bob', username: 'bob' }], errors: [missing('user', 'usernames', 'carol'), missing('user', 'usernames', 'nobody')] })
  assert.deepEqual(await acme.get('/2/users', { ids: bob.id }), { data: [{ id: bob.id, name: 'bob', username: 'bob' }] })
  const pinned = await post(alice, 'pinned')
  await alice.post(`/api/v1/statuses/${pinned.id}/pin`)
  assert.deepEqual((await acme.get(`/2/users/${alice.id}`, { expansions: 'pinned_tweet_id' })).includes, { tweets: [bare(pinned, 'pinned')] })
})

it('what is asked for wrongly is named', async () => {
  const wrong = async (path, params) => (await acme.get(path, params, 400)).errors[0]
  assert.deepEqual((await wrong('/2/tweets', { ids: '1', 'tweet.fields': 'id,colour' })).parameters, { 'tweet.fields': ['colour'] })
  assert.deepEqual((await wrong('/2/tweets', { ids: '1,x' })), { parameters: { ids: ['x'] }, message: 'The `ids` query parameter value [x] is not valid' })
  assert.match((await wrong('/2/tweets', { ids: Array(101).fill('1').join() })).message, /between 1 and 100/)
  assert.deepEqual((await wrong('/2/users/by', { usernames: 'a-b' })).parameters, { usernames: ['a-b'] })
  assert.deepEqual((await wrong(`/2/users/${alice.id}/tweets`, { max_results: 4 })).parameters, { max_results: ['4'] })
  assert.deepEqual((await wrong(`/2/users/${alice.id}/tweets`, { pagination_token: 'zzz' })).parameters, { pagination_token: ['zzz'] })
  assert.equal((await fetch(`${server.base}/2/tweets?ids=1`)).status, 401)
})

it('what has not changed is free', async () => {
  const made = await post(alice, 'still here')
  const first = await acme.call(`/2/tweets/${made.id}`)
  const again = await acme.call(`/2/tweets/${made.id}`, {}, { 'If-None-Match': first.headers.get('etag') })
  assert.deepEqual([again.status, again.text], [304, ''])
  await bob.post(`/api/v1/statuses/${made.id}/favourite`)
  assert.equal((await acme.call(`/2/tweets/${made.id}`, {}, { 'If-None-Match': first.headers.get('etag') })).status, 200)
})
