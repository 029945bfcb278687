// Filters: made and changed over both versions of the API, and applied in timelines, notifications, threads, profiles
// and streams.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { Socket } from './lib/stream.mjs'
import { sleep, startWorld, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const filters = '/api/v2/filters'
const everywhere = ['home', 'notifications', 'public', 'thread', 'account']
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const make = (user, keywords, more = {}) => user.post(filters, { title: 'words', context: everywhere, keywords_attributes: keywords.map((keyword) => ({ keyword })), ...more })
const ids = (list) => list.map((one) => one.id)

async function withFilter (user, keywords, more, fn) {
  const filter = await make(user, keywords, more)
  try { await fn(filter) } finally { await user.delete(`${filters}/${filter.id}`, {}, { status: 'any' }) }
}
const named = async (user, id) => (await user.get(`/api/v1/statuses/${id}`)).filtered.map((one) => one.keyword_matches).flat()

it('a filter is made, read, changed and deleted', async ({ alice, bob }) => {
  const made = await alice.post(filters, { title: 'Sport', context: ['home', 'public'], filter_action: 'hide', expires_in: 3600, keywords_attributes: [{ keyword: 'football', whole_word: true }, { keyword: 'offs', whole_word: false }] })
  assert.equal(made.title, 'Sport')
  assert.deepEqual(made.context, ['home', 'public'])
  assert.equal(made.filter_action, 'hide')
  assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 3600000) < 60000)
  assert.deepEqual(made.keywords.map(({ keyword, whole_word }) => [keyword, whole_word]), [['football', true], ['offs', false]])
  assert.deepEqual(await alice.get(filters), [made])
  const [first, second] = made.keywords
  const changed = await alice.put(`${filters}/${made.id}`, { title: 'Games', expires_in: '', keywords_attributes: [{ id: first.id, keyword: 'soccer' }, { id: second.id, _destroy: true }, { keyword: 'chess' }] })
  assert.equal(changed.title, 'Games')
  assert.equal(changed.expires_at, null)
  assert.deepEqual(changed.context, ['home', 'public'], 'what is not named stays')
  assert.deepEqual(changed.keywords.map((one) => one.keyword), ['soccer', 'chess'])
  await bob.call('GET', `${filters}/${made.id}`, { status: 404 })
  await bob.call('PUT', `${filters}/${made.id}`, { json: { title: 'mine' }, status: 404 })
  await bob.call('PUT', `${filters}/keywords/${first.id}`, { json: { keyword: 'mine' }, status: 404 })
  await bob.call('DELETE', `${filters}/${made.id}`, { status: 404 })
  assert.deepEqual(await alice.delete(`${filters}/${made.id}`), {})
  await alice.call('GET', `${filters}/${made.id}`, { status: 404 })
  await alice.call('GET', `${filters}/keywords/${first.id}`, { status: 404 })
})

it('forms say the same as JSON', async ({ alice }) => {
  const form = String(new URLSearchParams([['title', 'form'], ['context[]', 'home'], ['context[]', 'thread'], ['filter_action', 'blur'], ['keywords_attributes[][keyword]', 'one'], ['keywords_attributes[][whole_word]', 'false']]))
  const { body } = await alice.call('POST', filters, { form })
  assert.deepEqual([body.context, body.filter_action, body.keywords.map((one) => [one.keyword, one.whole_word])], [['home', 'thread'], 'blur', [['one', false]]])
  await alice.delete(`${filters}/${body.id}`)
})

it('keywords and posts are added and removed by themselves', async ({ alice, bob }) => {
  const status = await post(bob, 'one of many')
  const hidden = await post(bob, 'for nobody', { visibility: 'direct' })
  await withFilter(alice, [], {}, async ({ id }) => {
    const keyword = await alice.post(`${filters}/${id}/keywords`, { keyword: 'tea' })
    assert.equal(keyword.whole_word, true)
    assert.deepEqual(await alice.put(`${filters}/keywords/${keyword.id}`, { whole_word: false }), { ...keyword, whole_word: false })
    assert.deepEqual(await alice.get(`${filters}/${id}/keywords`), [{ ...keyword, whole_word: false }])
    await alice.delete(`${filters}/keywords/${keyword.id}`)
    assert.deepEqual(await alice.get(`${filters}/${id}/keywords`), [])
    const place = await alice.post(`${filters}/${id}/statuses`, { status_id: status.id })
    assert.equal(place.status_id, status.id)
    assert.deepEqual(await alice.post(`${filters}/${id}/statuses`, { status_id: status.id }), place)
    assert.deepEqual((await alice.get(`/api/v1/statuses/${status.id}`)).filtered.map((one) => [one.filter.id, one.keyword_matches, one.status_matches]), [[id, [], [status.id]]])
    await alice.call('POST', `${filters}/${id}/statuses`, { json: { status_id: hidden.id }, status: 404 })
    await bob.delete(`/api/v1/statuses/${status.id}`)
    assert.deepEqual(await until('it is gone with its post', async () => (await alice.get(`${filters}/${id}/statuses`)).length === 0 && 'gone'), 'gone')
    const other = await post(bob, 'another')
    const second = await alice.post(`${filters}/${id}/statuses`, { status_id: other.id })
    assert.deepEqual(await alice.delete(`${filters}/statuses/${second.id}`), second)
    await alice.call('GET', `${filters}/statuses/${second.id}`, { status: 404 })
  })
})

