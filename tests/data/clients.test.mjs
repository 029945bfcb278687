// Programs written for X, with nothing but the address changed (docs/from-x.md).
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { Agent } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from '@xdevplatform/xdk'
import { TwitterApi } from 'twitter-api-v2'
import { key, startMarket } from './lib/market.mjs'

const { it, server, users } = await startMarket({ accounts: ['alice', 'bob'] })
const { alice, bob } = users
const token = await key(server, 'acme')
const posts = []
for (let i = 0; i < 12; i++) posts.unshift(await alice.post('/api/v1/statuses', { status: `post ${i} for @bob` }))
await bob.post(`/api/v1/accounts/${alice.id}/follow`)
const quoting = await bob.post('/api/v1/statuses', { status: 'see', quoted_status_id: posts[0].id })
await bob.post(`/api/v1/statuses/${posts[0].id}/reblog`)
const ids = posts.map(({ id }) => id)

it('twitter-api-v2', async () => {
  const { v2 } = new TwitterApi(token, { httpAgent: new Agent() }) // a server with https needs none
  v2.setPrefix(`${server.base}/2/`)
  const found = await v2.tweets([ids[0], '17'], { 'tweet.fields': ['created_at', 'public_metrics'], expansions: ['author_id'] })
  assert.equal(found.data[0].text, 'post 11 for @bob')
  assert.equal(found.data[0].public_metrics.retweet_count, 1)
  assert.equal(found.includes.users[0].username, 'alice')
  assert.equal(found.errors[0].resource_id, '17')
  assert.equal((await v2.singleTweet(ids[1])).data.id, ids[1])
  assert.equal((await v2.userByUsername('alice', { 'user.fields': ['created_at'] })).data.id, alice.id)
  assert.deepEqual((await v2.usersByUsernames(['alice', 'bob'])).data.map((u) => u.id), [alice.id, bob.id])
  const timeline = await v2.userTimeline(alice.id, { max_results: 5 })
  assert.deepEqual(timeline.tweets.map((t) => t.id), ids.slice(0, 5))
  await timeline.fetchLast(100)
  assert.deepEqual(timeline.tweets.map((t) => t.id), ids)
  const mentions = await v2.userMentionTimeline(bob.id, { max_results: 100 })
  assert.deepEqual(mentions.tweets.map((t) => t.id), ids)
  assert.deepEqual((await v2.followers(alice.id)).data.map((u) => u.id), [bob.id])
  assert.deepEqual((await v2.following(bob.id)).data.map((u) => u.id), [alice.id])
  assert.deepEqual((await v2.quotes(ids[0])).tweets.map((t) => t.id), [quoting.id])
  assert.deepEqual((await v2.tweetRetweetedBy(ids[0])).data.map((u) => u.id), [bob.id])
  await assert.rejects(v2.tweets(['x']), (error) => error.code === 400 && error.data.errors[0].parameters.ids[0] === 'x')
})

it("X's own xdk", async () => {
  const client = new Client({ bearerToken: token, baseUrl: server.base })
  const found = await client.posts.getByIds([ids[0], ids[1]], { tweetFields: ['created_at', 'author_id'], expansions: ['author_id'] })
  assert.deepEqual(found.data.map((t) => t.id), [ids[0], ids[1]])
  assert.equal((await client.users.getByUsername('alice')).data.id, alice.id)
  assert.equal((await client.users.getPosts(alice.id, { maxResults: 5 })).data.length, 5)
})

it('tweepy', async () => {
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [fileURLToPath(new URL('lib/with_tweepy.py', import.meta.url)), server.base, token, alice.id, bob.id, ids[0]])
  assert.deepEqual(JSON.parse(stdout), {
    text: 'post 11 for @bob', author: 'alice', retweets: 1, user: alice.id, timeline: ids, mentions: 12, followers: [bob.id], quotes: [quoting.id], missing: '17', wrong: 400
  })
})
