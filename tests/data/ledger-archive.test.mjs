// Old files of the ledger: moved away they still answer, prove, date leaks and come with backups; when their salts are destroyed
// deliveries cannot be proven any more, and everything else can.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { binary, sleep, until } from '../api/lib/server.mjs'
import { licensee, startMarket } from './lib/market.mjs'
import { restart } from '../torture/lib/rounds.mjs'

const verifier = resolve(dirname(fileURLToPath(import.meta.url)), '../../tools/verify/ledger.mjs')
const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'], env: { KICAU_LEDGER_SEGMENT_KIB: '1', KICAU_WITHHOLD_PPM: '0' } })
const acme = await licensee(server)
const scratch = mkdtempSync(join(tmpdir(), 'kicau-archive-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const at = (name) => join(scratch, name)
const away = at('away')
const ledger = join(server.data, 'ledger')
const env = (more = {}) => ({ ...process.env, KICAU_BASE_URL: server.base, ...server.env, ...more })
const kicau = (data, args, more) => spawnSync(binary, [...args, '--data', data], { encoding: 'utf8', timeout: 60000, env: env(more) })
const done = ({ status, stdout, stderr }) => { assert.equal(status, 0, stdout + stderr); return stdout }
const segments = (folder) => readdirSync(folder).filter((name) => name.endsWith('.seg')).sort()
const who = async (id) => (await server.kicau(['ledger', 'who', id, '--json'])).trim().split('\n').map((line) => JSON.parse(line))

const ids = []
const words = ['river', 'market', 'engine', 'window', 'harvest', 'signal', 'copper', 'lantern', 'orchard', 'gravel', 'thunder', 'velvet']
for (const [i, word] of words.entries()) ids.push((await alice.post('/api/v1/statuses', { status: `the ${word} by the old harbour was painted ${words[(i + 5) % 12]} green again in spring` })).id)
const place = ({ headers }) => { const bytes = Buffer.from(headers.get('kicau-receipt'), 'base64url'); return Number(bytes.readBigUInt64BE(1)) + bytes.readUInt32BE(13) }

// Until so many files of the ledger are packed.
async function deliver (files) {
  let first
  for (let i = 0; segments(ledger).length < files; i++) {
    assert.ok(i < 500, 'nothing is packed')
    const answer = await acme.call('/2/tweets', { ids: ids.join(), 'tweet.fields': 'public_metrics,author_id', expansions: 'author_id', 'user.fields': 'public_metrics' })
    assert.equal(answer.status, 200)
    first ??= { index: place(answer), page: answer.text }
  }
  return first
}

it('the ledger tells under which licence a post went to whom, and what never arrived', async () => {
  const one = { ids: ids[0] }
  await acme.get('/2/tweets', one)
  const url = `${server.base}/2/tweets?${new URLSearchParams(one)}`
  // The answer to HEAD has nothing in it, so it is settled as one that broke off.
  await fetch(url, { method: 'HEAD', headers: { Authorization: `Bearer ${acme.token}` } })
  const told = await until('the second broke off', async () => { const all = await who(ids[0]); return all[1]?.broke_off && all })
  assert.deepEqual(told.map((one) => [one.licensee_name, one.plan, one.broke_off]), [['acme', 'pro 1', false], ['acme', 'pro 1', true]])
  assert.match(await server.kicau(['ledger', 'who', ids[0]]), /\d+ +pro 1 +0 +yes +acme\n[^\n]+broke off +acme\n$/)
  const what = (licensee) => server.kicau(['ledger', 'what', licensee])
  assert.match(await what('acme'), /posts +\d+ +pro 1 +1 +1 +\d+\n/)
  assert.equal(await what(told[0].licensee), await what('acme'))
  await assert.rejects(what('nobody'), /exit 1[^]*no licensee "nobody"/)
  // A ledger that lies by itself knows numbers alone.
  const alone = (...args) => server.kicau(['ledger', ...args, '--dir', ledger])
  assert.match(await alone('who', ids[0]), new RegExp(` ${told[0].terms} .*yes +${told[0].licensee}\\n`))
  assert.match(await alone('what', told[0].licensee), new RegExp(` ${told[0].terms} `))
  await assert.rejects(alone('what', 'acme'), /exit [12][^]*is a number/)
})

let old, boundary, counted
it('old files are moved, and all answers are as before', async () => {
  old = await deliver(4)
  await sleep(1100)
  boundary = new Date().toISOString()
  await deliver(7)
  await server.stop()
  counted = (await who(ids[0])).length
  const before = segments(ledger)
  assert.match(await server.kicau(['ledger', 'archive', away, '--before', boundary]), /moved [3-5] segments/)
  assert.deepEqual([...segments(away), ...segments(ledger)].sort(), before)
  assert.match(kicau(server.data, ['ledger', 'prove', String(old.index)]).stderr, /there is no record/, 'nobody said where they are')
  server.env.KICAU_LEDGER_ARCHIVE = away
  assert.equal((await who(ids[0])).length, counted)
  writeFileSync(at('proof.json'), await server.kicau(['ledger', 'prove', String(old.index)]))
  execFileSync('node', [verifier, 'inclusion', join(ledger, 'key.public'), at('proof.json')])
  assert.match(await server.kicau(['ledger', 'verify']), /all is as it was signed/)
  await restart(server)
  assert.ok((await acme.get(`/2/receipts/${old.index}`)).data.salt)
})

it('a leak is dated by deliveries that were moved away', async () => {
  writeFileSync(at('page.json'), old.page)
  const found = JSON.parse(done(kicau(server.data, ['trace', 'leak', at('page.json'), '--work', at('work'), '--json', '--measure', '0', '--report', at('leak.html')])))
  assert.deepEqual([found.posts, found.dating.complete, found.dating.dated], [12, 12, 12])
  assert.equal(found.dating.licensees[0].fits, 12)
  // The report says it, with all that it is counted from.
  assert.match(readFileSync(at('leak.html'), 'utf8'), /When it was delivered.*12 rows have their counters; 12 were compared with \d+ deliveries.*<td>acme<\/td><td>\d{4}-\d\d-\d\d \d\d:\d\d UTC/s)
  const folder = at('leak.files')
  const { dating } = JSON.parse(readFileSync(join(folder, 'report.json')))
  assert.deepEqual(dating, found.dating)
  const check = () => spawnSync('python3', ['-B', join(dirname(verifier), 'trace.py'), folder], { encoding: 'utf8', timeout: 60000 })
  assert.equal(check().status, 0, check().stderr)
  const report = readFileSync(join(folder, 'report.json'), 'utf8')
  writeFileSync(join(folder, 'report.json'), report.replace(`"median":"${dating.licensees[0].median}"`, '"median":"2026-01-01T00:00:00.000Z"'))
  assert.match(check().stderr, /REFUSED: dating/)
  writeFileSync(join(folder, 'report.json'), report)
})

it('a backup holds them too, and gives them back where nothing was moved', async () => {
  done(kicau(server.data, ['backup', at('all.tar.zst')]))
  const back = { KICAU_LEDGER_ARCHIVE: '' }
  assert.match(done(kicau(at('back'), ['restore', at('all.tar.zst')], back)), /all is as it was signed/)
  assert.ok(!existsSync(join(at('back'), 'ledger', 'archived')))
  assert.equal(JSON.parse(done(kicau(at('back'), ['ledger', 'status', '--json'], back))).first, 0)
  assert.match(done(kicau(at('back'), ['ledger', 'verify'], back)), /all is as it was signed/)
  // Where the archive is still there, its copies are in nobody's way.
  assert.match(done(kicau(at('back'), ['ledger', 'verify'])), /all is as it was signed/)
  assert.ok(JSON.parse(done(kicau(at('back'), ['ledger', 'prove', String(old.index)], back))).salt)
  const blind = kicau(server.data, ['backup', at('part.tar.zst')], back)
  assert.equal(blind.status, 0)
  assert.match(blind.stderr, /moved away.*not in this backup/)
})

it('salts are destroyed for good, and only when that is meant', async () => {
  const { withheld } = (await acme.get('/2/licence')).data
  const destroy = (...more) => kicau(server.data, ['ledger', 'destroy-salts', '--before', boundary, ...more])
  assert.match(destroy('--yes').stderr, /a server writes this ledger/)
  await server.stop()
  assert.match(destroy().stderr, /nothing is destroyed: say --yes/)
  assert.ok(readdirSync(away).some((name) => name.endsWith('.salt')))
  assert.equal(kicau(server.data, ['ledger', 'destroy-salts']).status, 2)
  const said = done(destroy('--yes'))
  const record = /record (\d+) of the ledger says so/.exec(said)[1]
  assert.deepEqual(readdirSync(away).filter((name) => name.endsWith('.salt')), [])
  assert.ok(readdirSync(ledger).some((name) => name.endsWith('.salt')), 'those of newer ones stay')
  assert.match(kicau(server.data, ['ledger', 'prove', String(old.index)]).stderr, /its salt was destroyed/)
  assert.match(await server.kicau(['ledger', 'verify']), /all is as it was signed/)
  assert.equal((await who(ids[0])).length, counted, 'as the word of the operator')
  await restart(server)
  const gone = (await acme.get(`/2/receipts/${old.index}`)).data
  assert.deepEqual([gone.salt, gone.record], [null, null])
  // What deliveries are judged by can be proven as ever.
  for (const index of [withheld.ledger_index, withheld.everybody_ledger_index]) {
    writeFileSync(at('proof.json'), await server.kicau(['ledger', 'prove', String(index)]))
    execFileSync('node', [verifier, 'inclusion', join(ledger, 'key.public'), at('proof.json')])
    assert.ok((await acme.get(`/2/receipts/${index}`)).data.salt)
  }
  await server.stop()
  const statement = JSON.parse(Buffer.from(JSON.parse(await server.kicau(['ledger', 'prove', record])).opened.data, 'base64'))
  assert.deepEqual([statement.statement, statement.first, statement.records > 0, statement.kept > 0], ['salts-destroyed', 0, true, true])
  assert.match(done(destroy('--yes')), /no packed file/)
  await restart(server)
  assert.equal((await acme.call('/2/tweets', { ids: ids[0] })).status, 200)
})
