// Backups hold the ledger, as new as the database or newer; a restore looks at every byte of it, and never puts an older one in
// the place of a newer one.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { binary, freePort, until } from '../api/lib/server.mjs'
import { Licensee, licensee, startMarket } from './lib/market.mjs'

const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'] })
const acme = await licensee(server)
const scratch = mkdtempSync(join(tmpdir(), 'kicau-backup-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const at = (name) => join(scratch, name)
const kicau = (data, ...args) => spawnSync(binary, [...args, '--data', data], { encoding: 'utf8', timeout: 60000, env: { ...process.env, KICAU_BASE_URL: server.base, ...server.env } })
const done = (result) => { assert.equal(result.status, 0, result.stdout + result.stderr); return result.stdout }
const records = (data) => Number(JSON.parse(done(kicau(data, 'ledger', 'status', '--json'))).size ?? JSON.parse(done(kicau(data, 'ledger', 'status', '--json'))).records)

let received // the place of the last record of a delivery in the ledger
async function deliver (n) {
  for (let i = 0; i < n; i++) {
    const { id } = await alice.post('/api/v1/statuses', { status: `for sale ${Math.random()}` })
    const { status, headers } = await acme.call('/2/tweets', { ids: id })
    assert.equal(status, 200)
    const receipt = Buffer.from(headers.get('kicau-receipt'), 'base64url')
    received = Number(receipt.readBigUInt64BE(1)) + receipt.readUInt32BE(13)
  }
}

it('packs the ledger while it is written, and restores it whole', async () => {
  await deliver(3)
  const busy = deliver(20)
  done(kicau(server.data, 'backup', at('one.tar.gz')))
  await busy
  assert.deepEqual(readdirSync(join(server.data, 'ledger')).filter((name) => name.startsWith('.')), [], 'nothing is left behind')
  const out = done(kicau(at('one'), 'restore', at('one.tar.gz')))
  assert.match(out, /the ledger has \d+ records with \d+ post reads: all is as it was signed/)
  assert.match(done(kicau(at('one'), 'ledger', 'verify')), /all is as it was signed/)
  assert.equal(statSync(join(at('one'), 'ledger', 'key')).mode & 0o777, 0o600)
  assert.ok(!existsSync(join(at('one'), 'ledger', 'lock')))
  const counted = Number(execFileSync('sqlite3', [join(at('one'), 'kicau.db'), 'SELECT counted FROM meter_state']).toString())
  assert.ok(records(at('one')) >= counted)
})

it('a newer ledger takes the place of an older one, which is kept', async () => {
  await deliver(5)
  done(kicau(server.data, 'backup', at('two.tar.gz')))
  const before = records(at('one'))
  assert.match(done(kicau(at('one'), 'restore', '--force', at('two.tar.gz'))), /the ledger that was there is now .*ledger\.replaced-/)
  assert.ok(records(at('one')) > before)
})

it('an older ledger never takes the place of a newer one', async () => {
  const before = records(at('one'))
  assert.match(done(kicau(at('one'), 'restore', '--force', at('one.tar.gz'))), /ledger is as new as the backup's or newer, and stays/)
  assert.equal(records(at('one')), before)
  assert.match(done(kicau(at('one'), 'ledger', 'verify')), /all is as it was signed/)
})

it('a ledger that was changed is not restored', async () => {
  mkdirSync(at('open'))
  execFileSync('tar', ['-xzf', at('two.tar.gz'), '-C', at('open')])
  const folder = join(at('open'), 'kicau-backup')
  const log = join('ledger', readdirSync(join(folder, 'ledger')).find((name) => name.endsWith('.log')))
  execFileSync('sh', ['-c', `printf X | dd of=${log} bs=1 seek=60 conv=notrunc 2>/dev/null && sha256sum $(awk '{print $2}' SHA256SUMS) > S && mv S SHA256SUMS`], { cwd: folder })
  execFileSync('tar', ['-czf', at('bad.tar.gz'), '-C', at('open'), 'kicau-backup/backup.json', ...execFileSync('awk', ['{print $2}', join(folder, 'SHA256SUMS')]).toString().trim().split('\n').filter((name) => name !== 'backup.json').map((name) => `kicau-backup/${name}`), 'kicau-backup/SHA256SUMS'])
  const refused = kicau(at('bad'), 'restore', at('bad.tar.gz'))
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /the ledger in the backup is damaged/)
  assert.ok(!existsSync(join(at('bad'), 'kicau.db')))
})

it('the restored network serves, and its receipts are good', async () => {
  done(kicau(at('one'), 'books', 'verify'))
  const port = await freePort()
  const child = spawn(binary, ['serve', '--data', at('one'), '--listen', `127.0.0.1:${port}`], { stdio: 'ignore', env: { ...process.env, KICAU_BASE_URL: server.base, ...server.env } })
  after(() => child.kill('SIGKILL'))
  const other = new Licensee(`http://127.0.0.1:${port}`, acme.token)
  await until('it serves', async () => (await fetch(`${other.base}/health`).catch(() => ({}))).status === 200, { timeout: 30000 })
  const answer = await other.call('/2/tweets', { ids: (await alice.post('/api/v1/statuses', { status: 'only on the first' })).id })
  assert.equal(answer.status, 200)
  assert.ok((await other.call(`/2/receipts/${received}`)).body.data.record)
})
