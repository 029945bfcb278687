// The command line, beside a server that runs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Server, binary, password, startWorld, until } from './lib/server.mjs'

const world = await startWorld({ accounts: ['alice', 'bob'] })
const { it } = world
const scratch = mkdtempSync(join(tmpdir(), 'kicau-cli-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const onSqlite = process.env.KICAU_TEST_DATABASE !== 'postgresql'

function kicau (args, { input = '', env = world.server.env, data = world.server.data } = {}) {
  const done = spawnSync(binary, data ? [...args, '--data', data] : args,
    { input, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60000 })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

const statusOf = (token, path = '/api/v1/accounts/verify_credentials') =>
  fetch(new URL(path, world.server.base), { headers: { Authorization: `Bearer ${token}` } }).then((reply) => reply.status)

it('explains itself', async () => {
  const help = kicau(['help'], { data: null })
  assert.equal(help.code, 0)
  for (const word of ['serve', 'account create NAME', 'token create', 'backup FILE', 'doctor']) assert.match(help.out, new RegExp(word))
  for (const command of ['serve', 'init', 'account create', 'token revoke', 'routes', 'config list', 'backup', 'restore', 'doctor']) {
    const one = kicau([...command.split(' '), '--help'], { data: null })
    assert.equal(one.code, 0)
    assert.match(one.out, new RegExp(`Usage: kicau ${command}`))
  }
  assert.match(kicau(['--version'], { data: null }).out, /^kicau \d+\.\d+\.\d+/)
})

it('says what is wrong with a command, and exits with 2', async () => {
  for (const [args, words] of [
    [['acount'], /no command acount/],
    [['account', 'crate', 'x'], /account create/],
    [['account', 'create', 'x'], /--email/],
    [['account', 'create', '--email', 'x@example.com'], /NAME/],
    [['account', 'create', 'x', '--email', 'x@example.com', '--role', 'king'], /king/],
    [['token', 'create', '--account', 'alice', '--scopes', 'everything'], /everything/],
    [['serve', '--port', '80'], /--port/],
    [['emoji', 'add', 'no-dashes', '/dev/null'], /no-dashes/]
  ]) {
    const done = kicau(args)
    assert.equal(done.code, 2, args.join(' '))
    assert.match(done.err, words)
  }
})

it('exits with 1 and a reason when it does not work', async () => {
  const taken = kicau(['account', 'create', 'ALICE', '--email', 'other@example.com', '--password-stdin'], { input: `${password}\n` })
  assert.equal(taken.code, 1)
  assert.match(taken.err, /taken/)
  const nobody = kicau(['token', 'create', '--account', 'nobody'])
  assert.equal(nobody.code, 1)
  assert.match(nobody.err, /nobody/)
  const nowhere = kicau(['account', 'list'], { data: join(scratch, 'nowhere') })
  assert.equal(nowhere.code, 1)
  assert.match(nowhere.err, /nowhere/)
  assert.ok(!existsSync(join(scratch, 'nowhere')))
})

it('makes an account with a password of its own, at once known to the server', async () => {
  const made = kicau(['account', 'create', 'carol', '--email', 'carol@example.com', '--role', 'moderator'])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /password: \S{20}/)
  const token = kicau(['token', 'create', '--account', 'carol', '--scopes', 'read']).out
  assert.match(token, /^[\w-]{43}\n$/)
  assert.equal(await statusOf(token.trim()), 200)
  const list = kicau(['account', 'list', '--json']).out.trim().split('\n').map((line) => JSON.parse(line))
  const carol = list.find((account) => account.name === 'carol')
  assert.equal(carol.role, 'moderator')
  assert.equal(carol.state, 'active')
  assert.equal(carol.email, 'carol@example.com')
})

it('revokes a token within a second or so', async () => {
  const token = kicau(['token', 'create', '--account', 'bob']).out.trim()
  assert.equal(await statusOf(token), 200)
  const listed = kicau(['token', 'list', '--account', 'bob']).out.trim().split('\n').at(-1).split(' ')[0]
  assert.equal(kicau(['token', 'revoke', listed]).code, 0)
  await until('401', async () => await statusOf(token) === 401, { timeout: 3000 })
  assert.equal(kicau(['token', 'revoke', listed]).code, 1)
  const other = kicau(['token', 'create', '--account', 'bob']).out.trim()
  assert.equal(await statusOf(other), 200)
  assert.equal(kicau(['token', 'revoke', other]).code, 0)
  await until('401', async () => await statusOf(other) === 401, { timeout: 3000 })
})

it('logs a disabled account out, and lets it in again', async () => {
  const dave = await world.server.account('dave')
  assert.equal(await statusOf(dave.token), 200)
  assert.equal(kicau(['account', 'disable', 'dave']).code, 0)
  await until('refusal', async () => await statusOf(dave.token) >= 401, { timeout: 3000 })
  assert.equal(kicau(['account', 'enable', 'dave']).code, 0)
  assert.equal(await statusOf(kicau(['token', 'create', '--account', 'dave']).out.trim()), 200)
  const changed = kicau(['account', 'set-password', 'dave', '--password-stdin'], { input: 'another good password\n' })
  assert.equal(changed.code, 0, changed.err)
  assert.equal(kicau(['account', 'set-password', 'dave', '--password-stdin'], { input: 'short\n' }).code, 1)
})

it('deletes an account with what it wrote', async ({ alice }) => {
  const erin = await world.server.account('erin')
  const { id } = await erin.get('/api/v1/accounts/verify_credentials')
  const post = await erin.post('/api/v1/statuses', { status: 'soon gone' })
  await erin.post(`/api/v1/accounts/${alice.id}/follow`)
  const before = (await alice.get(`/api/v1/accounts/${alice.id}`)).followers_count
  assert.equal(kicau(['account', 'delete', 'erin']).code, 1, 'without --yes')
  const gone = kicau(['account', 'delete', 'erin', '--yes'])
  assert.equal(gone.code, 0, gone.err)
  await until('the server to know', async () => await statusOf(erin.token) === 401, { timeout: 3000 })
  await alice.call('GET', `/api/v1/statuses/${post.id}`, { status: 404 })
  await until('the count', async () => (await alice.get(`/api/v1/accounts/${alice.id}`)).followers_count === before - 1, { timeout: 3000 })
  const again = kicau(['account', 'create', 'erin', '--email', 'new@example.com'])
  assert.equal(again.code, 1, 'the name is not given away')
  assert.ok(id)
})

it('shows settings with their origin, and no password', async () => {
  const env = { KICAU_DATABASE: 'postgresql://kicau:s3cret@db/kicau', KICAU_TITLE: 'A title' }
  const list = kicau(['config', 'list'], { env, data: scratch })
  assert.equal(list.code, 0)
  assert.match(list.out, /title = A title +# KICAU_TITLE/)
  assert.match(list.out, /post_chars = 500 characters +# default/)
  assert.doesNotMatch(list.out, /s3cret/)
  writeFileSync(join(scratch, 'kicau.conf'), 'title = from file\npost_chars = many\n')
  const wrong = kicau(['config', 'list'], { env: {}, data: scratch })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /kicau\.conf:2: post_chars = many: must be a whole number from 1/)
  rmSync(join(scratch, 'kicau.conf'))
})

it('opens a network that only its own machine reaches, and no other', async () => {
  const rows = (name) => readFileSync(join(scratch, name, 'kicau.conf'), 'utf8').split('\n').filter((line) => /^\w/.test(line))
  const open = ['registrations = open', 'data_uses = search,research,commercial,training']
  for (const [name, url, listen, set] of [
    ['plain', undefined, [], open],
    ['named', 'http://localhost:9000', [], open],
    ['four', 'http://127.0.0.1:9000', ['--listen', '127.0.0.1:9000'], open],
    ['six', 'http://[::1]:9000', ['--listen', '[::1]:9000'], open],
    ['town', 'https://kicau.example', [], []],
    ['alike', 'https://localhost.example', [], []],
    ['for-all', undefined, ['--listen', '0.0.0.0:9000'], []]
  ]) {
    const done = kicau(['init', ...listen], { data: join(scratch, name), env: { KICAU_BASE_URL: url } })
    assert.equal(done.code, 0, done.err)
    assert.deepEqual(rows(name), set, name)
    assert.deepEqual(done.out.match(/\w+ = \S+/g) ?? [], set, `it says so: ${name}`)
  }
  const list = kicau(['config', 'list'], { data: join(scratch, 'plain'), env: {} }).out
  assert.match(list, /registrations = open .*kicau\.conf:\d+/)
  assert.match(list, /data_uses_default = +# default/, 'what is offered is not agreed to')
  writeFileSync(join(scratch, 'town', 'kicau.conf'), 'title = Mine\n')
  assert.equal(kicau(['init'], { data: join(scratch, 'town'), env: {} }).code, 0)
  assert.deepEqual(rows('town'), ['title = Mine'], 'a file that is there is left alone')
})

it('runs one server on a data directory', async () => {
  const second = kicau(['serve', '--listen', '127.0.0.1:0'])
  assert.equal(second.code, 1)
  assert.match(second.err, /already serves .*process \d+/)
})

it('finds the installation in order, and says what weakens it', async () => {
  const well = kicau(['doctor'], { env: { ...world.server.env, KICAU_RATE_LIMITS: 'on' } })
  assert.equal(well.code, 0, well.out + well.err)
  assert.match(well.out, /^ok +database/m)
  assert.match(well.out, /^ok +server +runs/m)
  assert.match(well.out, /^ok +certificates/m)
  const weak = kicau(['doctor'], { env: { ...world.server.env, KICAU_PASSWORD_GRANT: 'on', KICAU_PRIVATE_ADDRESSES: 'on' } })
  assert.equal(weak.code, 3)
  assert.match(weak.out, /^warn +settings +password_grant/m)
  assert.match(weak.out, /^warn +settings +private_addresses/m)
  const nowhere = kicau(['doctor'], { data: join(scratch, 'nowhere') })
  assert.equal(nowhere.code, 3)
  assert.match(nowhere.out, /^fail +data directory/m)
})

it('backs up while it serves, and the backup serves elsewhere', async ({ alice }) => {
  const post = await alice.post('/api/v1/statuses', { status: 'kept for ever' })
  const file = join(scratch, 'backup.tar.gz')
  const made = kicau(['backup', file])
  assert.equal(made.code, 0, made.err)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(kicau(['backup', file]).code, 1, 'it does not write over a file')
  assert.equal(kicau(['backup', file, '--force']).code, 0)

  const other = new Server()
  after(async () => { await other.stop(); other.discard() })
  await other.prepare()
  const run = (args) => kicau(args, { env: { ...other.env, KICAU_BASE_URL: world.server.base }, data: other.data })
  if (onSqlite) {
    assert.equal(run(['restore', file]).code, 1, 'not over a network that is there')
    const restored = run(['restore', file, '--force'])
    assert.equal(restored.code, 0, restored.err)
  } else {
    other.postgres.stop()
    rmSync(other.data, { recursive: true })
    const { startPostgres } = await import('./lib/postgres.mjs')
    other.postgres = startPostgres()
    other.env.KICAU_DATABASE = other.postgres.url
    const restored = run(['restore', file])
    assert.equal(restored.code, 0, restored.err)
  }
  await other.start()
  const reply = await fetch(`http://127.0.0.1:${other.port}/api/v1/statuses/${post.id}`, { headers: { Authorization: `Bearer ${alice.token}` } })
  assert.equal(reply.status, 200)
  assert.match((await reply.json()).content, /kept for ever/)
  assert.equal(run(['restore', file, '--force']).code, 1, 'not under a server that runs')
})

it('refuses a backup that was changed', async () => {
  const file = join(scratch, 'broken.tar')
  assert.equal(kicau(['backup', file]).code, 0)
  const bytes = readFileSync(file)
  bytes[Math.floor(bytes.length / 2)] ^= 1
  writeFileSync(file, bytes)
  const data = join(scratch, 'fresh')
  const done = kicau(['restore', file], { data, env: {} })
  assert.equal(done.code, 1)
  assert.match(done.err, /damaged|cannot be read/)
  assert.ok(!existsSync(join(data, 'kicau.db')))
})

test('SIGTERM ends a server with 0, and leaves nothing locked', async () => {
  const server = new Server()
  await server.prepare()
  await server.start()
  await server.stop('SIGTERM')
  assert.deepEqual(server.exit, { code: 0, signal: null })
  server.exit = undefined
  server.stopping = false
  await server.start()
  await server.stop('SIGINT')
  assert.deepEqual(server.exit, { code: 0, signal: null })
  server.discard()
})
