// Every answer of an endpoint that X has too, against the types of X's own document: pictures, films, GIFs, sounds, polls, quotes,
// answers, boosts, people, lists, searches, counts, streams, rules, jobs, usage and refusals.
import assert from 'node:assert/strict'
import { file } from '../api/lib/http.mjs'
import { ffmpeg, film, h264, sound } from '../api/lib/films.mjs'
import { png } from '../api/lib/png.mjs'
import { until } from '../api/lib/server.mjs'
import { Lines } from './lib/lines.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'
import { answered, problem, shaped, verdict } from './lib/shape.mjs'

const { it, server, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob', 'carol'] })
const token = await key(server, 'everything', 'enterprise')
const acme = new Licensee(server.base, token)
const post = (user, status, more = {}) => user.post('/api/v1/statuses', { status, ...more })
// Whatever X's document names and kicau has; kicau's own member is not asked for.
const WHOLE = {
  'tweet.fields': 'attachments,author_id,context_annotations,conversation_id,created_at,edit_controls,edit_history_tweet_ids,entities,geo,in_reply_to_user_id,lang,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,withheld',
  'user.fields': 'created_at,description,entities,location,pinned_tweet_id,profile_image_url,protected,public_metrics,url,verified,verified_type,withheld',
  'media.fields': 'alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width',
  'poll.fields': 'duration_minutes,end_datetime,id,options,voting_status',
  expansions: 'attachments.media_keys,attachments.poll_ids,author_id,edit_history_tweet_ids,entities.mentions.username,in_reply_to_user_id,referenced_tweets.id,referenced_tweets.id.author_id'
}
const PEOPLE = { 'user.fields': WHOLE['user.fields'], 'tweet.fields': WHOLE['tweet.fields'], expansions: 'pinned_tweet_id' }
const get = async (operation, path, params = {}) => {
  const json = await acme.get(path, params)
  answered(operation, json)
  return json
}
const send = async (path, body) => {
  const response = await fetch(`${server.base}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}
const upload = async (bytes, type, name, description) => {
  const { body: made } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(bytes, type, name), ...(description ? { description } : {}) } })
  return (await until(`${name} is ready`, async () => { const now = await alice.get(`/api/v1/media/${made.id}`); return now.url && now }, { timeout: 60000 })).id
}
const attach = async (...media) => post(alice, 'look at this', { media_ids: media })

it('pictures, films, GIFs and sounds', async () => {
  const gif = ffmpeg('moving.gif', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=1')
  const made = [
    await attach(await upload(png(40, 30), 'image/png', 'a.png', 'a square'), await upload(png(20, 20), 'image/png', 'b.png')),
    await attach(await upload(film('c.mp4', { size: '64x48', args: h264 }), 'video/mp4', 'c.mp4', 'bars')),
    await attach(await upload(gif, 'image/gif', 'd.gif')),
    await attach(await upload(sound('e.mp3'), 'audio/mpeg', 'e.mp3'))
  ]
  const { data, includes } = await get('findTweetsById', '/2/tweets', { ids: made.map(({ id }) => id).join(), ...WHOLE })
  const media = Object.fromEntries(includes.media.map((one) => [one.media_key, one]))
  const of = data.map(({ attachments }) => attachments.media_keys.map((one) => media[one]))
  assert.deepEqual(of.map((list) => list.map(({ type }) => type)), [['photo', 'photo'], ['video'], ['animated_gif'], ['video']])
  const [[a, b], [c], [d], [e]] = of
  assert.deepEqual([a.width, a.height, a.alt_text, 'alt_text' in b], [40, 30, 'a square', false])
  assert.deepEqual([c.width, c.height, c.alt_text], [64, 48, 'bars'])
  assert.ok(c.duration_ms >= 900 && c.duration_ms <= 1200, c.duration_ms)
  assert.equal('duration_ms' in d, false, 'X says it of films alone')
  assert.deepEqual([c, d, e].map(({ variants }) => variants[0].content_type), ['video/mp4', 'video/mp4', 'audio/mpeg'])
  for (const url of [a.url, c.preview_image_url, c.variants[0].url, d.preview_image_url, d.variants[0].url, e.variants[0].url]) assert.equal((await fetch(url)).status, 200, url)
  for (const one of includes.media) assert.match(one.media_key, /^[0-9]+_[0-9]+$/)
})

it('posts and what they refer to', async () => {
  const first = await post(alice, 'first #birds https://www.example.org/a and @bob', { language: 'en' })
  const poll = await post(bob, 'which?', { poll: { options: ['a', 'b'], expires_in: 3600 } })
  const reply = await post(bob, '@alice yes', { in_reply_to_id: first.id, sensitive: true })
  const quote = await post(bob, 'see this', { quoted_status_id: first.id })
  const boost = await bob.post(`/api/v1/statuses/${first.id}/reblog`)
  await alice.put(`/api/v1/statuses/${first.id}`, { status: 'first, changed #birds https://www.example.org/a and @bob' })
  const ids = [first, poll, reply, quote, boost].map(({ id }) => id)
  const { data, includes, errors } = await get('findTweetsById', '/2/tweets', { ids: [...ids, '17'].join(), ...WHOLE })
  assert.deepEqual([data.length, errors.length, includes.polls.length], [5, 1, 1])
  assert.deepEqual(data.slice(2).map((one) => one.referenced_tweets[0].type), ['replied_to', 'quoted', 'retweeted'])
  await get('findTweetById', `/2/tweets/${first.id}`, WHOLE)
  await get('findTweetById', '/2/tweets/17')
  assert.equal((await get('findTweetsThatQuoteATweet', `/2/tweets/${first.id}/quote_tweets`, WHOLE)).meta.result_count, 1)
  assert.equal((await get('tweetsIdRetweetingUsers', `/2/tweets/${first.id}/retweeted_by`, PEOPLE)).meta.result_count, 1)
})

it('people, their posts and whom they follow, page by page', async () => {
  const { id } = await alice.get('/api/v1/accounts/verify_credentials')
  const pinned = await post(alice, 'on top'); await alice.post(`/api/v1/statuses/${pinned.id}/pin`)
  await alice.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { note: 'I like #birds and @bob, see https://example.org', avatar: file(png(64, 64), 'image/png', 'a.png') } })
  await bob.post(`/api/v1/accounts/${id}/follow`)
  for (let i = 0; i < 12; i++) { await post(bob, `@alice number ${i}`); await post(alice, `another, number ${i}`) }
  const { data } = await get('findUsersById', '/2/users', { ids: [id, '17'].join(), ...PEOPLE })
  assert.deepEqual([data[0].pinned_tweet_id, data[0].public_metrics.followers_count], [pinned.id, 1])
  await get('findUserById', `/2/users/${id}`, PEOPLE)
  await get('findUsersByUsername', '/2/users/by', { usernames: 'alice,nobody', ...PEOPLE })
  await get('findUserByUsername', '/2/users/by/username/bob', PEOPLE)
  await get('findUserByUsername', '/2/users/by/username/nobody')
  for (const [operation, path] of [['usersIdTweets', 'tweets'], ['usersIdMentions', 'mentions']]) {
    const { meta } = await get(operation, `/2/users/${id}/${path}`, { max_results: 5, ...WHOLE })
    await get(operation, `/2/users/${id}/${path}`, { max_results: 5, pagination_token: meta.next_token })
  }
  assert.equal((await get('usersIdFollowers', `/2/users/${id}/followers`, PEOPLE)).meta.result_count, 1)
  assert.equal((await get('usersIdFollowing', `/2/users/${id}/following`, PEOPLE)).meta.result_count, 0)
})

it('searches and counts', async () => {
  const found = await get('tweetsRecentSearch', '/2/tweets/search/recent', { query: 'number', max_results: 10, ...WHOLE })
  assert.equal(found.meta.result_count, 10)
  await get('tweetsRecentSearch', '/2/tweets/search/recent', { query: 'number', max_results: 10, next_token: found.meta.next_token })
  await get('tweetsRecentSearch', '/2/tweets/search/recent', { query: 'nothinghasthis' })
  await get('tweetsFullarchiveSearch', '/2/tweets/search/all', { query: 'look has:media', ...WHOLE })
  await get('tweetCountsRecentSearch', '/2/tweets/counts/recent', { query: 'number', granularity: 'day' })
  await get('tweetCountsFullArchiveSearch', '/2/tweets/counts/all', { query: 'number' })
})

it('rules, and lines of streams', async () => {
  const made = await send('/2/tweets/search/stream/rules', { add: [{ value: 'lapwing', tag: 'birds' }, { value: '(oops' }] })
  answered('addOrDeleteRules', made.body)
  answered('addOrDeleteRules', (await send('/2/tweets/search/stream/rules', { add: [{ value: 'lapwing' }] })).body)
  await get('getRules', '/2/tweets/search/stream/rules')
  const open = async (path, params = {}) => new Lines(server.base, token).open(path, params)
  const streams = [await open('/2/tweets/search/stream', WHOLE), await open('/2/tweets/firehose/stream', { ...WHOLE, partition: 0 }), await open('/2/tweets/compliance/stream'), await open('/2/users/compliance/stream')]
  const { id } = await post(alice, 'a lapwing @bob'); const edited = await post(alice, 'a tpyo')
  const [filtered, all, posts, users] = streams
  const line = await filtered.find(({ data }) => data.id === id)
  assert.equal(line.matching_rules[0].tag, 'birds')
  // What a batch cost, and an event's number, for going on behind it, are ours.
  const told = (operation, { kicau, ...event }) => answered(operation, event)
  const { kicau, ...rest } = line
  shaped('FilteredStreamingTweetResponse', rest)
  told('getTweetsFirehoseStream', await all.find(({ data }) => data.id === id))
  await alice.put(`/api/v1/statuses/${edited.id}`, { status: 'a typo' })
  await alice.delete(`/api/v1/statuses/${id}`)
  told('getTweetsComplianceStream', await posts.find(({ data }) => data?.delete))
  told('getTweetsComplianceStream', await posts.find(({ data }) => data?.tweet_edit))
  await bob.patch('/api/v1/accounts/data_licence', { commercial: false })
  told('getUsersComplianceStream', await users.find(({ data }) => data?.user_protect))
  await bob.patch('/api/v1/accounts/data_licence', { commercial: true })
  told('getUsersComplianceStream', await users.find(({ data }) => data?.user_unprotect))
  for (const one of streams) one.close()
  answered('addOrDeleteRules', (await send('/2/tweets/search/stream/rules', { delete: { ids: [made.body.data[0].id, '17'] } })).body)
})

it('compliance jobs', async () => {
  const { body } = await send('/2/compliance/jobs', { type: 'tweets', name: 'mine' })
  answered('createBatchComplianceJob', body)
  assert.equal((await fetch(body.data.upload_url, { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: '17\n' })).status, 200)
  await get('getBatchComplianceJob', `/2/compliance/jobs/${body.data.id}`)
  await get('listBatchComplianceJobs', '/2/compliance/jobs', { type: 'tweets' })
})

it('refusals are problems, of the kinds that X names', async () => {
  const refused = async (path, params, status, name) => problem((await acme.get(path, params, status)), name)
  await refused('/2/tweets', { ids: 'x' }, 400, 'InvalidRequestProblem')
  await refused('/2/tweets', {}, 400, 'InvalidRequestProblem')
  await refused('/2/tweets', { ids: '17', 'tweet.fields': 'colour' }, 400, 'InvalidRequestProblem')
  await refused('/2/tweets/search/recent', { query: '(oops' }, 400, 'InvalidRequestProblem')
  problem(await new Licensee(server.base, 'wrong').get('/2/tweets/17', {}, 401))
})

it('every answer has the shape that X publishes', () => assert.deepEqual(verdict(), []))

it('the judge is one', () => {
  answered('findTweetById', { data: { id: 17, text: 'a number', edit_history_tweet_ids: ['17'] } })
  answered('findTweetById', { data: { id: '17', text: 'one more', colour: 'red' } })
  answered('findTweetById', { data: { id: '17' } })
  answered('findTweetById', { data: { id: '17', text: '', reply_settings: 'somebody' } })
  const wrong = verdict().map((one) => one.split(':')[0])
  assert.deepEqual([wrong.filter((one) => one === 'findTweetById').length, wrong.filter((one) => one === 'findTweetById (2.167)').length], [4, 2], 'in the newest document most members may be missing, and some words may be any')
})
