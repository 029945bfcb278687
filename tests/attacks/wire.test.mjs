// Requests that are malformed, oversized, truncated, contradictory, pipelined or slow.
import assert from 'node:assert/strict'
import { sleep, until } from '../api/lib/server.mjs'
import { exchange, request, Wire } from './lib/raw.mjs'
import { bounded, isRefusal, rss, sanitized, startSiege } from './lib/siege.mjs'

const siege = await startSiege({ accounts: ['mallory'], env: { KICAU_REQUEST_SECONDS: '3', KICAU_IDLE_SECONDS: '5', KICAU_CONNECTIONS_PER_IP: '700' } })
const { it, port, mallory } = siege
const GET = 'GET /api/v2/instance HTTP/1.1\r\n'
const HOST = 'Host: localhost\r\n'
const SMUGGLED = 'GET /api/v1/custom_emojis HTTP/1.1\r\nHost: smuggled\r\n\r\n'
const POST = 'POST /api/v1/apps HTTP/1.1\r\n' + HOST

// What two readers may understand differently: refused, and whatever comes behind it is not read as a request.
const contradictory = {
  'Content-Length twice, different': POST + 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
  'Content-Length twice, the same': POST + 'Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd',
  'a list of lengths': POST + 'Content-Length: 4, 4\r\n\r\nabcd',
  'Content-Length and Transfer-Encoding': POST + 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding and Content-Length': POST + 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding twice': POST + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding twice, one unknown': POST + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding with a vertical tab': POST + 'Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding with a blank before the colon': POST + 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding in HTTP/1.0': 'POST /api/v1/apps HTTP/1.0\r\n' + HOST + 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'negative length': POST + 'Content-Length: -1\r\n\r\n',
  'length with a plus': POST + 'Content-Length: +4\r\n\r\nabcd',
  'length in hexadecimal': POST + 'Content-Length: 0x4\r\n\r\nabcd',
  'length that is empty': POST + 'Content-Length:\r\n\r\nabcd',
  'length of 2^64': POST + 'Content-Length: 18446744073709551616\r\n\r\n',
  'length of 2^64 + 4': POST + 'Content-Length: 18446744073709551620\r\n\r\nabcd',
  'length behind an underscore': POST + 'Content_Length: 4\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\n',
  'folded header': GET + HOST + 'X-Folded: a\r\n b\r\n\r\n',
  'folded Content-Length': POST + 'Content-Length:\r\n 4\r\n\r\nabcd',
  'folded Transfer-Encoding': POST + 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
  'first header folded': GET + ' Host: localhost\r\n\r\n',
  'no Host': GET + '\r\n',
  'two Hosts': GET + HOST + HOST + '\r\n',
  'Host with a blank': GET + 'Host: a b\r\n\r\n',
  'Host with a path': GET + 'Host: localhost/x\r\n\r\n',
  'Host with a user': GET + 'Host: user@localhost\r\n\r\n',
  'NUL in a header': GET + HOST + 'X-Nul: a\0b\r\n\r\n',
  'NUL in a header name': GET + HOST + 'X-\0Nul: a\r\n\r\n',
  'NUL in the target': 'GET /api/v2/inst\0ance HTTP/1.1\r\n' + HOST + '\r\n',
  'NUL in the method': 'G\0ET /api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n',
  'bare CR in a header': GET + HOST + 'X-Bare: a\rX-Other: b\r\n\r\n',
  'control character in a header': GET + HOST + 'X-Control: a\x01b\r\n\r\n',
  'blank before the colon': GET + HOST + 'X-Blank : a\r\n\r\n',
  'no colon': GET + HOST + 'NoColonHere\r\n\r\n',
  'an empty name': GET + HOST + ': a\r\n\r\n',
  'no version': 'GET /api/v2/instance\r\n' + HOST + '\r\n',
  'version of nobody': 'GET /api/v2/instance HTTP/9.9\r\n' + HOST + '\r\n',
  'version in lower case': 'GET /api/v2/instance http/1.1\r\n' + HOST + '\r\n',
  'two blanks in the request line': 'GET  /api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n',
  'a tab in the request line': 'GET\t/api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n',
  'a blank in the target': 'GET /api/v2/ instance HTTP/1.1\r\n' + HOST + '\r\n',
  'a fragment in the target': 'GET /api/v2/instance#x HTTP/1.1\r\n' + HOST + '\r\n',
  'a target without a slash': 'GET api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n',
  'method with a bracket': 'GE(T /api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n',
  'preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'TLS on a plain port': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + 'x'.repeat(100) + '\r\n\r\n',
  'CONNECT': 'CONNECT example.com:443 HTTP/1.1\r\n' + HOST + '\r\n',
  TRACE: 'TRACE / HTTP/1.1\r\n' + HOST + '\r\n',
  'an unknown method': 'BREW /api/v2/instance HTTP/1.1\r\n' + HOST + '\r\n'
}
// These are wrong, but their end is where everybody sees it: the next request may be answered.
const harmless = ['TRACE', 'CONNECT', 'an unknown method']

