// Money: days, invoices, payments by hand and through Stripe. Events are signed by Stripe's own library. Stripe's mock server is
// a Go program that Debian does not have; so the calls to Stripe go to a server of this file, which reads them as forms.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import Stripe from 'stripe'
import { binary, freePort, sleep, startWorld, until } from '../api/lib/server.mjs'

const secret = 'whsec_test_of_kicau'
const key = 'sk_test_of_kicau'
const stripe = new Stripe(key)
const asked = []
const port = await freePort()
const provider = createServer((req, res) => {
  let body = ''
  req.on('data', (text) => { body += text })
  req.on('end', () => {
    asked.push({ path: req.url, headers: req.headers, form: Object.fromEntries(new URLSearchParams(body)) })
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ id: 'cs_test_1', object: 'checkout.session', url: 'https://checkout.stripe.com/c/pay/cs_test_1' }))
  })
}).listen(port, '127.0.0.1')
provider.unref()

const { it, server } = await startWorld({
  env: {
    KICAU_STRIPE_KEY: key,
    KICAU_STRIPE_WEBHOOK_SECRET: secret,
    KICAU_STRIPE_API: `http://127.0.0.1:${port}`,
    KICAU_PRIVATE_ADDRESSES: 'on',
    KICAU_SELLER: 'Kicau <b>& Co</b>, Jalan Tuñjungan 5'
  }
})

const env = { ...process.env, KICAU_BASE_URL: server.base, ...server.env }
function kicau (...args) {
  const done = spawnSync(binary, [...args, '--data', server.data], { encoding: 'utf8', env, timeout: 60000 })
  return { code: done.status, out: done.stdout.trim(), err: done.stderr }
}
async function as (token, path, { method = 'GET', json, lang } = {}) {
  const res = await fetch(server.base + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(lang ? { 'Accept-Language': lang } : {}), ...(json ? { 'Content-Type': 'application/json' } : {}) },
    body: json && JSON.stringify(json)
  })
  const text = await res.text()
  return { status: res.status, headers: res.headers, text, json: res.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null }
}
const right = () => { const done = kicau('books', 'verify'); assert.equal(done.code, 0, done.out + done.err); return done.out }
const balance = (who) => kicau('books', 'show', '--licensee', who).out.match(/^licensee +(\S+)/m)[1]

const tokens = {}
let monthBefore, firstDay, days
function setUp (name, plan) {
  const made = kicau('key', 'create', '--licensee', name, '--plan', plan)
  assert.equal(made.code, 0, made.err)
  tokens[name] = made.out
  return server.sql(`SELECT id FROM licensees WHERE name = '${name}'`).toString().trim()
}

it('invoices a month when it is over: the fee by days, reads by terms', async () => {
  await server.stop() // it would book days before what was read on them is written
  const now = new Date()
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)
  monthBefore = new Date(start).toISOString().slice(0, 7)
  firstDay = start / 86400000
  days = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - start) / 86400000
  assert.equal(kicau('plan', 'set', 'metered', 'month=31', 'included=5', 'post=0.005', 'user=0.01', 'uses=search', 'rate_account=1000').code, 0)
  for (const name of ['Toko Buku Ñusa <i>', 'other']) {
    const id = setUp(name, 'metered')
    server.sql(`UPDATE licensee_plans SET starts_at = ${start + 10 * 86400000} WHERE licensee_id = ${id}`)
    server.sql('INSERT INTO usage_days (licensee_id, day, app_id, terms, posts_included, posts_extra, users_extra, posts_repeated, cost_micro) ' +
      `SELECT ${id}, ${firstDay + days - 1}, 1, plan_id, 5, 100, 3, 7, 100 * 5000 + 3 * 10000 FROM licensee_plans WHERE licensee_id = ${id}`)
  }
  delete server.exit
  await server.start()
  await until('two invoices', () => kicau('invoice', 'list').out.split('\n').length === 2, { timeout: 20000, every: 300 })
  const list = (await as(tokens.other, '/2/invoices')).json
  assert.equal(list.data.length, 1)
  const doc = (await as(tokens.other, `/2/invoices/${list.data[0].number}`)).json
  const fee = 31_000_000 - Math.floor(31_000_000 * 10 / days)
  assert.deepEqual(doc.lines.map((l) => [l.type, l.quantity, l.unit_micro, l.amount_micro]), [
    ['fee', days - 10, 31_000_000, fee], ['posts_included', 5, 0, 0], ['posts', 100, 5000, 500_000], ['users', 3, 10_000, 30_000], ['repeated', 7, 0, 0]])
  assert.equal(doc.total_micro, fee + 530_000)
  assert.equal(doc.due_micro, doc.total_micro)
  assert.equal(doc.month, monthBefore)
  assert.match(right(), /2 invoices/)
  assert.equal(kicau('invoice', 'make', monthBefore).out, '0 invoices made')
  assert.equal(kicau('invoice', 'make', now.toISOString().slice(0, 7)).code, 1, 'this month is not over')
})

