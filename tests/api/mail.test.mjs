// Mail through a real mail server: what it says, and that none is lost or doubled whatever happens on the way.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { appToken, registerApp } from './lib/oauth.mjs'
import { Server, binary, sleep, startWorld, until } from './lib/server.mjs'
import { OPEN_REGISTRATION } from './lib/settings.mjs'
import { linkOf, Smtp } from './lib/smtp.mjs'

const smtp = new Smtp()
const { it, server } = await startWorld({ accounts: ['alice'], env: { ...OPEN_REGISTRATION, KICAU_TITLE: 'Kampung 🐦', ...await smtp.env() } })

async function signUp (anyone, username, more = {}) {
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write'), { app: true })
  return client.post('/api/v1/accounts', { username, email: `${username}@example.net`, password: 'a very long secret', agreement: true, locale: 'en', ...more })
}

const doctor = (env) => spawnSync(binary, ['doctor', '--data', server.data], { encoding: 'utf8', env: { ...process.env, ...server.env, ...env } }).stdout

it('waits for a mail server that is away, also through kill -9, and is sent once', async ({ anyone }) => {
  for (const name of ['one', 'two', 'three']) await signUp(anyone, name)
  await server.stop('SIGKILL')
  assert.match(doctor(), /^fail +mail +127\.0\.0\.1:\d+ does not take it: .*connect/m)
  assert.match(doctor(), /^ok +mail queue +3 wait/m)
  await smtp.start()
  server.exit = null
  server.stopping = false
  await server.start()
  const mail = await smtp.mail('one@example.net')
  assert.equal(mail.subject, 'Confirm your e-mail address for Kampung 🐦')
  assert.equal(mail.sender_name, 'Kampung 🐦')
  assert.equal(mail.sender, 'kicau@kampung.example')
  assert.equal(mail.auto, 'auto-generated')
  assert.match(mail.id, /^<\d+\.kicau@kampung\.example>$/)
  assert.ok(Math.abs(Date.now() - new Date(mail.date)) < 60000, mail.date)
  assert.deepEqual(mail.defects, [])
  const link = linkOf(mail)
  assert.equal(link.origin + link.pathname, `${server.base}/auth/confirmation`)
  assert.match(link.searchParams.get('confirmation_token'), /^[\w-]{43}$/)
  await smtp.mail('two@example.net')
  await smtp.mail('three@example.net')
  await sleep(2500)
  assert.equal(smtp.mails.length, 3)
  assert.match(doctor(), /^ok +mail +127\.0\.0\.1:\d+ takes it, from kicau@kampung\.example/m)
  assert.match(doctor(), /^ok +mail queue +0 wait/m)
})

it('speaks the language of whoever signed up', async ({ anyone }) => {
  await signUp(anyone, 'empat', { locale: 'id' })
  const mail = await smtp.mail('empat@example.net')
  assert.equal(mail.subject, 'Konfirmasi alamat surel Anda untuk Kampung 🐦')
  assert.match(mail.text, /^Halo @empat,/)
  assert.match(mail.html, /<html lang="id">/)
})

it('tries again after a refusal, and gives up where there is no such mailbox', async ({ anyone }) => {
  await smtp.stop()
  await smtp.start({ refuse: 1 })
  await signUp(anyone, 'later')
  await smtp.mail('later@example.net')
  assert.deepEqual(smtp.refused, ['later@example.net'])
  await smtp.stop()
  await smtp.start({ refuse: 1, final: true })
  await signUp(anyone, 'never')
  await until('it is refused for good', () => smtp.refused.includes('never@example.net'), { timeout: 45000 }) // the one that is
  await signUp(anyone, 'behind')
  await smtp.mail('behind@example.net')
  assert.match(doctor(), /^warn +mail queue +1 given up, 0 wait/m)
  assert.equal(smtp.to('never@example.net').length, 0)
})

it('a mail server that hangs delays nobody', async ({ anyone, alice }) => {
  await smtp.stop()
  await smtp.start({ hang: true })
  for (const name of ['hung1', 'hung2', 'hung3']) await signUp(anyone, name)
  await sleep(2500)
  const begin = Date.now()
  await alice.post('/api/v1/statuses', { status: 'meanwhile' })
  await signUp(anyone, 'hung4')
  assert.ok(Date.now() - begin < 3000)
  const stop = Date.now()
  await server.stop()
  assert.ok(Date.now() - stop < 4500, 'the end does not wait for it either')
})

test('logs in to the mail server over TLS it can check, and says its password to nobody else', { timeout: 60000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kicau-smtp-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const cert = join(folder, 'c.pem')
  const key = join(folder, 'k.pem')
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const safe = await new Smtp().start({ cert, key, user: 'kicau', password: 'pa:ss@wört' })
  const env = await safe.env({ KICAU_SMTP_SERVER: 'localhost', KICAU_SMTP_SECURITY: 'starttls', KICAU_SMTP_USER: 'kicau', KICAU_SMTP_PASSWORD: 'pa:ss@wört', KICAU_SMTP_CA: cert })
  const secure = new Server({ env: { ...OPEN_REGISTRATION, KICAU_LOG_LEVEL: 'debug', ...env } })
  after(async () => { await secure.stop(); secure.discard() })
  await secure.prepare()
  const check = (more) => spawnSync(binary, ['doctor', '--data', secure.data], { encoding: 'utf8', env: { ...process.env, ...secure.env, ...more } })
  const good = check()
  assert.match(good.stdout, /^ok +mail +localhost:\d+ takes it/m)
  assert.match(check({ KICAU_SMTP_CA: '' }).stdout, /^fail +mail .*certificate/m)
  const wrong = check({ KICAU_SMTP_PASSWORD: 'wrong-word' })
  assert.match(wrong.stdout, /^fail +mail /m)
  const listed = spawnSync(binary, ['config', 'list', '--data', secure.data], { encoding: 'utf8', env: { ...process.env, ...secure.env } })
  assert.match(listed.stdout, /smtp_password = \*\*\* /)
  await secure.start()
  await secure.kicau(['account', 'create', 'sari', '--email', 'sari@example.org', '--password-stdin'], 'a very long secret\n')
  const { Client } = await import('./lib/http.mjs')
  await signUp(new Client(secure.base), 'safe')
  const mail = await safe.mail('safe@example.net')
  assert.equal(mail.tls, true)
  assert.equal(mail.authenticated, true)
  await secure.stop()
  const said = secure.log.join('') + good.stdout + good.stderr + wrong.stdout + wrong.stderr + listed.stdout
  for (const secret of ['pa:ss@wört', 'wrong-word', linkOf(mail).searchParams.get('confirmation_token'), 'safe@example.net']) assert.ok(!said.includes(secret), secret)
})

after(() => smtp.stop())