for (const [name, bytes] of Object.entries(contradictory)) {
  it(`contradictory: ${name}`, async () => {
    const wire = new Wire(port)
    await wire.write(bytes + SMUGGLED)
    const reply = await wire.reply()
    // libmicrohttpd drops what is no HTTP at all without a word.
    if (reply) assert.ok(reply.status >= 400 && reply.status < 500 || [501, 505].includes(reply.status), reply.line)
    if (!harmless.includes(name)) {
      assert.equal(await wire.reply(), null, 'what stood behind was answered too')
      assert.ok(await wire.isClosed())
    }
    wire.close()
  })
}

const chunked = POST + 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunks = {
  'size is no number': 'zz\r\nabc\r\n0\r\n\r\n',
  'negative size': '-1\r\nabc\r\n0\r\n\r\n',
  'size of 2^64': '10000000000000000\r\nabc\r\n0\r\n\r\n',
  'size of 2^63': '8000000000000000\r\nabc\r\n0\r\n\r\n',
  'size with 0x': '0x3\r\nabc\r\n0\r\n\r\n',
  'no line end behind the data': '3\r\nabcd\r\n0\r\n\r\n',
  'empty size': '\r\nabc\r\n0\r\n\r\n',
  'endless extension': '3;' + 'a'.repeat(100000) + '\r\nabc\r\n0\r\n\r\n'
}
for (const [name, body] of Object.entries(chunks)) {
  it(`bad chunks: ${name}`, async () => {
    const wire = new Wire(port)
    await wire.write(chunked + body + SMUGGLED)
    const reply = await wire.reply()
    // An extension over the connection's memory never reaches us: libmicrohttpd 0.9 gives its own 500 and closes.
    const own = name === 'endless extension' && reply && reply.status === 500
    if (reply && !own) assert.ok(reply.status >= 400 && reply.status < 500, reply.line)
    assert.equal(await wire.reply(), null, 'what stood behind was answered too')
    assert.ok(await wire.isClosed())
    wire.close()
  })
}

it('good chunks are read as one body', async () => {
  const reply = await exchange(port, chunked + '5\r\n{"cli\r\n1f;x=y\r\nent_name":"a","redirect_uris":"\r\n1b\r\nurn:ietf:wg:oauth:2.0:oob"}\r\n0\r\n\r\n')
  assert.ok([200, 422].includes(reply.status), reply.text)
})

it('a bare LF ends no request that carries another', async () => {
  const wire = new Wire(port)
  await wire.write('GET /api/v2/instance HTTP/1.1\nHost: localhost\n\n' + SMUGGLED)
  const reply = await wire.reply()
  // Refusing is right; reading it as a line end (RFC 9112 2.2) is allowed, as long as both requests are seen alike.
  if (reply && reply.status === 200) assert.equal((await wire.reply()).status, 200)
  else assert.equal(await wire.reply(), null)
  wire.close()
})