it('shows an invoice to its licensee alone, as a page in two languages', async () => {
  const list = (await as(tokens['Toko Buku Ñusa <i>'], '/2/invoices')).json
  const { number } = list.data[0]
  for (const path of [`/2/invoices/${number}`, `/2/invoices/${number}.html`, '/2/invoices/I999999', '/2/invoices/I1']) assert.equal((await as(tokens.other, path)).status, 404)
  assert.equal((await as('nobody', `/2/invoices/${number}`)).status, 401)
  const page = await as(tokens['Toko Buku Ñusa <i>'], `/2/invoices/${number}.html`)
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-type'), /text\/html/)
  assert.ok(page.text.includes('Toko Buku Ñusa &lt;i&gt;') && page.text.includes('Kicau &lt;b&gt;&amp; Co'), 'escaped')
  assert.ok(!page.text.includes('<i>') && !page.text.includes('<b>'))
  assert.match(page.text, new RegExp(`Invoice ${number}`))
  const other = await as(tokens['Toko Buku Ñusa <i>'], `/2/invoices/${number}.html`, { lang: 'id' })
  assert.match(other.text, /<html lang="id">/)
  assert.match(other.text, /Faktur/)
})

it('books payments by hand once, and gives back by credit notes', async () => {
  assert.equal(kicau('payment', 'book', 'other', '50', '--reference', 'bank 1').code, 0)
  assert.match(kicau('payment', 'book', 'other', '50', '--reference', 'bank 1').err, /booked already/)
  assert.equal(kicau('payment', 'refund', 'other', '1.5', '--reference', 'bank 2').code, 0)
  for (const amount of ['0', '-1', '1,5', '1e3']) assert.notEqual(kicau('payment', 'book', 'other', amount, '--reference', `x${amount}`).code, 0)
  const { data } = (await as(tokens.other, '/2/invoices')).json
  const done = kicau('invoice', 'credit', data[0].number, '0.5', '--reason', 'a broken stream')
  assert.equal(done.out, 'C000001', done.err)
  assert.match(kicau('invoice', 'credit', data[0].number, '1000', '--reason', 'x').err, /more than the invoice/)
  const note = (await as(tokens.other, '/2/invoices/C000001')).json
  assert.deepEqual([note.refers, note.total_micro, note.reason], [data[0].number, 500_000, 'a broken stream'])
  right()
})

const event = (type, object, id = `evt_${Math.random().toString(36).slice(2)}`) =>
  JSON.stringify({ id, object: 'event', type, created: 1, livemode: false, data: { object } })
async function tell (payload, header) {
  header ??= stripe.webhooks.generateTestHeaderString({ payload, secret })
  return (await fetch(`${server.base}/webhooks/stripe`, { method: 'POST', headers: { 'Stripe-Signature': header, 'Content-Type': 'application/json' }, body: payload })).status
}
let checkout
const session = (more = {}) => ({ id: 'cs_test_1', object: 'checkout.session', client_reference_id: checkout, metadata: { checkout }, amount_total: 2550, currency: 'usd',
  payment_status: 'paid', payment_intent: 'pi_1', customer: 'cus_1', ...more })

it('asks Stripe for a page to pay on', async () => {
  const { status, json } = await as(tokens.other, '/2/credits', { method: 'POST', json: { amount: '25.50' } })
  assert.equal(status, 200)
  assert.equal(json.url, 'https://checkout.stripe.com/c/pay/cs_test_1')
  const [{ path, headers, form }] = asked
  assert.equal(path, '/v1/checkout/sessions')
  assert.equal(headers.authorization, `Bearer ${key}`)
  assert.ok(headers['idempotency-key'])
  assert.deepEqual([form.mode, form['line_items[0][price_data][currency]'], form['line_items[0][price_data][unit_amount]']], ['payment', 'usd', '2550'])
  checkout = form['metadata[checkout]']
  assert.equal(form['payment_intent_data[metadata][checkout]'], checkout)
  for (const amount of ['0.5', '1.001', 'lots']) assert.equal((await as(tokens.other, '/2/credits', { method: 'POST', json: { amount } })).status, 400)
})

