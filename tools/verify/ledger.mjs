#!/usr/bin/env node
// ledger.mjs - checks what a kicau ledger says of itself, from docs/ledger.md and the public key alone.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
const USAGE = `usage: ledger.mjs receipt KEY RECEIPT                     the receipt is signed by this key
       ledger.mjs inclusion KEY PROOF.json [CHECKPOINT]     a record opens, and stands in the tree
       ledger.mjs consistency KEY OLD NEW PROOF.json        one checkpoint goes on where the other ended
       ledger.mjs tiles KEY DIR|URL [OLD|RECEIPT]...        all tiles hash to the checkpoint; older ones and receipts fit
KEY is a verifier key or a file with one; OLD, NEW and CHECKPOINT are files. Exit: 0 it holds, 1 it does not, 2 misuse.`
class Refused extends Error {}
const must = (ok, words) => { if (!ok) throw new Refused(words) }
const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest()
const leafOf = (entry) => sha(Buffer.of(0), entry); const node = (l, r) => sha(Buffer.of(1), l, r)
const unbase = (text, kind) => {
  const bytes = Buffer.from(String(text), kind)
  must(bytes.toString(kind) === text, `this is not ${kind}: ${String(text).slice(0, 40)}`)
  return bytes
}
const hash = (text) => { const h = unbase(text, 'base64'); must(h.length === 32, 'a hash has 32 bytes'); return h }
const hashes = (list) => { must(Array.isArray(list) && list.length <= 64, 'no list of hashes'); return list.map(hash) }
const count = (n) => { must(Number.isSafeInteger(n) && n >= 0, `no number: ${n}`); return n }
// --- the tree (RFC 9162 2.1) ---
const splitAt = (n) => { let k = 1; while (k * 2 < n) k *= 2; return k }
function rootOf (leaves, from = 0, n = leaves.length) {
  if (n < 2) return n ? leaves[from] : sha('')
  const k = splitAt(n)
  return node(rootOf(leaves, from, k), rootOf(leaves, from + k, n - k))
}
// The root that a leaf and its proof lead to: which side each hash stands on comes from the sizes alone.
function climb (leaf, index, size, path) {
  must(index < size, 'the index is behind the end of the tree'); const sides = []
  for (let at = index, n = size; n > 1;) { const k = splitAt(n); const left = at < k; sides.push(left); if (!left) at -= k; n = left ? k : n - k }
  must(sides.length === path.length, 'the proof has another length')
  return path.reduce((r, h, i) => sides[sides.length - 1 - i] ? node(r, h) : node(h, r), leaf)
}
// Both roots that a consistency proof leads to.
function bothRoots (old, size, path, oldRoot) {
  if (old === size || old === 0) { must(path.length === 0, 'the proof has another length'); return null }
  const rest = [...path]
  const take = () => { must(rest.length, 'the proof has another length'); return rest.pop() }
  const walk = (m, n, whole) => {
    if (m === n) { const h = whole ? oldRoot : take(); return [h, h] }
    const k = splitAt(n); const h = take()
    if (m <= k) { const [a, b] = walk(m, k, whole); return [a, node(b, h)] }
    const [a, b] = walk(m - k, n - k, false); return [node(h, a), node(h, b)]
  }
  const roots = walk(old, size, true)
  must(rest.length === 0, 'the proof has another length')
  return roots
}
// --- keys, notes, checkpoints, receipts ---
function readKey (text) {
  const [, name, id, material] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec((existsSync(text) ? readFileSync(text, 'utf8') : text).trim()) ?? []
  must(name, 'KEY is no verifier key')
  const bytes = unbase(material, 'base64')
  must(bytes.length === 33 && bytes[0] === 1 && sha(name, '\n', bytes).toString('hex', 0, 4) === id, 'KEY is no Ed25519 verifier key')
  return { name, id, key: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url', 1) } }) }
}
const signed = (key, text, signature) => signature.length === 64 && verify(null, Buffer.from(text), key.key, signature)
function readCheckpoint (key, note) {
  const end = note.lastIndexOf('\n\n')
  must(end > 0 && note.endsWith('\n'), 'this is no signed note')
  const text = note.slice(0, end + 1); const ours = note.slice(end + 2, -1).split('\n').map((l) => l.split(' ')).filter(([dash, name, bytes, ...more]) => {
    must(dash === '—' && name && bytes && !more.length, 'this is no signed note')
    return name === key.name && unbase(bytes, 'base64').toString('hex', 0, 4) === key.id
  })
  must(ours.length && ours.every((l) => signed(key, text, unbase(l[2], 'base64').subarray(4))), 'the checkpoint is not signed by this key')
  const [origin, size, root, ...extension] = text.slice(0, -1).split('\n')
  must(origin === key.name && /^(0|[1-9]\d{0,15})$/.test(size) && extension.every((l) => l), 'this is no checkpoint of this log')
  return { size: Number(size), root: hash(root) }
}
function readReceipt (key, text) {
  const b = unbase(text, 'base64url')
  must(b.length >= 169 && (b.length - 169) % 32 === 0 && b[0] === 1, 'this is no receipt')
  const big = (at) => count(Number(b.readBigUInt64BE(at)))
  const r = { first: big(1), count: b.readUInt32BE(9), offset: b.readUInt32BE(13), time: big(17), root: b.subarray(25, 57), entry: b.subarray(57, 89), salt: b.subarray(89, 105) }
  const path = Array.from({ length: (b.length - 169) / 32 }, (_, i) => b.subarray(105 + 32 * i, 137 + 32 * i))
  const batch = climb(leafOf(r.entry), r.offset, r.count, path)
  const size = r.first + r.count; const signedText = `${key.name}\n${size}\n${r.root.toString('base64')}\nkicau-batch ${r.first} ${r.time} ${batch.toString('base64')}\n`
  must(signed(key, signedText, b.subarray(b.length - 64)), 'the receipt is not signed by this key')
  return { ...r, size, index: r.first + r.offset }
}
// --- what can be asked ---
const readJson = (file, kind) => { const p = JSON.parse(readFileSync(file, 'utf8')); must(p.kind === kind, `${file} is no ${kind}`); return p }
const checkReceipt = (key, texts) => texts.split(', ').map((text) => {
  const { index, time, entry } = readReceipt(key, text)
  return `promised: record ${index}, ${new Date(time).toISOString()}, entry ${entry.toString('base64')}`
}).join('; ')
function checkInclusion (key, file, checkpoint) {
  const p = readJson(file, 'kicau-ledger-inclusion/1')
  const c = readCheckpoint(key, checkpoint ? readFileSync(checkpoint, 'utf8') : p.checkpoint ?? '')
  const entry = sha('kicau ledger record v1\n', unbase(p.salt, 'base64'), unbase(p.record, 'base64'))
  must(hash(p.entry).equals(entry), 'the record does not open its entry')
  must(climb(leafOf(entry), count(p.index), c.size, hashes(p.proof)).equals(c.root), 'the record is not in the tree of the checkpoint')
  return `record ${p.index} is in the tree of ${c.size}`
}
function checkConsistency (key, oldFile, newFile, file) {
  const p = readJson(file, 'kicau-ledger-consistency/1')
  const [old, now] = [oldFile, newFile].map((f) => readCheckpoint(key, readFileSync(f, 'utf8')))
  must(old.size <= now.size, 'the first checkpoint is the newer one')
  const trivial = [old.size ? old.root : sha(''), old.size === now.size ? old.root : now.root]
  const roots = bothRoots(old.size, now.size, hashes(p.proof), old.root) ?? trivial
  must(roots[0].equals(old.root) && roots[1].equals(now.root), 'the newer tree does not begin with the older one')
  return `the tree of ${now.size} begins with the tree of ${old.size}`
}
async function get (place, name) {
  if (!/^https?:/.test(place)) return readFileSync(join(place, name))
  const reply = await fetch(`${place.replace(/\/$/, '')}/${name}`)
  must(reply.ok, `${name}: ${reply.status}`)
  return Buffer.from(await reply.arrayBuffer())
}
function tileName (level, n, width) {
  const groups = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0').match(/\d{3}/g)
  return `tile/${level}/${groups.map((g, i) => i < groups.length - 1 ? `x${g}` : g).join('/')}${width < 256 ? `.p/${width}` : ''}`
}
async function eachTile (place, level, total, item, fn) {
  for (let n = 0; n * 256 < total; n++) {
    const width = Math.min(256, total - n * 256); const name = tileName(level, n, width); const bytes = await get(place, name)
    must(bytes.length === width * item, `${name} has ${bytes.length} bytes`)
    for (let i = 0; i < width; i++) fn(bytes.subarray(i * item, (i + 1) * item), n * 256 + i, name)
  }
}
async function checkTiles (key, place, ...others) {
  const c = readCheckpoint(key, (await get(place, 'checkpoint')).toString())
  const entries = []; await eachTile(place, 'entries', c.size, 34, (b, i, name) => { must(b.readUInt16BE(0) === 32, `${name}: an entry has 32 bytes`); entries.push(b.subarray(2)) })
  const leaves = entries.map(leafOf)
  must(rootOf(leaves).equals(c.root), 'the entries do not hash to the checkpoint')
  for (let level = 0, row = leaves; row.length; level++) {
    await eachTile(place, level, row.length, 32, (b, i, name) => must(b.equals(row[i]), `${name}: hash ${i % 256} is not that of what is below`))
    row = Array.from({ length: Math.floor(row.length / 256) }, (_, i) => rootOf(row, i * 256, 256))
  }
  for (const other of others) {
    const o = existsSync(other) ? readCheckpoint(key, readFileSync(other, 'utf8')) : readReceipt(key, other)
    must(o.size <= c.size, `${other.slice(0, 40)} is newer than the checkpoint`)
    must(rootOf(leaves, 0, o.size).equals(o.root), `${other.slice(0, 40)}: the ledger had another history then`)
    must(!o.entry || entries[o.index].equals(o.entry), `${other.slice(0, 40)}: what was promised is not in the ledger`)
  }
  return `${c.size} entries hash to the checkpoint${others.length ? `; ${others.length} older statements fit` : ''}`
}
const commands = { receipt: [checkReceipt, 1, 1], inclusion: [checkInclusion, 1, 2], consistency: [checkConsistency, 3, 3], tiles: [checkTiles, 1, Infinity] }
const [name, key, ...args] = process.argv.slice(2); const [run, least, most] = commands[name] ?? []
if (!run || !key || args.length < least || args.length > most) { console.error(USAGE); process.exit(2) }
try {
  console.log(`ok: ${await run(readKey(key), ...args)}`)
} catch (error) {
  const refused = error instanceof Refused
  console.error(`${refused ? 'REFUSED' : 'cannot be read'}: ${error.message}`)
  process.exit(refused ? 1 : 2)
}