it('the absolute form names the same resource; another host in it changes nothing', async () => {
  for (const target of ['http://localhost/api/v2/instance', 'HTTP://evil.example/api/v2/instance', `http://localhost:${port}/api/v2/instance?x=1`]) {
    const reply = await exchange(port, request('GET', target))
    assert.equal(reply.status, 200, target)
    assert.doesNotMatch(reply.text, /evil/)
  }
  isRefusal(await exchange(port, request('GET', 'ftp://localhost/api/v2/instance')))
  isRefusal(await exchange(port, request('GET', 'http://')), 404, 400, 200)
})

it('a Host of somebody else is written into nothing', async () => {
  for (const path of ['/', '/auth/sign_in', '/api/v1/timelines/public', '/api/v2/instance', '/@innocent', '/.well-known/nodeinfo', '/api/v1/directory?local=true&limit=1']) {
    const reply = await exchange(port, request('GET', path, { host: 'evil.example', headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '1.2.3.4' } }))
    assert.ok(reply.status < 500, path)
    assert.ok(!reply.head.includes('evil.example') && !reply.text.includes('evil.example'), path)
  }
})

it('too much head: one line, one header, many headers', async () => {
  const much = {
    'a target of 100 000': ['GET /' + 'a'.repeat(100000) + ' HTTP/1.1\r\n' + HOST + '\r\n', [414, 431, 400]],
    'a query of 30 000': ['GET /api/v2/instance?' + 'a'.repeat(30000) + ' HTTP/1.1\r\n' + HOST + '\r\n', [414, 431, 400]],
    'a query of 10 000 parameters': ['GET /api/v2/instance?' + 'a&'.repeat(7000) + ' HTTP/1.1\r\n' + HOST + '\r\n', [400, 414, 431]],
    'a header of 100 000': [GET + HOST + 'X-Long: ' + 'a'.repeat(100000) + '\r\n\r\n', [431, 400]],
    'a header name of 20 000': [GET + HOST + 'X'.repeat(20000) + ': a\r\n\r\n', [431, 400]],
    '10 000 headers': [GET + HOST + Array.from({ length: 10000 }, (_, n) => `X-${n}: a\r\n`).join('') + '\r\n', [431, 400]],
    '10 000 empty headers': [GET + HOST + 'a:\r\n'.repeat(10000) + '\r\n', [431, 400]],
    '101 headers': [GET + HOST + 'a:\r\n'.repeat(100) + '\r\n', [431]],
    '1 000 cookies': [GET + HOST + 'Cookie: a=b\r\n'.repeat(1000) + '\r\n', [431, 400]],
    'a method of 50 000': ['G'.repeat(50000) + ' / HTTP/1.1\r\n' + HOST + '\r\n', [400, 414, 431, 501]]
  }
  for (const [name, [bytes, statuses]] of Object.entries(much)) {
    const reply = await exchange(port, bytes)
    assert.ok(reply && statuses.includes(reply.status), `${name}: ${reply && reply.line}`)
  }
})

it('too much body: with a length, in chunks, with and without a login', async () => {
  const big = (token, path, size) => request('POST', path, { token, headers: { 'Content-Type': 'application/json' }, body: Buffer.alloc(size, 0x20) })
  isRefusal(await exchange(port, big(undefined, '/api/v1/apps', 65 * 1024)), 413)
  isRefusal(await exchange(port, big(undefined, '/oauth/token', 65 * 1024)), 413)
  isRefusal(await exchange(port, big(undefined, '/api/v1/statuses', 65 * 1024)), 413)
  isRefusal(await exchange(port, big('nonsense', '/api/v2/media', 1 << 20)), 413)
  isRefusal(await exchange(port, big(mallory.token, '/api/v1/statuses', (1 << 20) + 1)), 413)
  isRefusal(await exchange(port, big(mallory.token, '/api/v2/media', 45 << 20)), 413)
  for (const [token, size] of [[undefined, 128 << 10], [mallory.token, 2 << 20]]) {
    const wire = new Wire(port)
    await wire.write(`POST /api/v1/statuses HTTP/1.1\r\n${HOST}${token ? `Authorization: Bearer ${token}\r\n` : ''}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`)
    for (let sent = 0; sent < size && !wire.ended; sent += 16384) await wire.write('4000\r\n' + ' '.repeat(16384) + '\r\n')
    isRefusal(await wire.reply(), 413)
    assert.equal(await wire.reply(), null)
    wire.close()
  }
})

