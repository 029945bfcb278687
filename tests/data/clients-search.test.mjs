// Programs written for X that search, count and listen, with nothing but the address changed (docs/from-x.md).
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { Agent } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from '@xdevplatform/xdk'
import { ETwitterStreamEvent, TwitterApi } from 'twitter-api-v2'
import { key, startMarket } from './lib/market.mjs'

const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'] })
const write = async (status) => (await alice.post('/api/v1/statuses', { status })).id
const ids = []
for (let i = 0; i < 25; i++) ids.unshift(await write(`kestrel number ${i}`))
await write('a sparrow')

it('twitter-api-v2 goes through a search page by page, and counts', async () => {
  const { v2 } = new TwitterApi(await key(server, 'one'), { httpAgent: new Agent() })
  v2.setPrefix(`${server.base}/2/`)
  const found = await v2.search('kestrel -is:retweet', { max_results: 10, expansions: ['author_id'], 'tweet.fields': ['created_at'] })
  assert.deepEqual(found.tweets.map(({ id }) => id), ids.slice(0, 10))
  assert.equal(found.includes.users[0].username, 'alice')
  await found.fetchLast(100)
  assert.deepEqual(found.tweets.map(({ id }) => id), ids)
  assert.ok(found.done)
  assert.deepEqual((await v2.searchAll('"number 7"')).tweets.map(({ id }) => id), [ids[17]])
  assert.equal((await v2.search('nothing has this')).tweets.length, 0)
  const counts = await v2.tweetCountRecent('kestrel', { granularity: 'day' })
  assert.equal(counts.meta.total_tweet_count, 25)
  assert.equal(counts.data.reduce((sum, { tweet_count: n }) => sum + n, 0), 25)
  await assert.rejects(v2.search('(oops'), (error) => error.code === 400 && /position/.test(JSON.stringify(error.data)))
})

it('twitter-api-v2 makes rules and listens', async () => {
  const { v2 } = new TwitterApi(await key(server, 'two'), { httpAgent: new Agent() })
  v2.setPrefix(`${server.base}/2/`)
  const made = await v2.updateStreamRules({ add: [{ value: 'harrier', tag: 'h' }, { value: 'osprey' }] })
  assert.equal(made.meta.summary.created, 2)
  assert.deepEqual((await v2.streamRules()).data.map(({ value }) => value).sort(), ['harrier', 'osprey'])
  assert.equal((await v2.updateStreamRules({ delete: { ids: [made.data[1].id] } })).meta.summary.deleted, 1)
  const stream = await v2.searchStream({ expansions: ['author_id'], autoConnect: false })
  await stream.connect({ autoReconnect: false })
  const first = new Promise((resolve, reject) => { stream.on(ETwitterStreamEvent.Data, resolve); stream.on(ETwitterStreamEvent.Error, reject) })
  await write('an osprey')
  const id = await write('a harrier')
  const { data, includes, matching_rules: rules } = await first
  assert.deepEqual([data.id, includes.users[0].username, rules], [id, 'alice', [{ id: made.data[0].id, tag: 'h' }]])
  stream.close()
})

it("X's own xdk searches, counts, makes rules and listens", async () => {
  const client = new Client({ bearerToken: await key(server, 'three'), baseUrl: server.base })
  const page = await client.posts.searchRecent('kestrel', { maxResults: 20, tweetFields: ['created_at'] })
  assert.deepEqual(page.data.map(({ id }) => id), ids.slice(0, 20))
  const rest = await client.posts.searchRecent('kestrel', { maxResults: 20, nextToken: page.meta.next_token ?? page.meta.nextToken })
  assert.deepEqual(rest.data.map(({ id }) => id), ids.slice(20))
  const { meta } = await client.posts.getCountsRecent('kestrel')
  assert.equal(meta.total_tweet_count ?? meta.totalTweetCount, 25)
  const made = await client.stream.updateRules({ add: [{ value: 'buzzard' }] })
  assert.deepEqual((await client.stream.getRules()).data.map(({ value }) => value), ['buzzard'])
  const stream = await client.stream.posts({ tweetFields: ['created_at'] })
  const first = new Promise((resolve, reject) => { stream.on('data', resolve); stream.on('error', reject) })
  const id = await write('a buzzard')
  assert.equal((await first).data.id, id)
  stream.close()
  const gone = await client.stream.updateRules({ delete: { ids: [made.data[0].id] } })
  assert.equal(gone.meta.summary.deleted, 1)
})

it('tweepy searches, counts, makes rules and listens', async () => {
  const child = spawn('/usr/bin/python3', [fileURLToPath(new URL('lib/search_with_tweepy.py', import.meta.url)), server.base, await key(server, 'four')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(JSON.parse(line))
    if (said.at(-1).connected) said.push({ wrote: await write('a goshawk') })
  }
  const [{ found, first, total, rules }, , { wrote }, heard] = said
  assert.deepEqual([found, first, total, rules], [ids, ids.slice(0, 10), 25, ['goshawk', 'hobby']])
  assert.deepEqual([heard.tweet, heard.tags, heard.left], [wrote, [''], ['hobby']])
})
