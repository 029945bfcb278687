// Everybody reaches for a post in the moment it is deleted: nothing that belongs to it may be left.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from './rounds.mjs'
import { wrongSums } from './sums.mjs'

const quick = { status: 'any', check: false }

export function race (posts) {
  test(`${posts} posts are marked, answered, voted on, edited and deleted at once`, { timeout: 120000 }, async () => {
    const { server, people: [ann, ...others] } = await settle()
    try {
      const statuses = new Map()
      const call = async (client, method, path, json) => {
        const { status } = await client.call(method, path, { json, ...quick })
        statuses.set(status, (statuses.get(status) || 0) + 1)
      }
      for (let n = 0; n < posts; n++) {
        const poll = n % 2 ? { poll: { options: ['a', 'b'], expires_in: 3600 } } : {}
        const { id } = await ann.client.post('/api/v1/statuses', { status: `short-lived ${n} #tag @ben`, ...poll }, { check: false })
        const at = `/api/v1/statuses/${id}`
        const acts = others.flatMap(({ client }, k) => [
          [client, 'POST', `${at}/${['favourite', 'reblog', 'bookmark'][(n + k) % 3]}`],
          [client, 'POST', `${at}/${['favourite', 'reblog', 'bookmark'][(n + k + 1) % 3]}`],
          k % 2 ? [client, 'POST', '/api/v1/statuses', { status: '@ann so', in_reply_to_id: id, visibility: k % 3 ? 'private' : 'public' }] : [client, 'POST', `/api/v1/polls/${id}/votes`, { choices: [0] }]
        ])
        acts.splice(n % acts.length, 0, [ann.client, 'DELETE', at])
        if (n % 3 === 0) acts.splice((n + 3) % acts.length, 0, [ann.client, 'PUT', at, { status: `edited ${n} #other @cem` }], [ann.client, 'POST', `${at}/pin`])
        await Promise.all(acts.map((act) => call(...act)))
      }
      assert.deepEqual([...statuses.keys()].filter((status) => ![200, 404, 422].includes(status)), [], JSON.stringify([...statuses]))
      assert.deepEqual(wrongSums(server), {}, 'what does not add up')
    } catch (error) {
      process.stderr.write(`${server.log.join('').slice(-3000)}\n${JSON.stringify(server.exit)}\n`)
      console.error(error.cause)
      throw error
    } finally {
      await server.stop()
      server.discard()
    }
  })
}