it('a length that is promised costs no memory before it arrives', async () => {
  const before = rss(siege.pid)
  const wires = []
  for (let n = 0; n < 100; n++) {
    const wire = new Wire(port)
    wires.push(wire)
    await wire.write(`POST /api/v2/media HTTP/1.1\r\n${HOST}Authorization: Bearer ${mallory.token}\r\nContent-Type: image/png\r\nContent-Length: ${17 << 20}\r\n\r\nx`)
  }
  await sleep(300)
  const grown = rss(siege.pid) - before
  for (const wire of wires) wire.close()
  bounded(grown, 32 << 20, `${grown >> 20} MiB for 1.7 GB of promises`)
})

it('bodies of all together are bounded too: beyond 256 MiB it is 503', async () => {
  const before = rss(siege.pid)
  const part = Buffer.alloc(15 << 20, 0x20)
  const head = `POST /api/v2/media HTTP/1.1\r\n${HOST}Authorization: Bearer ${mallory.token}\r\nContent-Type: image/png\r\nContent-Length: ${17 << 20}\r\n\r\n`
  const wires = Array.from({ length: 24 }, () => new Wire(port))
  let most = 0
  const watch = setInterval(() => { most = Math.max(most, rss(siege.pid)) }, 20)
  for (const wire of wires) { wire.write(head); wire.write(part) }
  const replies = await Promise.all(wires.map((wire) => wire.reply({ timeout: 4000 }).catch(() => undefined)))
  clearInterval(watch)
  for (const wire of wires) wire.close()
  const refused = replies.filter((reply) => reply && reply.status === 503)
  assert.ok(refused.length > 0, `no 503 among ${replies.map((r) => r && r.status)}`)
  assert.ok(refused[0].headers['retry-after'])
  bounded(most - before, 320 << 20, `grew by ${(most - before) >> 20} MiB meanwhile`)
  await until('memory comes back', () => sanitized || rss(siege.pid) - before < 48 << 20, { timeout: 8000 })
})

it('truncated anywhere, a request is never acted upon', async ({ mallory }) => {
  const body = JSON.stringify({ status: 'half a request', visibility: 'public' })
  const whole = request('POST', '/api/v1/statuses', { token: mallory.token, headers: { 'Content-Type': 'application/json' }, body })
  const cuts = Array.from({ length: whole.length }, (_, n) => n).filter((n) => n % 5 === 0 || n > whole.length - 20)
  await Promise.all(cuts.map(async (cut) => {
    const wire = new Wire(port)
    await wire.write(whole.subarray(0, cut))
    wire.socket.end()
    const reply = await wire.reply({ timeout: 6000 }).catch(() => null)
    assert.ok(!reply || reply.status >= 400, `cut at ${cut}: ${reply && reply.line}`)
    wire.close()
  }))
  const posts = await mallory.get(`/api/v1/accounts/${mallory.id}/statuses`)
  assert.deepEqual(posts, [])
})

