// A push service and the apps behind it: takes what a server pushes, and opens it with http_ece, as a browser would.
import assert from 'node:assert/strict'
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer } from 'node:http'
import ece from 'http_ece'
import { until } from './server.mjs'

const json = (part) => JSON.parse(Buffer.from(part, 'base64url'))
const fields = (text, separator) => Object.fromEntries(text.split(separator).map((one) => one.trim().split(/=(.*)/s).slice(0, 2)))

// Whoever holds the private half of `key` says so (RFC 8292 2).
function checkVoucher (voucher, key, audience) {
  const point = Buffer.from(key, 'base64url')
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } })
  const [header, claims, signature] = voucher.split('.')
  assert.deepEqual(json(header), { typ: 'JWT', alg: 'ES256' })
  assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')), 'the voucher is signed by the key it names')
  const { aud, exp, sub, ...more } = json(claims)
  assert.deepEqual(more, {})
  assert.equal(aud, audience)
  assert.ok(exp > Date.now() / 1000 && exp <= Date.now() / 1000 + 24 * 3600, 'it ends within a day')
  assert.match(sub, /^(mailto:|https?:)/)
}

export class App {
  constructor (service, name) {
    this.service = service
    this.name = name
    this.ecdh = createECDH('prime256v1')
    this.ecdh.generateKeys()
    this.secret = randomBytes(16)
    this.received = []
    this.attempts = 0
    this.answer = () => [201]
  }

  get endpoint () { return `${this.service.origin}/send/${this.name}` }
  get keys () { return { p256dh: this.ecdh.getPublicKey('base64url'), auth: this.secret.toString('base64url') } }
  subscription (more = {}) { return { endpoint: this.endpoint, keys: this.keys, ...more } }

  // Subscribes with everything on, or what is said.
  async subscribe (user, { standard, alerts, policy } = {}) {
    const all = Object.fromEntries(['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update', 'admin.sign_up', 'admin.report'].map((name) => [name, true]))
    this.token = user.token
    this.subscribed = await user.post('/api/v1/push/subscription', { subscription: this.subscription({ standard }), data: { alerts: alerts || all, policy } })
    return this.subscribed
  }

  open (request, body) {
    const { headers } = request
    const coding = headers['content-encoding']
    const options = { version: coding, privateKey: this.ecdh, authSecret: this.secret.toString('base64url') }
    if (coding === 'aesgcm') {
      const { dh, p256ecdsa } = fields(headers['crypto-key'], ';')
      Object.assign(options, { dh, salt: fields(headers.encryption, ';').salt })
      checkVoucher(headers.authorization.replace(/^WebPush /, ''), p256ecdsa, this.service.origin)
      assert.equal(p256ecdsa, this.subscribed.server_key)
    } else {
      const { t, k } = fields(headers.authorization.replace(/^vapid /, ''), ',')
      checkVoucher(t, k, this.service.origin)
      assert.equal(k, this.subscribed.server_key)
    }
    assert.ok(body.length <= 4096)
    return JSON.parse(ece.decrypt(body, options).toString())
  }

  next (what, test = () => true) {
    return until(`a push to ${this.name}: ${what}`, async () => {
      const at = this.received.findIndex((one) => test(one.payload))
      return at >= 0 && this.received.splice(at, 1)[0]
    }, { timeout: 15000 })
  }
}

export class PushService {
  constructor () {
    this.apps = new Map()
    this.errors = []
    this.hung = new Set()
  }

  async start () {
    this.server = createServer((request, response) => {
      const parts = []
      request.on('data', (part) => parts.push(part))
      request.on('end', () => this.take(request, Buffer.concat(parts), response))
    })
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.server.unref()
    this.origin = `http://localhost:${this.server.address().port}`
    return this
  }

  app (name) {
    const app = new App(this, name)
    this.apps.set(`/send/${name}`, app)
    return app
  }

  take (request, body, response) {
    const app = this.apps.get(request.url)
    if (!app || request.method !== 'POST') return response.writeHead(404).end()
    app.attempts++
    const [status, headers] = app.answer(request)
    if (!status) return this.hung.add(response)
    try {
      if (status < 300) app.received.push({ payload: app.open(request, body), headers: request.headers, body })
    } catch (error) { this.errors.push(error) }
    response.writeHead(status, headers).end()
  }

  stop () {
    for (const response of this.hung) response.destroy()
    this.server.close()
    this.server.closeAllConnections?.()
    if (this.errors.length) throw this.errors[0]
  }
}