it('what cannot be is refused with words', async ({ alice }) => {
  const refused = async (fields, words) => assert.match((await alice.call('POST', filters, { json: { title: 't', context: ['home'], ...fields }, status: 422 })).body.error, words)
  await refused({ title: ' ' }, /Title can't be blank/i)
  await refused({ title: 'x'.repeat(257) }, /too long/)
  await refused({ context: ['kitchen'] }, /invalid context/)
  await refused({ context: [] }, /context/i)
  await refused({ filter_action: 'burn' }, /Filter action/)
  await refused({ expires_in: 'soon' }, /expires_in is not/)
  await refused({ keywords_attributes: [{ keyword: '' }] }, /Keyword can't be blank/)
  await refused({ keywords_attributes: [{ keyword: 'x'.repeat(513) }] }, /too long/)
  await refused({ keywords_attributes: Array.from({ length: 201 }, (_, n) => ({ keyword: `k${n}` })) }, /at most 200/)
  assert.deepEqual(await alice.get(filters), [], 'nothing is made by halves')
})

it('words are found in any case, whole or not, in text, warning, options and descriptions', async ({ alice, bob }) => {
  const found = async (keyword, whole, status, more) => {
    const { id } = await post(bob, status, more)
    let result
    await withFilter(alice, [], { keywords_attributes: [{ keyword, whole_word: whole }] }, async () => { result = (await named(alice, id)).length > 0 })
    return result
  }
  assert.ok(await found('FootBall', true, 'I like football!'))
  assert.ok(!await found('foot', true, 'I like football'))
  assert.ok(await found('foot', false, 'I like football'))
  assert.ok(await found('c++', true, 'c++11 is old'), 'an end that is no word needs no boundary')
  assert.ok(await found('ÉCOLE', true, 'une école'))
  assert.ok(!await found('ano', true, 'feliz año'), 'an accent makes another word')
  assert.ok(await found('日本', false, '今日は日本語'))
  assert.ok(await found('a', true, 'just a letter'))
  assert.ok(!await found('a', true, 'letters'))
  assert.ok(await found('beware', true, 'innocent', { spoiler_text: 'Beware of this' }))
  assert.ok(await found('maybe', true, 'innocent', { poll: { options: ['yes', 'Maybe'], expires_in: 3600 } }))
  assert.ok(await found('two words', true, 'with TWO words in it'))
  assert.ok(!await found('two words', true, 'two other words'))
})

it('"warn" and "blur" leave posts where they are, and say so', async ({ alice, bob, carol }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  for (const action of ['warn', 'blur']) {
    await withFilter(alice, ['zebra', 'stripe'], { filter_action: action, context: ['home'] }, async (filter) => {
      const { id } = await post(bob, `a ${action} zebra`)
      const [status] = await alice.get('/api/v1/timelines/home?limit=1')
      assert.equal(status.id, id)
      assert.equal(status.filtered.length, 1)
      assert.deepEqual(status.filtered[0], { filter: { id: filter.id, title: 'words', context: ['home'], expires_at: null, filter_action: action }, keyword_matches: ['zebra'], status_matches: [] })
      assert.deepEqual((await carol.get(`/api/v1/statuses/${id}`)).filtered, [], 'others do not see one\'s filters')
      const boost = await carol.post(`/api/v1/statuses/${id}/reblog`)
      const seen = await alice.get(`/api/v1/statuses/${boost.id}`)
      assert.equal(seen.filtered.length, 1)
      assert.equal(seen.reblog.filtered.length, 1)
      await bob.delete(`/api/v1/statuses/${id}`)
    })
  }
})

it('"hide" leaves posts out, where the filter counts', async ({ alice, bob, carol }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  const root = await post(alice, 'a root')
  const hidden = await post(bob, '@alice spoiled by walnuts #nuts', { in_reply_to_id: root.id })
  const boosted = await post(carol, 'more walnuts')
  const boost = await bob.post(`/api/v1/statuses/${boosted.id}/reblog`)
  const plain = await post(bob, 'spoiled by hazelnuts #nuts')
  const list = await alice.post('/api/v1/lists', { title: 'friends' })
  await alice.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [bob.id] })
  const places = {
    home: async () => ids(await alice.get('/api/v1/timelines/home')),
    list: async () => ids(await alice.get(`/api/v1/timelines/list/${list.id}`)),
    public: async () => ids(await alice.get('/api/v1/timelines/public?local=true')),
    tag: async () => ids(await alice.get('/api/v1/timelines/tag/nuts')),
    account: async () => ids(await alice.get(`/api/v1/accounts/${bob.id}/statuses`)),
    thread: async () => ids((await alice.get(`/api/v1/statuses/${root.id}/context`)).descendants),
    notifications: async () => (await alice.get('/api/v1/notifications')).map((one) => one.status?.id).filter(Boolean)
  }
  const of = { home: 'home', list: 'home', public: 'public', tag: 'public', account: 'account', thread: 'thread', notifications: 'notifications' }
  for (const [place, read] of Object.entries(places)) {
    const before = await read()
    for (const context of everywhere) {
      await withFilter(alice, ['walnuts'], { filter_action: 'hide', context: [context] }, async () => {
        const expected = of[place] === context ? before.filter((id) => ![hidden.id, boosted.id, boost.id].includes(id)) : before
        assert.deepEqual(await read(), expected, `${place} with a filter for ${context}`)
      })
    }
    assert.ok(place === 'thread' || place === 'notifications' || before.includes(plain.id), `${place} shows something`)
  }
  await withFilter(alice, ['walnuts'], { filter_action: 'hide' }, async () => {
    assert.equal((await alice.get(`/api/v1/statuses/${hidden.id}`)).filtered.length, 1, 'who asks for it gets it, with a word')
    const own = await post(alice, 'my own walnuts')
    assert.equal((await alice.get('/api/v1/timelines/home?limit=1'))[0].id, own.id, 'one\'s own posts are never filtered')
    await alice.delete(`/api/v1/statuses/${own.id}`)
  })
})