it('pipelined: 200 requests at once are answered in order, each once', async () => {
  const wire = new Wire(port)
  const paths = Array.from({ length: 200 }, (_, n) => n % 3 === 1 ? ['GET', `/api/v1/nothing/${n}`, 404] : n % 3 === 2 ? ['HEAD', '/api/v2/instance', 200] : ['GET', '/api/v1/custom_emojis', 200])
  await wire.write(Buffer.concat(paths.map(([method, path]) => request(method, path))))
  for (const [method, path, status] of paths) {
    const reply = await wire.reply({ head: method === 'HEAD' })
    assert.equal(reply.status, status, path)
    if (path === '/api/v1/custom_emojis') assert.equal(reply.text, '[]')
  }
  wire.close()
})

it('pipelined writes are done in order; a bad one ends it', async ({ mallory }) => {
  const wire = new Wire(port)
  const post = (n) => request('POST', '/api/v1/statuses', { token: mallory.token, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ status: `pipelined ${n}`, visibility: 'private' }) })
  await wire.write(Buffer.concat([post(1), post(2), post(3), Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'), post(4)]))
  const said = []
  for (let reply; (reply = await wire.reply());) said.push(reply.status)
  assert.deepEqual(said, [200, 200, 200, 400])
  const posts = await mallory.get(`/api/v1/accounts/${mallory.id}/statuses`)
  assert.deepEqual(posts.map((post) => post.content), ['<p>pipelined 3</p>', '<p>pipelined 2</p>', '<p>pipelined 1</p>'])
})

it('Expect: 100-continue is answered, an unknown expectation does no harm', async () => {
  const wire = new Wire(port)
  await wire.write(`POST /api/v1/apps HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n`)
  await until('100', () => wire.bytes.includes('100 Continue'), { timeout: 2000 })
  await wire.write('{}')
  isRefusal(await wire.reply(), 422)
  wire.close()
  const other = await exchange(port, request('POST', '/api/v1/apps', { headers: { Expect: 'a miracle', 'Content-Type': 'application/json' }, body: '{}' }))
  assert.ok(other.status >= 400 && other.status < 500)
})

// A byte a second, on 600 connections, for longer than a request may take.
it('slow clients are sent away, and nobody else notices', async () => {
  const kinds = [
    'GET /api/v1/custom_emojis HTTP/1.1\r\nHost: localhost\r\nX-Slow: ' + 'a'.repeat(100),
    'POST /api/v1/apps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n' + ' '.repeat(1000),
    'POST /api/v1/apps HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n' + '1\r\na\r\n'.repeat(100)
  ]
  const wires = Array.from({ length: 600 }, (_, n) => {
    const wire = new Wire(port)
    const bytes = kinds[n % 3]
    const head = n % 3 ? bytes.indexOf('\r\n\r\n') + 4 : 60
    wire.write(bytes.slice(0, head))
    let at = head
    wire.timer = setInterval(() => { wire.write(bytes[at++] || ' ') }, 1000)
    return wire
  })
  const began = Date.now()
  const replies = await Promise.all(wires.map((wire) => wire.reply({ timeout: 12000 })))
  const took = Date.now() - began
  for (const wire of wires) clearInterval(wire.timer)
  for (const reply of replies) isRefusal(reply, 408)
  assert.ok(took < 9000, `${took} ms`)
  for (const wire of wires) { assert.ok(await wire.isClosed()); wire.close() }
})

it('connections that say nothing are closed; more than one address may have are refused', async () => {
  const wires = Array.from({ length: 750 }, () => new Wire(port))
  const closed = await Promise.all(wires.map((wire) => wire.isClosed(8000)))
  assert.equal(closed.filter((c) => !c).length, 0, 'idle connections stay')
  for (const wire of wires) wire.close()
})

it('a reader that never reads holds nothing for ever', async () => {
  const wires = Array.from({ length: 20 }, () => {
    const wire = new Wire(port)
    wire.socket.pause()
    wire.write(Buffer.concat(Array.from({ length: 200 }, () => request('GET', '/assets/style.css'))))
    return wire
  })
  await sleep(1000)
  const grown = rss(siege.pid) - siege.before.rss
  for (const wire of wires) wire.close()
  bounded(grown, 96 << 20, `${grown >> 20} MiB`)
})

siege.finish()
