// Counts are bounded by ids, and paged, as searches are.
import assert from 'node:assert/strict'
import { key, Licensee, startMarket } from './lib/market.mjs'

const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'], env: { KICAU_WITHHOLD_PPM: '0' } })
const acme = new Licensee(server.base, await key(server, 'counter', 'pro'))
it('counts are bounded as searches are', async () => {
  const ids = []
  for (let i = 0; i < 12; i++) ids.push((await alice.post('/api/v1/statuses', { status: `finch ${i}` })).id)
  for (const bounds of [{}, { until_id: '5' }, { since_id: ids[3] }, { until_id: ids[8] }, { since_id: ids[3], until_id: ids[8] }, { since_id: ids[11] }]) {
    const found = (await acme.get('/2/tweets/search/recent', { query: 'finch', max_results: 100, ...bounds })).meta.result_count
    const counts = await acme.get('/2/tweets/counts/recent', { query: 'finch', ...bounds })
    assert.equal(counts.meta.total_tweet_count, found, JSON.stringify(bounds))
  }
  for (const name of ['next_token', 'pagination_token']) {
    assert.equal((await acme.get('/2/tweets/counts/recent', { query: 'finch', [name]: ids[6] })).meta.total_tweet_count, 6)
    assert.equal((await acme.call('/2/tweets/counts/recent', { query: 'finch', [name]: 'x' })).status, 400)
  }
})
