// Reads a ledger's open files as docs/ledger.md describes them, with nothing of the server: what was charged is counted
// from here a second time.
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const KINDS = { posts: 1, users: 2, settled: 3, broken: 4, terms: 5 }
const FLAGS = { request: 1, data: 2, versions: 4, fingerprints: 8, all: 16, runs: 32, bits: 48 }
const HEAD = 24; const FRAME = 16; const CHECK = 8

class Bytes {
  constructor (buffer) { this.buffer = buffer; this.at = 0 }
  byte () { return this.buffer[this.at++] }
  skip (n) { this.at += n }
  big () {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }

  number () { return Number(this.big()) }
}

function readVersions (bytes, items) {
  for (let left = bytes.number(), at = -1; left > 0; left--) {
    at += bytes.number() + 1
    items[at].version = bytes.number()
  }
}

function readCharged (bytes, items, how) {
  if (how === FLAGS.all) items.forEach((item) => { item.charged = true })
  if (how === FLAGS.runs) for (let at = 0, charged = true; at < items.length; charged = !charged) for (let n = bytes.number(); n > 0; n--) items[at++].charged = charged
  if (how === FLAGS.bits) items.forEach((item, i) => { item.charged = Boolean(bytes.buffer[bytes.at + (i >> 3)] >> (i & 7) & 1) })
}

export function readRecord (buffer) {
  const bytes = new Bytes(buffer)
  bytes.skip(1)
  const [kind, endpoint, flags] = [bytes.byte(), bytes.byte(), bytes.byte()]
  const [time, licensee] = [bytes.number(), String(bytes.big())]
  bytes.big(); bytes.big() // key, terms
  const zigzag = bytes.number()
  const record = { kind, endpoint, time, licensee, cost: zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2, items: [] }
  if (flags & FLAGS.request) bytes.skip(8)
  let id = 0n
  for (let left = bytes.number(); left > 0; left--) record.items.push({ id: String(id += bytes.big() + 1n), version: 0, charged: false })
  if (flags & FLAGS.versions) readVersions(bytes, record.items)
  readCharged(bytes, record.items, flags & FLAGS.bits)
  return record
}

// The records of all that was ever in open files. A file that is packed is removed; a link keeps it for us.
export class LedgerFiles {
  // `beside`: a folder of the same file system.
  constructor (dir, beside = dirname(dir)) {
    this.dir = dir
    this.links = mkdtempSync(join(beside, 'links-'))
    this.read = new Map() // file → bytes that were read
    this.records = []
  }

  follow () {
    for (const name of readdirSync(this.dir).filter((one) => one.endsWith('.log')).sort()) {
      if (this.read.has(name)) continue
      linkSync(join(this.dir, name), join(this.links, name))
      this.read.set(name, HEAD)
    }
  }

  // What has come since the last time. Nothing may be written meanwhile.
  more () {
    const from = this.records.length
    this.follow()
    for (const [name, begin] of this.read) {
      const file = readFileSync(join(this.links, name))
      let at = begin
      for (let length; at + FRAME <= file.length && at + FRAME + (length = file.readUInt32LE(at)) + CHECK <= file.length; at += FRAME + length + CHECK) {
        const index = Number(file.readBigUInt64LE(at + 8))
        if (index !== this.records.length) throw new Error(`record ${index} stands where ${this.records.length} is expected`)
        this.records.push({ index, ...readRecord(file.subarray(at + FRAME, at + FRAME + length)) })
      }
      this.read.set(name, at)
    }
    return this.records.slice(from)
  }

  discard () { rmSync(this.links, { recursive: true, force: true }) }
}
