// Values nobody sane would send, in bodies, queries and paths: to a few endpoints each kind of body, then to every
// parameter of every endpoint every bad value. Nothing may answer 5xx, and what comes back must be valid UTF-8 and JSON.
import assert from 'node:assert/strict'
import { Agent, request as ask } from 'node:http'
import { exchange, request } from './lib/raw.mjs'
import { isRefusal, routes, startSiege } from './lib/siege.mjs'

const siege = await startSiege({ accounts: ['mallory', 'victim'], env: { KICAU_PASSWORD_GRANT: 'on', KICAU_REGISTRATIONS: 'open' } })
const { it, port, mallory, victim } = siege
const JSON_TYPE = { 'Content-Type': 'application/json' }
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' }
const post = (body, headers = JSON_TYPE, path = '/api/v1/statuses') => exchange(port, request('POST', path, { token: mallory.token, headers, body }))
const stillWorks = async () => assert.equal((await mallory.call('GET', '/api/v1/accounts/verify_credentials')).status, 200)

// Overlong, surrogates, truncated sequences, beyond U+10FFFF, and bytes that never occur.
const invalid = [[0x80], [0xff], [0xfe, 0xff], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xf0, 0x80, 0x80, 0xaf], [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98]].map((bytes) => Buffer.from(bytes))
const escaped = (bytes) => [...bytes].map((b) => '%' + b.toString(16).padStart(2, '0')).join('')

it('invalid UTF-8 is refused in JSON, forms, multipart, queries and paths', async () => {
  for (const bytes of invalid) {
    const wrap = (before, after) => Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)])
    const name = bytes.toString('hex')
    isRefusal(await post(wrap('{"status":"a', 'b"}')), 400, 422)
    isRefusal(await post(wrap('{"a', 'b":"c","status":"x"}')), 400, 422)
    isRefusal(await post(wrap('status=a', 'b'), FORM_TYPE), 400, 422)
    isRefusal(await post(`status=a${escaped(bytes)}b`, FORM_TYPE), 400, 422)
    isRefusal(await post(wrap('--x\r\nContent-Disposition: form-data; name="status"\r\n\r\na', 'b\r\n--x--\r\n'), { 'Content-Type': 'multipart/form-data; boundary=x' }), 400, 422)
    isRefusal(await post(wrap('--x\r\nContent-Disposition: form-data; name="a', '"\r\n\r\nb\r\n--x--\r\n'), { 'Content-Type': 'multipart/form-data; boundary=x' }), 400, 422)
    for (const target of [`/api/v2/search?q=a${escaped(bytes)}b`, `/api/v1/accounts/lookup?acct=${escaped(bytes)}`, `/api/v1/timelines/tag/a${escaped(bytes)}`, `/@${escaped(bytes)}`]) {
      const reply = await exchange(port, request('GET', target, { token: mallory.token }))
      assert.ok(reply.status >= 400 && reply.status < 500, `${name} ${target}: ${reply.line}`)
    }
  }
  assert.deepEqual(await mallory.get(`/api/v1/accounts/${mallory.id}/statuses`), [])
})

it('NUL in values is refused or kept out, everywhere', async () => {
  isRefusal(await post('{"status":"a\\u0000b"}'), 400, 422)
  isRefusal(await post('status=a%00b', FORM_TYPE), 400, 422)
  for (const target of ['/api/v1/accounts/lookup?acct=victim%00x', '/api/v1/timelines/tag/a%00b', '/@victim%00', '/api/v1/statuses/1%00']) {
    const reply = await exchange(port, request('GET', target, { token: mallory.token }))
    assert.ok(reply.status >= 400 && reply.status < 500, `${target}: ${reply.line}`)
  }
})

