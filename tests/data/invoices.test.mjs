// Invoices and credit notes as PDF, by mail, and in the administrators' API with payments and books.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { startWorld, until } from '../api/lib/server.mjs'
import { Smtp } from '../api/lib/smtp.mjs'
import { withPowers } from '../api/lib/staff.mjs'
import { lastMonth, restart, useLastMonth } from './lib/months.mjs'

const smtp = new Smtp()
const { it, server, users } = await startWorld({
  accounts: ['adam', 'alice'],
  roles: { adam: 'admin' },
  env: { KICAU_SELLER: 'Kampung Kicau, Jalan Tuñjungan 5', KICAU_LANGUAGES: 'id,en', KICAU_CURRENCY: 'EUR', ...await smtp.env() }
})
await smtp.start()
after(() => smtp.stop())
const adam = await withPowers(server, users.adam)
const base = '/api/v1/admin/kicau'
const name = 'Toko Buku Ñusa <i> 書店'
let token, id, number

const asText = (bytes) => {
  const file = join(server.data, 'test.pdf')
  writeFileSync(file, bytes)
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
}
const load = (path, headers = {}, bearer = token) => fetch(server.base + path, { headers: { Authorization: `Bearer ${bearer}`, ...headers } })
const pdf = async (path, headers) => {
  const answer = await load(path, headers)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/pdf')
  return Buffer.from(await answer.arrayBuffer())
}

it('mails an invoice when it is made, with the PDF', async () => {
  await server.kicau(['plan', 'set', 'metered', 'month=31', 'post=0.005', 'uses=search', 'rate_account=1000'])
  await server.kicau(['licensee', 'create', name, '--plan', 'metered', '--email', 'buku@example.net'])
  await server.kicau(['licensee', 'create', 'silent', '--plan', 'metered'])
  token = (await server.kicau(['key', 'create', '--licensee', name])).trim()
  const licensees = await adam.get(`${base}/licensees`)
  await server.stop() // it would book days before what was read on them is written
  for (const one of licensees) {
    useLastMonth(server, one.id)
    if (one.name === name) id = one.id
  }
  await restart(server)
  const mail = await smtp.mail('buku@example.net')
  number = (await adam.get(`${base}/invoices`, { licensee_id: id }))[0].number
  assert.equal(mail.subject, `Faktur ${number} dari kicau`)
  assert.deepEqual(mail.defects, [])
  assert.match(mail.text, new RegExp(`^Halo ${name},`))
  assert.match(mail.html, /<html lang="id">/)
  assert.deepEqual(mail.files.map((f) => [f.name, f.type]), [[`${number}.pdf`, 'application/pdf']])
  const text = asText(Buffer.from(mail.files[0].base64, 'base64'))
  assert.match(text, new RegExp(`Faktur ${number}`))
  assert.ok(text.includes('31,50'), text)
  assert.equal(smtp.mails.length, 1, 'who has no address gets none')
})

it('draws a PDF that says what the document says', async () => {
  const doc = await (await load(`/2/invoices/${number}`)).json()
  const bytes = await pdf(`/2/invoices/${number}.pdf`)
  const text = asText(bytes)
  for (const word of [`Invoice ${number}`, 'Jalan Tuñjungan 5', doc.month, doc.date, 'All amounts are in EUR.', 'Total of the month', 'To be paid', 'Balance before the month']) assert.ok(text.includes(word), `${word} in\n${text}`)
  assert.ok(text.includes('Toko Buku Ñusa <i>'), 'not taken for markup')
  assert.match(text, new RegExp(`metered, 1\\) +${lastMonth().days} / ${lastMonth().days} +31\\.00 +31\\.00`))
  assert.match(text, /Posts read \(metered, 1\) +100 +0\.005 +0\.50/)
  assert.deepEqual(await pdf(`/2/invoices/${number}`, { Accept: 'application/pdf' }), bytes, 'the same bytes')
  assert.match(asText(await pdf(`/2/invoices/${number}.pdf`, { 'Accept-Language': 'id' })), /Total bulan ini|Faktur/)
  assert.match((await load(`/2/invoices/${number}`, { Accept: 'text/html, */*' })).headers.get('content-type'), /^text\/html/)
  assert.match((await load(`/2/invoices/${number}`, { Accept: '*/*' })).headers.get('content-type'), /^application\/json/)
  const file = join(server.data, 'cli.pdf')
  await server.kicau(['invoice', 'show', number, '--pdf', file])
  assert.deepEqual(readFileSync(file), bytes)
  assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), new RegExp(`Title: +Invoice ${number}[^]*Pages: +1\\b[^]*A4`))
})

