// Attacks on streams: frames that are wrong, too large, too many; clients that vanish, or never read.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { sleep, until } from '../api/lib/server.mjs'
import { Socket } from '../api/lib/stream.mjs'
import { exchange, request, Wire } from './lib/raw.mjs'
import { bounded, rss, startSiege } from './lib/siege.mjs'

const siege = await startSiege({ accounts: ['mallory', 'listener'], env: { KICAU_CONNECTIONS_PER_IP: '5000' } })
const { it, port, server, mallory, listener } = siege

const handshake = (token, more = {}, path = '/api/v1/streaming?stream=user') => request('GET', path, {
  token, headers: { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...more }
})

// A frame as written; lengths may lie.
function frame (payload, { opcode = 1, fin = true, masked = true, rsv = 0, length } = {}) {
  const data = Buffer.from(payload)
  const size = length ?? data.length
  const head = [(fin ? 0x80 : 0) | rsv << 4 | opcode]
  const mask = masked ? 0x80 : 0
  if (size < 126) head.push(mask | size)
  else if (size < 65536) head.push(mask | 126, size >> 8, size & 255)
  else head.push(mask | 127, ...[7, 6, 5, 4, 3, 2, 1, 0].map((n) => Number(BigInt(size) >> BigInt(8 * n) & 255n)))
  if (!masked) return Buffer.concat([Buffer.from(head), data])
  const key = randomBytes(4)
  return Buffer.concat([Buffer.from(head), key, data.map((byte, n) => byte ^ key[n & 3])])
}

async function upgraded (token = mallory.token) {
  const wire = new Wire(port)
  await wire.write(handshake(token))
  await until('101', () => wire.bytes.includes('\r\n\r\n'), { timeout: 5000, every: 5 })
  assert.match(wire.bytes.toString('latin1'), /^HTTP\/1\.1 101/)
  wire.bytes = wire.bytes.subarray(wire.bytes.indexOf('\r\n\r\n') + 4)
  return wire
}

const closeCode = (wire) => {
  const at = wire.bytes.indexOf(0x88)
  return at < 0 || wire.bytes.length < at + 4 ? undefined : wire.bytes.readUInt16BE(at + 2)
}

// An honest listener beside, before and after everything.
const honest = await new Socket(server.base, { token: listener.token, stream: 'user' }).open()
async function stillHeard () {
  const { id } = await listener.post('/api/v1/statuses', { status: `heard ${Date.now()}` })
  await honest.next('update', (post) => post.id === id)
}

it('handshakes that are none', async () => {
  for (const more of [{ 'Sec-WebSocket-Key': 'short' }, { 'Sec-WebSocket-Key': 'x'.repeat(5000) }, { 'Sec-WebSocket-Version': '8' }, { Upgrade: 'h2c' }, { Connection: 'close' }, { 'Sec-WebSocket-Key': '' }]) {
    const reply = await exchange(port, handshake(mallory.token, more))
    assert.ok(reply.status >= 400 && reply.status < 500, JSON.stringify(more).slice(0, 60) + reply.line)
  }
  for (const path of ['/api/v1/timelines/home', '/', '/api/v1/streaming/health', '/media/x']) {
    const reply = await exchange(port, handshake(mallory.token, {}, path))
    assert.notEqual(reply.status, 101, path)
  }
  const anonymous = await exchange(port, handshake(undefined))
  assert.equal(anonymous.status, 401)
  const evil = await exchange(port, handshake(mallory.token, { 'Sec-WebSocket-Protocol': 'x\r\nX-Injected: yes'.replace('\r\n', '%0d%0a'), 'Sec-WebSocket-Extensions': 'permessage-deflate; '.repeat(200) }))
  assert.equal(evil.headers['x-injected'], undefined)
})

it('frames that break the rules end the connection, and only that', async () => {
  const bad = {
    'not masked': frame('{"type":"subscribe","stream":"user"}', { masked: false }),
    'reserved bits': frame('x', { rsv: 4 }),
    'an unknown opcode': frame('x', { opcode: 3 }),
    'an unknown control opcode': frame('x', { opcode: 11 }),
    'a ping of 126 bytes': frame('x'.repeat(126), { opcode: 9 }),
    'a ping in pieces': frame('x', { opcode: 9, fin: false }),
    'a continuation of nothing': frame('x', { opcode: 0 }),
    'a new text inside a text': Buffer.concat([frame('x', { fin: false }), frame('y')]),
    'a text of 9 KiB': frame('x'.repeat(9 << 10)),
    'a text that says it has 2^62 bytes': frame('x', { length: Number(2n ** 62n) }),
    'a text that says it has 2^63 bytes': frame('x', { length: Number(2n ** 63n) }),
    'a text that is not UTF-8': frame(Buffer.from([0xff, 0xfe, 0x80])),
    'half a character': frame(Buffer.from([0xe2, 0x82])),
    'a close of one byte': frame('x', { opcode: 8 }),
    'a close with a code of nobody': frame(Buffer.from([0x03, 0xe7]), { opcode: 8 }),
    'a close with words that are not UTF-8': frame(Buffer.from([0x03, 0xe8, 0xff]), { opcode: 8 }),
    'a text in 1 000 pieces of 100 bytes': Buffer.concat([frame('x'.repeat(100), { fin: false }), ...Array.from({ length: 1000 }, () => frame('x'.repeat(100), { opcode: 0, fin: false }))])
  }
  await Promise.all(Object.entries(bad).map(async ([name, bytes]) => {
    const wire = await upgraded()
    await wire.write(bytes)
    assert.ok(await wire.isClosed(8000), `${name}: the connection stays`)
    const code = closeCode(wire)
    assert.ok(code === undefined || (code >= 1000 && code <= 1011), `${name}: ${code}`)
    wire.close()
  }))
  await stillHeard()
})

