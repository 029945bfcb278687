// What the ledger publishes and proves, checked by those who trust nobody: tools/verify/ledger.mjs, and Go's own
// implementation of such logs. And forged ledgers, of which not one bit passes.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { binary, startWorld } from './lib/server.mjs'

const { it, server } = await startWorld()
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const ledger = join(server.data, 'ledger')
const url = `${server.base}/.well-known/kicau-ledger`
const keyFile = join(ledger, 'key.public')
const text = (path) => readFileSync(path, 'utf8')
const scratch = (name, content) => { const file = join(server.data, name); writeFileSync(file, content); return file }

// As much as a stranger has.
const check = (...args) => new Promise((resolve) => execFile('node', [join(root, 'tools/verify/ledger.mjs'), ...args], (error, stdout, stderr) => resolve({ code: error ? error.code : 0, words: stdout + stderr })))
const holds = async (...args) => { const { code, words } = await check(...args); assert.equal(code, 0, words); return words }
const refused = async (words, ...args) => { const found = await check(...args); assert.equal(found.code, 1, found.words); assert.match(found.words, words) }

// The program that fills a ledger is built like the server under test.
function fill (count, into = ledger) {
  const folder = dirname(binary); const program = join(folder, 'bench/ledger_fill'); const mode = relative(join(root, 'build'), folder) || 'release'
  execFileSync('make', ['-s', `MODE=${mode}`, relative(root, program)], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  return execFileSync(program, [into, String(count)], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim().split('\n')
}
async function again () { server.exit = null; server.stopping = false; await server.start() }

// Records of the server's own stand in the ledger too: places are read from receipts and checkpoints.
const sizeOf = (file) => Number(text(file).split('\n')[1])
const now = join(ledger, 'checkpoint')
const placeOf = (receipt) => { const b = Buffer.from(receipt, 'base64url'); return Number(b.readBigUInt64BE(1)) + b.readUInt32BE(13) }
const decoded = (base64) => Buffer.from(base64, 'base64').toString()

let receipts, old
it('a young ledger has a key and a checkpoint', async () => {
  const key = await fetch(`${url}/key`)
  assert.equal(key.headers.get('content-type'), 'text/plain; charset=utf-8')
  assert.equal(await key.text(), text(keyFile))
  const checkpoint = await fetch(`${url}/checkpoint`)
  assert.equal(checkpoint.headers.get('cache-control'), 'public, max-age=5')
  old = scratch('old.checkpoint', await checkpoint.text())
  assert.match(text(old), /^[^\n]+\n\d+\n[\w+/]{43}=\n\n— /)
  assert.equal(text(old).split('\n')[0], `${server.domain}/.well-known/kicau-ledger`)
  assert.equal((await fetch(`${url}/tile/0/000`)).status, 404)
  assert.ok(sizeOf(now) < 256)
  await holds('tiles', keyFile, url)
  assert.equal(statSync(join(ledger, 'key')).mode & 0o777, 0o600)
})

it('everything that was recorded is published, and every receipt is kept', async () => {
  await server.stop()
  receipts = fill(700)
  assert.equal(receipts.length, 700)
  await again()
  for (const receipt of receipts) assert.ok(receipt.length <= 738)
  assert.match(await holds('tiles', keyFile, url, old, ...receipts.slice(0, 200)), new RegExp(`^ok: ${sizeOf(now)} entries hash to the checkpoint; 201 older statements fit`))
  assert.ok(sizeOf(now) >= 700)
  assert.match(await holds('receipt', text(keyFile).trim(), receipts[699]), new RegExp(`promised: record ${placeOf(receipts[699])},`))
})

it('tiles are kept for good, and nothing else is found beside them', async () => {
  const full = await fetch(`${url}/tile/0/001`)
  assert.equal(full.headers.get('content-type'), 'application/octet-stream')
  assert.equal(full.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  const bytes = Buffer.from(await full.arrayBuffer())
  assert.equal(bytes.length, 8192)
  const part = Buffer.from(await (await fetch(`${url}/tile/0/001.p/3`)).arrayBuffer())
  assert.ok(part.equals(bytes.subarray(0, 96)))
  const width = sizeOf(now) - 512
  assert.equal((await fetch(`${url}/tile/entries/002.p/${width}`)).status, 200)
  for (const bad of ['0/002', `0/002.p/${width + 1}`, '0/003.p/1', '0/1', '8/000', '..%2fkey', '0/..%2f..%2f..%2fkey', '0/%2e%2e/key', 'entries/x', '0/000.p/0', '0', '0/']) {
    assert.equal((await fetch(`${url}/tile/${bad}`)).status, 404, bad)
  }
  assert.equal((await fetch(`${url}/key.public`)).status, 404)
})

let inclusion, consistency
it('a record is proven to one reader, and one tree to begin with another', async () => {
  assert.equal(await server.kicau(['ledger', 'checkpoint']), text(now))
  const [place, size] = [placeOf(receipts[123]), sizeOf(now)]
  inclusion = scratch('inclusion.json', await server.kicau(['ledger', 'prove', String(place)]))
  assert.match(await holds('inclusion', keyFile, inclusion), new RegExp(`record ${place} is in the tree of ${size}`))
  assert.equal(decoded(JSON.parse(text(inclusion)).opened.data), 'made up, number 123')
  consistency = scratch('consistency.json', await server.kicau(['ledger', 'consistency', String(sizeOf(old)), String(size)]))
  await holds('consistency', keyFile, old, now, consistency)
  await assert.rejects(server.kicau(['ledger', 'prove', String(size)]), /exit 1[^]*next checkpoint/)
  await assert.rejects(server.kicau(['ledger', 'prove', '5', '--size', String(size + 1)]), /the newest checkpoint has/)
  await assert.rejects(server.kicau(['ledger', 'prove', 'x']), /exit 2/)
  await assert.rejects(server.kicau(['ledger', 'consistency', '8', '7']), /exit 2/)
  const small = JSON.parse(await server.kicau(['ledger', 'prove', '0', '--size', '1']))
  assert.deepEqual([small.proof, small.checkpoint, small.size], [[], null, 1])
})

it('grows by what is new alone: the older checkpoint and its proofs stay true', async () => {
  old = scratch('old.checkpoint', text(now))
  await server.stop()
  receipts.push(...fill(70000))
  await again()
  assert.ok(sizeOf(now) >= 70000 + sizeOf(old))
  consistency = scratch('consistency.json', await server.kicau(['ledger', 'consistency', String(sizeOf(old)), String(sizeOf(now))]))
  await holds('consistency', keyFile, old, now, consistency)
  await holds('inclusion', keyFile, inclusion)
  const newer = scratch('newer.json', await server.kicau(['ledger', 'prove', String(placeOf(receipts[123])), '--size', String(sizeOf(old))]))
  await holds('inclusion', keyFile, newer, old)
  await refused(/not in the tree|another length/, 'inclusion', keyFile, newer, now)
  await holds('tiles', keyFile, ledger, old, receipts[0], receipts[699], receipts[700], receipts[70699])
})

it('Go agrees about all of it', async () => {
  const later = scratch('later.json', await server.kicau(['ledger', 'prove', '69999']))
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', GOCACHE: join(server.data, 'go') }
  const { stdout } = await promisify(execFile)('go', ['run', join(root, 'tests/api/go/ledger.go'), ledger, inclusion, later, consistency], { env })
  const [first, size] = [sizeOf(old), sizeOf(now)]
  assert.equal(stdout, `tree ${size}\nincluded ${placeOf(receipts[123])} of ${first}\nincluded 69999 of ${size}\nconsistent ${first} ${size}\n`)
}, { timeout: 180000 })

it('a receipt is looked up', async () => {
  const said = await server.kicau(['ledger', 'receipt', receipts[5]])
  assert.match(said, new RegExp(`^record ${placeOf(receipts[5])} is in the ledger, promised 20`))
  assert.equal(decoded(JSON.parse(said.split('\n')[1]).data), 'made up, number 5')
  await assert.rejects(server.kicau(['ledger', 'receipt', 'AAAA']), /exit 1[^]*no receipt/)
  const forged = Buffer.from(receipts[5], 'base64url')
  forged[60] ^= 1
  await assert.rejects(server.kicau(['ledger', 'receipt', forged.toString('base64url')]), /exit 1[^]*forged/)
})

// A receipt of another ledger's history, signed by the same key: what an operator cannot take back.
it('what was promised and is not there convicts', async () => {
  const before = join(server.data, 'before'); const kept = join(server.data, 'kept')
  await server.stop()
  cpSync(ledger, before, { recursive: true })
  const [promised] = fill(1)
  cpSync(ledger, kept, { recursive: true })
  rmSync(ledger, { recursive: true })
  cpSync(before, ledger, { recursive: true })
  const [, other] = fill(2)
  await again()
  await assert.rejects(server.kicau(['ledger', 'receipt', promised]), /exit 3[^]*does not hold it/)
  await refused(/another history|not in the ledger/, 'tiles', keyFile, ledger, promised)
  await refused(/another history/, 'tiles', keyFile, ledger, join(kept, 'checkpoint'))
  await holds('tiles', keyFile, ledger, other)
})

const flips = (length) => Array.from({ length: 6 }, (_, i) => Math.floor(length * i / 6) * 8 + (5 * i) % 8)
const flip = (bytes, at) => { const b = Buffer.from(bytes); b[at >> 3] ^= 1 << (at & 7); return b }

it('no flipped bit passes: checkpoints, tiles, entries', async () => {
  const copy = join(server.data, 'copy'); const itsKey = join(copy, 'key.public')
  fill(600, copy)
  await holds('tiles', itsKey, copy)
  const files = readdirSync(join(copy, 'tile'), { recursive: true }).map((name) => join('tile', name)).filter((name) => statSync(join(copy, name)).isFile())
  assert.equal(files.length, 7)
  for (const name of ['checkpoint', ...files]) {
    const bytes = readFileSync(join(copy, name))
    for (const at of flips(bytes.length)) {
      writeFileSync(join(copy, name), flip(bytes, at))
      assert.equal((await check('tiles', itsKey, copy)).code, 1, `${name}, bit ${at}`)
    }
    writeFileSync(join(copy, name), bytes.subarray(0, bytes.length - 1))
    assert.equal((await check('tiles', itsKey, copy)).code, 1, `${name}, one byte short`)
    writeFileSync(join(copy, name), bytes)
  }
  await holds('tiles', itsKey, copy)
}, { timeout: 180000 })

it('no flipped bit passes: receipts and proofs', async () => {
  const bytes = Buffer.from(receipts[20], 'base64url')
  for (const at of flips(bytes.length)) {
    const inSalt = at >> 3 >= 89 && at >> 3 < 105
    assert.equal((await check('receipt', keyFile, flip(bytes, at).toString('base64url'))).code, inSalt ? 0 : 1, `receipt, bit ${at}`)
  }
  for (const [kind, file, rest] of [['inclusion', inclusion, []], ['consistency', consistency, [old, now]]]) {
    const whole = JSON.parse(text(file))
    const forge = async (change) => {
      const p = structuredClone(whole)
      change(p)
      const forged = scratch('forged.json', JSON.stringify(p))
      assert.equal((await check(kind, keyFile, ...rest, forged)).code, 1, `${kind} ${change}`)
    }
    const turn = (base64) => flip(Buffer.from(base64, 'base64'), 77).toString('base64')
    for (const i of whole.proof.keys()) await forge((p) => { p.proof[i] = turn(p.proof[i]) })
    await forge((p) => { p.proof.pop() })
    await forge((p) => { p.proof.push(p.proof[0]) })
    if (kind === 'consistency') continue
    for (const name of ['salt', 'record', 'entry']) await forge((p) => { p[name] = turn(p[name]) })
    await forge((p) => { p.index++ })
    await forge((p) => { p.index = -1 })
    await forge((p) => { p.checkpoint = p.checkpoint.replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) + 1}\n`) })
  }
  assert.equal((await check('tiles', keyFile)).code, 2)
  assert.equal((await check('receipt', 'nonsense', receipts[0])).code, 1)
}, { timeout: 180000 })

it('the worked example of docs/ledger.md', async () => {
  const docs = text(join(root, 'docs/ledger.md'))
  const key = /^key {9}(\S+)$/m.exec(docs)[1]
  for (const [, index, receipt] of docs.matchAll(/^receipt (\d)\n(\S+)$/mg)) assert.match(await holds('receipt', key, receipt), new RegExp(`record ${index},`))
})
