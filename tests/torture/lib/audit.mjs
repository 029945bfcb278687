// What was charged, counted from the ledger alone, beside what licensees were given.
import assert from 'node:assert/strict'
import { KINDS } from './ledger_file.mjs'

const DAY_MS = 86400000
const LOOKUP = 1
const USERS = 2
const FIREHOSE = 9
const NOTHING = { charged: 0, repeated: 0, users: 0, usersRepeated: 0, broken: 0, cost: 0 }
const nameOf = ({ kind }, { id, version }) => `${kind === KINDS.users ? 'account ' : ''}${id} ${version}`
const dayOf = (record) => Math.floor(record.time / DAY_MS)

export class Audit {
  constructor (files) {
    this.files = files
    this.deliveries = new Map() // index → record; `end`: settled or broken
    this.paid = new Map() // licensee → Map("ID VERSION DAY", "account ID VERSION DAY" → index)
    this.sums = new Map() // licensee → NOTHING, and more
  }

  more () { for (const record of this.files.more()) this.take(record) }

  take (record) {
    if (record.kind === KINDS.posts || record.kind === KINDS.users) this.deliveries.set(record.index, record)
    if (record.kind !== KINDS.settled && record.kind !== KINDS.broken) return
    for (const { id } of record.items) {
      const delivery = this.deliveries.get(Number(id))
      assert.ok(delivery && delivery.index < record.index, `record ${record.index} ends ${id}, which is no delivery before it`)
      assert.equal(delivery.end, undefined, `delivery ${id} ends twice`)
      delivery.end = record.kind
      this.count(delivery)
    }
  }

  count (delivery) {
    const sums = this.sumsOf(delivery.licensee)
    if (delivery.end === KINDS.broken) { sums.broken++; return }
    const paid = this.paidBy(delivery.licensee)
    sums.cost += delivery.cost
    const users = delivery.kind === KINDS.users
    for (const item of delivery.items) {
      if (!item.charged) { sums[users ? 'usersRepeated' : 'repeated']++; continue }
      const name = `${nameOf(delivery, item)} ${dayOf(delivery)}`
      assert.equal(paid.get(name), undefined, `licensee ${delivery.licensee} is charged twice for ${name}`)
      paid.set(name, delivery.index)
      sums[users ? 'users' : 'charged']++
    }
  }

  sumsOf (licensee) {
    if (!this.sums.has(licensee)) this.sums.set(licensee, { ...NOTHING })
    return this.sums.get(licensee)
  }

  paidBy (licensee) {
    if (!this.paid.has(licensee)) this.paid.set(licensee, new Map())
    return this.paid.get(licensee)
  }

  // Each answer is in the ledger as it was received; each line of a stream in a delivery to this licensee. `kill` is what
  // ended the round they came in: {at, margin}.
  checkRecorded (buyer, kill) {
    for (const answer of buyer.answers.slice(buyer.checkedAnswers || 0)) {
      const record = this.deliveries.get(answer.index)
      assert.equal(record?.licensee, buyer.licensee, `the answer with the receipt of record ${answer.index} is not in the ledger`)
      assert.deepEqual(record.items.map((item) => nameOf(record, item)).sort(), [...answer.things].sort(), `record ${answer.index}`)
      answer.kill = kill
      answer.days = answer.things.map((thing) => `${thing} ${dayOf(record)}`)
    }
    buyer.checkedAnswers = buyer.answers.length
    this.checkLines(buyer, kill)
  }

  checkLines (buyer, kill) {
    const streamed = new Map()
    for (const record of this.deliveries.values()) if (record.licensee === buyer.licensee && record.endpoint === FIREHOSE) for (const { id, version } of record.items) streamed.set(`${id} ${version}`, dayOf(record))
    for (const line of buyer.lines.slice(buyer.checkedLines || 0)) {
      for (const post of line.posts) assert.ok(streamed.has(post), `${post} came in a stream and is not in the ledger`)
      line.kill = kill
      line.days = line.posts.map((post) => `${post} ${streamed.get(post)}`)
    }
    buyer.checkedLines = buyer.lines.length
  }

  // What was received whole, more than `margin` before the kill that ended its round, was charged. Returns how old the oldest
  // free one of this round was.
  checkCharged (buyer, kill) {
    const paid = this.paidBy(buyer.licensee)
    const free = [...buyer.answers, ...buyer.lines].filter((one) => one.kill === kill && !one.days.every((name) => paid.has(name)))
    if (!kill) assert.deepEqual(free, [], 'received, and free, though nobody killed the server')
    const oldest = Math.max(0, ...free.map(({ at }) => kill.at - at))
    if (kill) assert.ok(oldest <= kill.margin, `an answer of ${oldest} ms before a kill is free; the margin is ${kill.margin} ms`)
    return oldest
  }

  // Nothing was charged but what was handed over. Who never leaves has received that whole; who does may have left a moment
  // after it was handed to the socket.
  checkReceived (buyer) {
    const got = new Set(buyer.answers.map(({ index }) => index))
    const lookups = [...this.deliveries.values()].filter((one) => one.licensee === buyer.licensee && [LOOKUP, USERS].includes(one.endpoint))
    const more = lookups.filter((one) => one.end === KINDS.settled && !got.has(one.index))
    if (buyer.patience === 1) assert.deepEqual(more, [], 'charged, and never received')
    assert.ok(more.length <= buyer.unanswered, `${more.length} answers are charged that never came, and ${buyer.unanswered} requests had none`)
    for (const { items } of more) for (const { id } of items) assert.ok(buyer.asked.has(id), `${id} is charged, and neither received nor asked for`)
  }
}
