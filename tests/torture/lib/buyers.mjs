// Licensees that read without a pause, and remember what they were given, down to the version, and when.
import { Lines } from '../../data/lib/lines.mjs'
import { Licensee } from '../../data/lib/market.mjs'
import { sleep } from '../../api/lib/server.mjs'

const pick = (list) => list[Math.floor(Math.random() * list.length)]
const FIELDS = { 'tweet.fields': 'kicau' }
const nameOf = ({ id, kicau }) => `${id} ${kicau.version}`

// docs/ledger.md, "Receipts": the record's index is first + offset.
export function indexOf (receipt) {
  const bytes = Buffer.from(receipt, 'base64url')
  return Number(bytes.readBigUInt64BE(1)) + bytes.readUInt32BE(13)
}

class TimedLines extends Lines {
  times = []
  tell () {
    while (this.times.length < this.lines.length) this.times.push(performance.now())
    super.tell()
  }
}

// `clients`: so many ask at the same time. `patience`: how often a request is waited for to its end. `streams`: it has the
// firehose open as well. `accounts`: ids of people it looks up beside posts. `prepaid`: it may run out of credits.
export class Buyer extends Licensee {
  constructor (base, token, { clients = 2, patience = 1, streams = false, accounts = [], prepaid = false } = {}) {
    super(base, token)
    Object.assign(this, { clients, patience, streams, accounts, prepaid })
    this.answers = [] // {index, receipt, things: ["ID VERSION", "account ID 0"], billed, at}: received whole
    this.lines = [] // {posts: ["ID VERSION"], at}: of streams
    this.asked = new Set() // ids of requests without a whole answer
    this.requests = 0
    this.open = [] // requests without an answer: {path, ids, name}
    this.refused = 0 // for want of credits
    this.unanswered = 0
    this.slowest = 0
    this.wrong = []
  }

  async read (posts) {
    const people = this.accounts.length && Math.random() < 0.4
    const ids = people ? this.accounts.filter(() => Math.random() < 0.5) : Array.from({ length: 1 + Math.random() * 6 }, () => pick(Math.random() < 0.5 ? posts.slice(-60) : posts))
    if (!ids.length) return
    const leave = new AbortController()
    if (Math.random() > this.patience) setTimeout(() => leave.abort(), Math.random() * 12)
    const request = { path: people ? '/2/users' : '/2/tweets', ids: [...new Set(ids)], name: `${this.licensee} ${++this.requests}` }
    try {
      await this.ask(request, leave.signal)
    } catch {
      for (const id of ids) this.asked.add(id)
      this.unanswered++
      this.open.push(request)
      await sleep(5)
    }
  }

  async ask ({ path, ids, name }, signal) {
    const begin = performance.now()
    const response = await fetch(`${this.base}${path}?${new URLSearchParams({ ids: ids.join(), ...(path === '/2/tweets' ? FIELDS : {}) })}`, { headers: { Authorization: `Bearer ${this.token}`, 'Kicau-Request-Id': name }, signal })
    const { data } = await response.json()
    if (response.status === 402 && this.prepaid) { this.refused++; return 'refused' }
    if (response.status !== 200) { this.wrong.push(`${response.status} for ${ids}`); return }
    const at = performance.now()
    const receipt = response.headers.get('kicau-receipt')
    this.slowest = Math.max(this.slowest, at - begin)
    this.answers.push({ index: indexOf(receipt), receipt, things: data.map(path === '/2/users' ? ({ id }) => `account ${id} 0` : nameOf), billed: response.headers.get('kicau-billed'), at })
  }

  // What had no answer is had again under its name: paid then, and once.
  async askAgain () {
    for (const request of this.open.splice(0).slice(-5)) {
      let last
      for (let n = 0; n < 2; n++) last = await this.ask(request)
      if (last === 'refused') continue
      const { billed } = this.answers.at(-1)
      if (!billed.startsWith('0/')) this.wrong.push(`${request.name} is billed ${billed} at the second time`)
    }
  }

  async listen (running) {
    while (running.on) {
      const open = new TimedLines(this.base, this.token)
      try {
        await open.open('/2/tweets/firehose/stream', { ...FIELDS, ...(this.cursor ? { cursor: this.cursor } : {}) })
        if (open.status !== 200) this.wrong.push(`${open.status} for the firehose`)
        while (running.on && open.status === 200 && !open.ended) await sleep(20)
        if (!running.killed) open.close()
        for (let waited = 0; running.killed && open.status === 200 && !open.ended && waited < 2000; waited += 10) await sleep(10)
      } catch { await sleep(20) }
      open.lines.forEach((line, i) => { if (line.data) this.lines.push({ posts: [nameOf(line.data)], at: open.times[i] }) })
      this.cursor = open.ids().at(-1) ?? this.cursor
    }
  }

  // Many at once: whatever happens then, happens to answers under way.
  burst (posts) { return Promise.all(Array.from({ length: 16 }, () => this.read(posts))) }

  live (running, posts) {
    const again = async () => { while (running.on) await this.read(posts) }
    return Promise.all([...Array.from({ length: this.clients }, again), ...(this.streams ? [this.listen(running)] : [])])
  }
}

// Somebody has to write what they buy. `posts` grows by what was acknowledged.
export async function write (user, running, posts) {
  for (let n = 0; running.on; n++) {
    try {
      if (n % 2 === 1) await user.call('PUT', `/api/v1/statuses/${pick(posts.slice(-60))}`, { json: { status: `edited ${n} ${Math.random()}` }, check: false, status: 'any' })
      else {
        const { status, body } = await user.call('POST', '/api/v1/statuses', { json: { status: `for sale ${n}` }, check: false, status: 'any' })
        if (status === 200) posts.push(body.id)
      }
    } catch { await sleep(5) }
    await sleep(3)
  }
}