it('what a filter hides in the list is not counted as unread', async ({ alice, bob, carol }) => {
  const counts = async (query = {}) => (await Promise.all(['v1', 'v2'].map((v) => alice.get(`/api/${v}/notifications/unread_count`, query)))).map((one) => one.count)
  const [newest] = await alice.get('/api/v1/notifications', { limit: 1 })
  if (newest) await alice.post('/api/v1/markers', { notifications: { last_read_id: newest.id } })
  for (const user of [bob, carol]) await post(user, '@alice about chestnuts')
  for (const user of [bob, carol]) await post(user, '@alice about acorns')
  assert.deepEqual(await counts(), [4, 4])
  await withFilter(alice, ['chestnuts'], { filter_action: 'hide', context: ['notifications'] }, async () => {
    assert.equal((await alice.get('/api/v1/notifications', { limit: 4 })).filter((one) => /chestnuts/.test(one.status?.content)).length, 0)
    assert.deepEqual([await counts(), await counts({ limit: 1 }), await counts({ types: ['favourite'] })], [[2, 2], [1, 1], [0, 0]])
  })
  await withFilter(alice, ['chestnuts'], { filter_action: 'hide', context: ['home'] }, async () => assert.deepEqual(await counts(), [4, 4]))
  await withFilter(alice, ['chestnuts'], { filter_action: 'warn', context: ['notifications'] }, async () => assert.deepEqual(await counts(), [4, 4]))
})

it('pages stay whole while posts are hidden', async ({ alice, bob }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  const shown = []
  for (let n = 0; n < 30; n++) {
    const { id } = await post(bob, n % 3 ? `page ${n} with a cucumber` : `page ${n}`)
    if (n % 3 === 0) shown.unshift(id)
  }
  await withFilter(alice, ['cucumber'], { filter_action: 'hide', context: ['home'] }, async () => {
    const page = await alice.get('/api/v1/timelines/home?limit=5')
    assert.deepEqual(ids(page), shown.slice(0, 5))
    assert.deepEqual(ids(await alice.get(`/api/v1/timelines/home?limit=5&max_id=${page[4].id}`)), shown.slice(5, 10))
  })
})

it('a filter ends when its time has come', async ({ alice, bob }) => {
  const { id } = await post(bob, 'a passing cloud')
  await withFilter(alice, ['cloud'], { expires_in: 2 }, async (filter) => {
    assert.deepEqual(await named(alice, id), ['cloud'])
    await until('it has ended', async () => (await named(alice, id)).length === 0, { timeout: 8000 })
    assert.equal((await alice.get(`${filters}/${filter.id}`)).id, filter.id, 'it stays, to be used again')
  })
})