it('JSON: deep, wide, broken, or no object', async () => {
  const deep = (open, close, n) => open.repeat(n) + close.repeat(n)
  const bad = {
    '100 000 brackets': deep('[', ']', 100000),
    '100 000 open brackets': '['.repeat(100000),
    '100 000 objects': deep('{"a":', '}', 100000).replace(':}', ':1}'),
    'deep in a field': `{"status":${deep('[', ']', 5000)}}`,
    '1 000 000 elements': `{"status":"x","media_ids":[${'1,'.repeat(400000)}1]}`,
    '10 000 members': `{${Array.from({ length: 10000 }, (_, n) => `"k${n}":1`).join(',')}}`,
    'one long string': `{"status":"${'a'.repeat(900000)}"}`,
    'many escapes': `{"status":"${'\\u0041'.repeat(150000)}"}`,
    'a lone surrogate': '{"status":"\\ud800"}',
    'a lone low surrogate': '{"status":"\\udc00x"}',
    'an array': '["status"]',
    'a string': '"status"',
    'a number': '17',
    'null': 'null',
    'two objects': '{"status":"x"}{"status":"y"}',
    'unfinished': '{"status":"x"',
    'comments': '/* x */{"status":"x"}',
    'a trailing comma': '{"status":"x",}',
    'single quotes': "{'status':'x'}",
    'NaN': '{"status":NaN}',
    'a byte order mark in UTF-16': Buffer.from('\ufeff{"status":"x"}', 'utf16le'),
    '1e400': '{"status":"x","poll":{"options":["a","b"],"expires_in":1e400}}',
    'a number of 100 000 digits': `{"status":"x","in_reply_to_id":${'9'.repeat(100000)}}`,
    '-0 options': '{"status":"x","poll":{"options":[],"expires_in":-0}}',
    'expires never': '{"status":"x","poll":{"options":["a","b"],"expires_in":9223372036854775808}}'
  }
  for (const [name, body] of Object.entries(bad)) {
    const began = Date.now()
    const reply = await post(body)
    assert.ok(reply && reply.status >= 400 && reply.status < 500, `${name}: ${reply && reply.line} ${reply && reply.text}`)
    isRefusal(reply)
    assert.ok(Date.now() - began < 2000, `${name} took ${Date.now() - began} ms`)
  }
  await stillWorks()
})

it('forms: 10 000 parameters, deep names, names that contradict', async () => {
  const bad = {
    '10 000 parameters': 'a=1&'.repeat(10000) + 'status=x',
    '10 000 array elements': 'media_ids[]=1&'.repeat(10000) + 'status=x',
    'a deep name': `a${'[b]'.repeat(10000)}=1&status=x`,
    'contradicting names': 'poll[options][]=a&poll[options][x]=b&status=x',
    'an unclosed bracket': 'poll[options=a&status=x',
    'a bad escape': 'status=%zz',
    'half an escape': 'status=a%2'
  }
  for (const [name, body] of Object.entries(bad)) {
    const reply = await post(body, FORM_TYPE)
    assert.ok(reply.status >= 400 && reply.status < 500, `${name}: ${reply.line} ${reply.text}`)
  }
  const many = Array.from({ length: 2000 }, (_, n) => `--x\r\nContent-Disposition: form-data; name="a${n}"\r\n\r\n1\r\n`).join('') + '--x--\r\n'
  isRefusal(await post(many, { 'Content-Type': 'multipart/form-data; boundary=x' }), 400)
})

it('multipart: no boundary, a bad one, one that never ends, parts without names', async () => {
  const part = '--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nhello\r\n'
  const bad = [
    ['multipart/form-data', part + '--x--\r\n'],
    ['multipart/form-data; boundary=', part + '--x--\r\n'],
    [`multipart/form-data; boundary=${'x'.repeat(1000)}`, part + '--x--\r\n'],
    ['multipart/form-data; boundary=y', part + '--x--\r\n'],
    ['multipart/form-data; boundary=x', part],
    ['multipart/form-data; boundary=x', '--x\r\n\r\nhello\r\n--x--\r\n'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: attachment; name="status"\r\n\r\nhello\r\n--x--\r\n'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="status\r\n\r\nhello\r\n--x--\r\n'],
    ['multipart/form-data; boundary=x', '--x\r\n' + 'X: a\r\n'.repeat(10000) + '\r\n\r\nhello\r\n--x--\r\n'],
    ['multipart/form-data; boundary="x', part + '--x--\r\n']
  ]
  for (const [type, body] of bad) isRefusal(await post(body, { 'Content-Type': type }))
})

