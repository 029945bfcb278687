// A poll that ends while someone waits for it.
import assert from 'node:assert/strict'
import { startWorld, until } from './lib/server.mjs'
import { SHORT_POLLS } from './lib/settings.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'], env: SHORT_POLLS })

it('a poll ends by itself, shows its totals and tells those who voted', async ({ alice, bob, carol }) => {
  assert.equal((await alice.get('/api/v2/instance')).configuration.polls.min_expiration, 1)
  const status = await alice.post('/api/v1/statuses', { status: 'quick', poll: { options: ['a', 'b'], expires_in: 2, hide_totals: true } })
  const vote = (user, options) => user.call('POST', `/api/v1/polls/${status.poll.id}/votes`, { json: { choices: [1] }, ...options })
  await vote(bob)
  const poll = await until('the end', async () => {
    const now = await carol.get(`/api/v1/polls/${status.poll.id}`)
    return now.expired && now
  }, { every: 200 })
  assert.deepEqual(poll.options.map((o) => o.votes_count), [0, 1])
  assert.match((await vote(carol, { status: 422 })).body.error, /already ended/)
  for (const user of [alice, bob]) {
    await until(`${user.user} to hear of it`, async () =>
      (await user.get('/api/v1/notifications', { types: ['poll'] })).some((n) => n.status.id === status.id), { timeout: 20000, every: 250 })
  }
  assert.deepEqual(await carol.get('/api/v1/notifications', { types: ['poll'] }), [])
})