it('believes only what Stripe signed, lately', async () => {
  const payload = event('checkout.session.completed', session())
  const old = Math.floor(Date.now() / 1000) - 400
  assert.equal(await tell(payload, ''), 400)
  assert.equal(await tell(payload, stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_other' })), 400)
  assert.equal(await tell(payload, stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: old })), 400)
  assert.equal(await tell(payload + ' ', stripe.webhooks.generateTestHeaderString({ payload, secret })), 400)
  assert.equal(await tell('no event'), 400)
  assert.ok(!kicau('payment', 'list').out.includes('pi_1'))
})

it('books what was asked for, once, in any order', async () => {
  const before = Number(balance('other'))
  const wrong = [session({ amount_total: 255000 }), session({ currency: 'idr' }), session({ payment_status: 'unpaid' }), session({ metadata: { checkout: '77' } })]
  for (const one of wrong) assert.equal(await tell(event('checkout.session.completed', one)), 200)
  assert.equal(Number(balance('other')), before)
  const charge = (amount) => ({ id: 'ch_1', object: 'charge', payment_intent: 'pi_1', amount_refunded: amount, currency: 'usd', metadata: { checkout } })
  assert.equal(await tell(event('charge.refunded', charge(500))), 200) // before the payment
  const paid = event('checkout.session.completed', session())
  const rotated = stripe.webhooks.generateTestHeaderString({ payload: paid, secret: 'whsec_before' }) + ',' +
    stripe.webhooks.generateTestHeaderString({ payload: paid, secret }).split(',')[1]
  assert.equal(await tell(paid, rotated), 200)
  for (let i = 0; i < 3; i++) assert.equal(await tell(paid), 200)
  assert.equal(await tell(event('checkout.session.async_payment_succeeded', session())), 200)
  assert.equal(Number(balance('other')).toFixed(2), (before + 25.5 - 5).toFixed(2))
  assert.equal(await tell(event('charge.refunded', charge(800))), 200)
  assert.equal(await tell(event('charge.refunded', charge(500))), 200) // late
  assert.equal(Number(balance('other')).toFixed(2), (before + 25.5 - 8).toFixed(2))
  const lost = { id: 'dp_1', object: 'dispute', charge: 'ch_1', payment_intent: 'pi_1', amount: 1750, currency: 'usd', metadata: {} }
  assert.equal(await tell(event('charge.dispute.funds_withdrawn', lost)), 200)
  assert.equal(Number(balance('other')).toFixed(2), before.toFixed(2))
  assert.equal(await tell(event('charge.dispute.funds_reinstated', lost)), 200)
  assert.equal(Number(balance('other')).toFixed(2), (before + 17.5).toFixed(2))
  assert.equal(await tell(event('charge.dispute.funds_withdrawn', { ...lost, id: 'dp_2', payment_intent: 'pi_later' })), 503, 'sent again later')
  right()
})

it('leads to the page of what was paid', async () => {
  assert.equal((await as(tokens['Toko Buku Ñusa <i>'], '/2/credits/portal')).status, 404)
  assert.equal((await as(tokens.other, '/2/credits/portal')).status, 200)
  assert.equal(asked.at(-1).path, '/v1/billing_portal/sessions')
  assert.equal(asked.at(-1).form.customer, 'cus_1')
})

it('loses no number and books nothing twice when it is killed', async () => {
  const number = (await as(tokens.other, '/2/invoices')).json.data.at(-1).number
  for (let round = 0; round < 12; round++) {
    const child = spawn(binary, ['invoice', 'credit', number, '0.01', '--reason', `round ${round}`, '--data', server.data], { env, stdio: 'ignore' })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    await sleep(2 + round * 3)
    child.kill('SIGKILL')
    await ended
  }
  right()
  const numbers = kicau('invoice', 'list').out.split('\n').filter((l) => l.startsWith('C')).map((l) => Number(l.slice(1, 7))).sort((a, b) => a - b)
  assert.deepEqual(numbers, numbers.map((_, at) => at + 1))
})

it('says secrets nowhere', () => {
  const log = server.log.join('')
  for (const word of [key, secret]) assert.ok(!log.includes(word))
  assert.ok(!kicau('config', 'list').out.includes(secret))
})