it('an edit is judged anew', async ({ alice, bob }) => {
  const { id } = await post(bob, 'a calm sea')
  await withFilter(alice, ['storm'], {}, async () => {
    assert.deepEqual(await named(alice, id), [])
    await bob.put(`/api/v1/statuses/${id}`, { status: 'a storm' })
    assert.deepEqual(await named(alice, id), ['storm'])
  })
})

it('streams: filters_changed, "hide" is silent, "warn" comes with a word, others hear all', async ({ server, alice, bob, carol }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  await carol.post(`/api/v1/accounts/${bob.id}/follow`)
  const open = (user, stream) => new Socket(server.base, { token: user.token, stream }).open()
  const [mine, everybody, others] = [await open(alice, 'user'), await open(alice, 'public'), await open(carol, 'user')]
  await withFilter(alice, ['durian'], { filter_action: 'hide' }, async () => {
    await mine.next('filters_changed')
    const hidden = await post(bob, '@alice durian')
    const shown = await post(bob, 'mango')
    for (const stream of [mine, everybody]) await stream.next('update', (status) => status.id === shown.id)
    assert.deepEqual((await others.next('update', (status) => status.id === hidden.id)).payload.filtered, [])
    await sleep(200)
    assert.ok(!mine.seen('update', (status) => status.id === hidden.id))
    assert.ok(!everybody.seen('update', (status) => status.id === hidden.id))
    assert.ok(!mine.seen('notification', (one) => one.status?.id === hidden.id))
  })
  await withFilter(alice, ['durian'], { filter_action: 'warn' }, async () => {
    const warned = await post(bob, 'durian again')
    for (const stream of [mine, everybody]) {
      const { payload } = await stream.next('update', (status) => status.id === warned.id)
      assert.deepEqual(payload.filtered.map((one) => one.keyword_matches), [['durian']])
    }
    assert.deepEqual((await others.next('update', (status) => status.id === warned.id)).payload.filtered, [])
  })
  for (const stream of [mine, everybody, others]) stream.close()
})

it('version 1: each keyword by itself', async ({ alice }) => {
  const made = await alice.post('/api/v1/filters', { phrase: 'old words', context: ['home'], irreversible: true, expires_in: 600 })
  assert.deepEqual([made.phrase, made.context, made.irreversible, made.whole_word], ['old words', ['home'], true, false])
  const [filter] = await alice.get(filters)
  assert.deepEqual([filter.title, filter.filter_action, filter.keywords.length], ['old words', 'hide', 1])
  const changed = await alice.put(`/api/v1/filters/${made.id}`, { phrase: 'new words', context: ['home', 'thread'], whole_word: true })
  assert.deepEqual([changed.phrase, changed.context, changed.whole_word, changed.irreversible], ['new words', ['home', 'thread'], true, true])
  const more = await alice.post(`${filters}/${filter.id}/keywords`, { keyword: 'second' })
  assert.deepEqual((await alice.get('/api/v1/filters')).map((one) => one.phrase), ['new words', 'second'])
  await alice.call('PUT', `/api/v1/filters/${made.id}`, { json: { phrase: 'x', context: ['public'] }, status: 422 })
  assert.equal((await alice.put(`/api/v1/filters/${more.id}`, { phrase: 'third', context: ['home', 'thread'] })).phrase, 'third')
  await alice.delete(`/api/v1/filters/${more.id}`)
  assert.deepEqual((await alice.get(filters)).map((one) => one.keywords.length), [1])
  await alice.delete(`/api/v1/filters/${made.id}`)
  assert.deepEqual(await alice.get(filters), [], 'the last keyword takes the filter with it')
  await alice.call('GET', `/api/v1/filters/${made.id}`, { status: 404 })
})

it('masto.js makes, lists and removes filters', async ({ server, alice }) => {
  const masto = createRestAPIClient({ url: server.base, accessToken: alice.token })
  const filter = await masto.v2.filters.create({ title: 'js', context: ['home'], filterAction: 'warn', keywordsAttributes: [{ keyword: 'java', wholeWord: true }] })
  assert.equal(filter.keywords[0].keyword, 'java')
  const keyword = await masto.v2.filters.$select(filter.id).keywords.create({ keyword: 'script' })
  assert.deepEqual((await masto.v2.filters.list())[0].keywords.map((one) => one.keyword), ['java', 'script'])
  await masto.v2.filters.keywords.$select(keyword.id).remove()
  await masto.v2.filters.$select(filter.id).remove()
  assert.deepEqual(await masto.v2.filters.list(), [])
})