it('what is said is bounded: nonsense, subscriptions without end, too many messages', async () => {
  const wire = await upgraded()
  for (const text of ['', 'x', '{', '[]', 'null', '{"type":1}', '{"type":"subscribe"}', '{"type":"subscribe","stream":7}', '{"type":"subscribe","stream":"nothing"}', `{"type":"subscribe","stream":"hashtag","tag":"${'a'.repeat(5000)}"}`,
    '{"type":"subscribe","stream":"list","list":"-1"}', '{"type":"subscribe","stream":"list","list":"99999999999999999999"}', '['.repeat(4000), '{"type":"unsubscribe","stream":"user"}', '{"type":"subscribe","stream":"user\\u0000x"}']) await wire.write(frame(text))
  for (let n = 0; n < 200; n++) await wire.write(frame(`{"type":"subscribe","stream":"hashtag","tag":"tag${n}"}`))
  await sleep(300)
  assert.ok(!wire.ended)
  assert.match(wire.bytes.toString('latin1'), /"error"/)
  for (let n = 0; n < 400; n++) await wire.write(frame('{"type":"unsubscribe","stream":"public"}'))
  assert.ok(await wire.isClosed(8000), 'a client that talks without end is sent away')
  wire.close()
  await stillHeard()
})

it('pings without end are answered or ended, in bounded memory', async () => {
  const before = rss(siege.pid)
  const wires = await Promise.all(Array.from({ length: 20 }, () => upgraded()))
  for (const wire of wires) {
    wire.socket.pause() // and never reads the answers
    wire.write(Buffer.concat(Array.from({ length: 20000 }, () => frame('x'.repeat(125), { opcode: 9 }))))
  }
  await sleep(1500)
  const grown = rss(siege.pid) - before
  for (const wire of wires) wire.close()
  bounded(grown, 64 << 20, `${grown >> 20} MiB`)
  await stillHeard()
})

it('clients that vanish at every moment of their life', async () => {
  for (let round = 0; round < 6; round++) {
    await Promise.all(Array.from({ length: 100 }, async (_, n) => {
      const wire = new Wire(port)
      const bytes = n % 2 ? handshake(mallory.token) : request('GET', '/api/v1/streaming/user', { token: mallory.token })
      const early = n % 4 === 1 ? Buffer.concat([bytes, frame('{"type":"subscribe","stream":"public"}'), frame('', { opcode: 8 })]) : bytes
      await wire.write(n % 5 === 0 ? early.subarray(0, early.length - 3) : early)
      if (n % 3) await sleep(n % 7)
      if (n % 11 === 0) wire.socket.resetAndDestroy()
      else if (n % 2) wire.socket.end()
      wire.close()
    }))
    await stillHeard()
  }
})

it('listeners that never read are dropped, and nobody waits for them', async () => {
  const deaf = await Promise.all(Array.from({ length: 30 }, async (_, n) => {
    const wire = n % 2 ? await upgraded() : new Wire(port)
    if (n % 2 === 0) await wire.write(request('GET', '/api/v1/streaming/user', { token: mallory.token }))
    wire.socket.pause()
    return wire
  }))
  await sleep(200)
  const before = rss(siege.pid)
  const text = 'a long word '.repeat(38)
  for (let n = 0; n < 40; n++) await Promise.all(Array.from({ length: 10 }, () => mallory.post('/api/v1/statuses', { status: text })))
  const grown = rss(siege.pid) - before
  bounded(grown, 96 << 20, `${grown >> 20} MiB for thirty deaf listeners`)
  await stillHeard()
  for (const wire of deaf) wire.close()
})

it('a stream is for its token\'s scopes, and for one\'s own lists', async () => {
  const narrow = await server.token('mallory', 'write')
  const over = new Wire(port)
  await over.write(handshake(narrow))
  await over.write(frame('{"type":"subscribe","stream":"user"}'))
  const events = new Wire(port)
  await events.write(request('GET', '/api/v1/streaming/user', { token: narrow }))
  await sleep(200)
  await mallory.post('/api/v1/statuses', { status: 'not for that token' })
  await sleep(300)
  for (const wire of [over, events]) {
    assert.match(wire.bytes.toString('latin1'), /"error"/)
    assert.ok(!wire.bytes.includes('not for that token'))
    wire.close()
  }
  const list = await listener.post('/api/v1/lists', { title: 'mine' })
  const theirs = await exchange(port, request('GET', `/api/v1/streaming/list?list=${list.id}`, { token: mallory.token }))
  const nobodys = await exchange(port, request('GET', `/api/v1/streaming/list?list=${BigInt(list.id) + 999n}`, { token: mallory.token }))
  assert.ok(theirs.status >= 400)
  assert.deepEqual([theirs.status, theirs.text], [nobodys.status, nobodys.text])
})

it('the honest listener is closed in order', () => { honest.close() })

siege.finish()
