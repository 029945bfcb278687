// Where strangers may have the server connect to, as it is installed: nowhere on its own network, and not without a good
// certificate.
import assert from 'node:assert/strict'
import { createServer as listen } from 'node:net'
import { createServer } from 'node:https'
import { after } from 'node:test'
import { startWorld, until } from './lib/server.mjs'
import { App, PushService } from './lib/push.mjs'
import { selfSigned } from './lib/surface/recorder.mjs'
import { PRIVATE_ADDRESSES } from './lib/settings.mjs'

const path = '/api/v1/push/subscription'
const metric = async (server, name) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${server.base}/metrics`)).text())[1])
const failed = (server, more) => until('the push to fail', async () => await metric(server, 'kicau_pushes_failed_total') >= more)
const bound = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => { server.unref(); resolve(server.address().port) }))

const guarded = await startWorld({ accounts: ['alice', 'bob'] })
const open = await startWorld({ accounts: ['carol', 'dave'], env: PRIVATE_ADDRESSES })

guarded.it('a private address is not connected to, by whatever name', async ({ server, alice, bob }) => {
  let connections = 0
  const port = await bound(listen((socket) => { connections++; socket.destroy() }))
  const app = new App({ origin: `http://127.0.0.1:${port}` }, 'app')
  await alice.call('POST', path, { json: { subscription: app.subscription() }, status: 422 }) // not https
  let pushes = 0
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1']) {
    app.service.origin = `https://${host}:${port}`
    const { status } = await fetch(server.base + path, { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ subscription: app.subscription(), data: { alerts: { mention: true } } }) })
    if (status === 422) continue // not even an address
    await bob.post('/api/v1/statuses', { status: `@alice ${host}` })
    await failed(server, ++pushes)
  }
  assert.ok(pushes >= 2)
  assert.equal(connections, 0)
})

open.it('a service whose certificate nobody vouches for gets nothing', async ({ server, carol, dave }) => {
  let requests = 0
  const service = createServer(selfSigned(), (request, response) => { requests++; response.end() })
  after(() => service.close())
  const port = await bound(service)
  const app = new App({ origin: `https://localhost:${port}` }, 'app')
  await app.subscribe(carol)
  await dave.post('/api/v1/statuses', { status: '@carol hm' })
  await failed(server, 1)
  assert.equal(requests, 0)
})

open.it('a server ends while pushes hang, and none is lost', async ({ server, carol, dave }) => {
  const service = await new PushService().start()
  after(() => service.stop())
  const app = service.app('late')
  app.answer = () => [0]
  await app.subscribe(carol, { standard: true })
  for (let n = 0; n < 12; n++) await dave.post('/api/v1/statuses', { status: `@carol ${n}` })
  await until('some to hang', () => service.hung.size > 0)
  await server.stop()
  assert.deepEqual(server.exit, { code: 0, signal: null })
  for (const response of service.hung) response.destroy()
  app.answer = () => [201]
  delete server.exit
  server.stopping = false
  await server.start()
  await until('all twelve', () => new Set(app.received.map((one) => one.payload.body)).size === 12, { timeout: 20000 })
})