it('goes on over as many pages as it takes', async () => {
  const doc = JSON.parse(await server.kicau(['invoice', 'show', number]))
  doc.movements = Array.from({ length: 90 }, (_, i) => ({ type: 'payment', date: '2026-10-01', reference: `manual:bank ${i}`, memo: '', amount_micro: 1000 }))
  server.sql(`UPDATE invoices SET document = '${JSON.stringify(doc).replaceAll("'", "''")}' WHERE number = ${Number(number.slice(1))} AND kind = 1`)
  const file = join(server.data, 'long.pdf')
  await server.kicau(['invoice', 'show', number, '--pdf', file])
  assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /Pages: +[3-5]\b/)
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
  for (let i = 0; i < 90; i++) assert.match(text, new RegExp(`manual:bank ${i} `))
})

it('is a matter of those who may manage data', async () => {
  for (const who of [users.alice, users.adam]) {
    for (const path of ['invoices', `invoices/${number}`, 'entries', 'books', 'books/verify']) await who.call('GET', `${base}/${path}`, { status: 403 })
    await who.call('POST', `${base}/payments`, { json: { licensee_id: id, amount: '1', reference: 'x' }, status: 403 })
  }
})

it('books payments and credit notes over the API, and mails those too', async () => {
  const before = (await adam.get(`${base}/books`, { licensee_id: id })).books.licensee
  const paid = await adam.post(`${base}/payments`, { licensee_id: id, amount: '50', reference: 'transfer 7', note: 'in cash' })
  assert.deepEqual([paid.currency, paid.balance_micro], ['EUR', before + 50_000_000])
  assert.match((await adam.call('POST', `${base}/payments`, { json: { licensee_id: id, amount: '50', reference: 'transfer 7' }, status: 409 })).body.error, /booked already/)
  await adam.call('POST', `${base}/payments`, { json: { licensee_id: 5, amount: '50', reference: 'transfer 8' }, status: 404 })
  await adam.call('POST', `${base}/payments`, { json: { licensee_id: id, amount: '1,5', reference: 'transfer 9' }, status: 422 })
  assert.equal((await adam.post(`${base}/payments`, { licensee_id: id, amount: '1.5', reference: 'transfer 10', refund: true })).balance_micro, paid.balance_micro - 1_500_000)
  const [refund] = await adam.get(`${base}/entries`, { licensee_id: id })
  assert.deepEqual([refund.kind, refund.reference, refund.lines], ['refund', 'manual:transfer 10', { licensee: -1_500_000, manual: 1_500_000 }])
  assert.deepEqual((await adam.get(`${base}/entries`, { kind: 2, licensee_id: id, limit: 1 })).map((e) => e.memo), ['in cash'])
  const note = await adam.post(`${base}/invoices/${number}/credit`, { amount: '0.50', reason: 'a broken stream' })
  assert.deepEqual([note.number, note.kind, note.total_micro, note.licensee_id], ['C000001', 'credit_note', 500_000, id])
  await adam.call('POST', `${base}/invoices/${number}/credit`, { json: { amount: '1000', reason: 'x' }, status: 422 })
  await adam.call('POST', `${base}/invoices/C000001/credit`, { json: { amount: '0.1', reason: 'x' }, status: 422 })
  await adam.call('POST', `${base}/invoices/I999999/credit`, { json: { amount: '0.1', reason: 'x' }, status: 404 })
  const mail = await smtp.mail('buku@example.net', 2)
  assert.deepEqual(mail.files.map((f) => f.name), ['C000001.pdf'])
  assert.match(asText(Buffer.from(mail.files[0].base64, 'base64')), /a broken stream/)
  assert.equal((await adam.get(`${base}/books`, { licensee_id: id })).books.manual, -48_500_000)
})

it('checks the books over the API', async () => {
  const { wrong, invoices } = await adam.get(`${base}/books/verify`)
  assert.deepEqual([wrong, invoices], [[], 2])
  const line = 'book_lines SET amount_micro = amount_micro'
  server.sql(`UPDATE ${line} + 1 WHERE book = 2`)
  assert.ok((await adam.get(`${base}/books/verify`)).wrong.length > 0)
  server.sql(`UPDATE ${line} - 1 WHERE book = 2`)
  const log = await adam.get('/api/kicau/v1/moderation/log')
  assert.deepEqual(log.slice(0, 3).map((e) => e.action), ['create', 'create', 'create'])
})

it('draws a document for operators in each form', async () => {
  for (const [ending, type] of [['', 'application/json'], ['.html', 'text/html'], ['.pdf', 'application/pdf']]) {
    const answer = await fetch(`${server.base}${base}/invoices/C000001${ending}`, { headers: { Authorization: `Bearer ${adam.token}` } })
    assert.equal(answer.status, 200)
    assert.ok(answer.headers.get('content-type').startsWith(type))
  }
  await until('the queue of mails is empty', async () => server.sql('SELECT COUNT(*) FROM mails').toString().trim() === '0', { timeout: 20000 })
})