it('bodies of a type nobody asked for carry no parameters', async () => {
  for (const type of ['text/plain', 'application/xml', 'application/x-yaml', 'multipart/mixed; boundary=x', 'application/jsonp', '']) {
    isRefusal(await post('{"status":"x"}', type ? { 'Content-Type': type } : {}), 400, 415, 422)
  }
})

// ---- every parameter of every endpoint ----

const numbers = ['-1', '0', '9223372036854775807', '9223372036854775808', '-9223372036854775809', '1e400', '99999999999999999999999999', '0x10', '1.5', ' 1', '+1', '1_000', '١٢', 'NaN']
const strings = ['', ' ', "'", '"; DROP TABLE posts; --', "' OR 1=1 --", '%', '_', '*', '\\', '<script>alert(1)</script>', '../../../../etc/passwd', '\r\nX-Injected: yes', '%0d%0aX-Injected: yes',
  '\u0001\u0002', '\u202e\u2066', '\ufeff', '\ufffe\uffff', 'e\u0301'.repeat(300), '😀'.repeat(250), '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(100), 'a'.repeat(1020), '@'.repeat(500), '#'.repeat(500),
  ':'.repeat(500), 'https://' + 'a.'.repeat(400), '{"a":1}', '[]', 'null', 'true', '${7*7}{{7*7}}', '%s%n%x', '"AND"', 'NEAR(a b)', 'a NOT', '"', '(((((', '-'.repeat(300)]
const values = [...numbers, ...strings]
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

function call (method, target, token, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { ...FORM_TYPE, 'Content-Length': Buffer.byteLength(body) } : {}) }
    const asked = ask({ port, host: '127.0.0.1', agent, method, path: target, headers, timeout: 30000 }, (reply) => {
      const parts = []
      reply.on('data', (part) => parts.push(part))
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, bytes: Buffer.concat(parts) }))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')))
    asked.on('error', (error) => reject(new Error(`${method} ${target} ${body}: ${error.message}`)))
    asked.end(body)
  })
}

function look (where, reply) {
  assert.ok(reply.status < 500 || reply.status === 501, `${where}: ${reply.status} ${reply.bytes.toString().slice(0, 300)}`)
  assert.equal(reply.headers['x-injected'], undefined, where)
  const type = reply.headers['content-type'] || ''
  if (/^image|octet-stream/.test(type)) return
  const text = new TextDecoder('utf-8', { fatal: true }).decode(reply.bytes)
  if (/json/.test(type) && text) JSON.parse(text)
  if (/html/.test(type)) assert.ok(!text.includes('<script>alert'), `${where}: markup of the caller in the page`)
}

// Closing the session, or the account, would end the test.
const spared = new Set(['/oauth/revoke', '/auth/sign_out', '/api/v1/apps', '/api/v1/accounts'])
const good = { id: () => victim.id, acct: () => 'victim' }

it('every endpoint, every parameter, every bad value: no 5xx, no broken reply', async () => {
  const jobs = []
  for (const row of routes()) {
    if (row.reply === 'events' || row.path.startsWith('/api/v1/streaming') || (spared.has(row.path) && row.method !== 'GET')) continue
    const fill = (except, value) => row.path.replace(/:(\w+)\*?/g, (_, name) => name === except ? encodeURIComponent(value) : (good[name] || (() => '1'))())
    for (const param of row.params) {
      for (const value of values) {
        if (param.path) jobs.push([row.method, fill(param.name, value || '%20')])
        else {
          const pair = `${encodeURIComponent(param.name)}=${encodeURIComponent(value)}`
          if (row.body === 'none') jobs.push([row.method, `${fill()}?${pair}`])
          else jobs.push([row.method, fill(), pair])
        }
      }
    }
  }
  assert.ok(jobs.length > 2000, `only ${jobs.length} calls`)
  let at = 0
  const work = async () => {
    for (;;) {
      const job = jobs[at++]
      if (!job) return
      const [method, target, body] = job
      look(`${method} ${target} ${body || ''}`, await call(method, target, mallory.token, body))
    }
  }
  await Promise.all([work(), work(), work(), work()])
  agent.destroy()
  await stillWorks()
}, { timeout: 120000 })

siege.finish()
