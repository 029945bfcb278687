// Mails that tell an owner what may be a stranger's doing, and another e-mail address; with browsers and a real mail server.
import assert from 'node:assert/strict'
import { newPage, signIn } from './lib/browser.mjs'
import { password, sleep, startWorld, until } from './lib/server.mjs'
import { linkOf, Smtp } from './lib/smtp.mjs'
import { code } from './lib/totp.mjs'

const smtp = await new Smtp().start()
const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'ani', 'dewi', 'eko'], env: { KICAU_TITLE: 'Kampung', ...await smtp.env() } })
const settings = `${server.base}/settings/security`
const subjects = (name) => smtp.to(`${name}@example.com`).map((mail) => mail.subject)

async function logIn (username, page) {
  page ||= await newPage()
  await page.goto(`${server.base}/login?next=/settings/security`)
  await signIn(page, { username })
  await page.waitForURL(settings)
  return page
}
const logOut = (page) => page.getByRole('button', { name: 'Log out', exact: true }).click()

async function changeEmail (page, email, word = password) {
  await page.goto(settings)
  await page.locator('#password-email').fill(word)
  await page.locator('#email').fill(email)
  await page.getByRole('button', { name: 'Change the e-mail address' }).click()
}

it('a login with a browser that never did is told, once an hour; the first of all and a known one are not', async () => {
  const first = await logIn('sari')
  await logOut(first)
  await logIn('sari', first)
  const second = await logIn('sari')
  const mail = await smtp.mail('sari@example.com')
  assert.equal(mail.subject, 'A new login on Kampung')
  assert.equal(linkOf(mail).href, settings)
  const cookie = (await second.context().cookies()).find((one) => one.name === 'kicau_browser')
  assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax' && cookie.value.length === 43)
  const third = await logIn('sari')
  await sleep(1500)
  assert.deepEqual(subjects('sari'), ['A new login on Kampung'])
  await server.sql(`UPDATE mail_told SET at = at - 3600001`)
  const fourth = await logIn('sari')
  await smtp.mail('sari@example.com', 2)
  assert.ok(!server.log.join('').includes(cookie.value))
  for (const page of [first, second, third, fourth]) await page.context().close()
})

it('a changed password is told', async () => {
  const page = await logIn('budi')
  await page.locator('#password-now').fill(password)
  await page.locator('#new_password').fill('another long secret')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.waitForURL(settings)
  assert.equal((await smtp.mail('budi@example.com')).subject, 'Your password on Kampung was changed')
  assert.deepEqual(subjects('budi').length, 1)
  await page.context().close()
})

it('a new passkey is told, in the language of its owner', async ({ ani }) => {
  await server.sql(`UPDATE users SET locale = 'id' WHERE account_id = ${ani.id}`)
  const page = await newPage()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await logIn('ani', page)
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Add a passkey' }) })
  await form.locator('input[type="password"]').fill(password)
  await form.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: 'Make the passkey' }).click()
  await page.waitForURL(settings)
  const mail = await smtp.mail('ani@example.com')
  assert.equal(mail.subject, 'Kunci sandi baru untuk Kampung')
  assert.equal(linkOf(mail).href, settings)
  await page.context().close()
})

it('the second step is told when it is set up', async () => {
  const page = await logIn('eko')
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Set up the second step' }) })
  await form.locator('input[type="password"]').fill(password)
  await form.getByRole('button', { name: 'Set up the second step' }).click()
  const secret = await page.locator('.code code').innerText()
  assert.deepEqual(subjects('eko'), [])
  await page.locator('#code').fill(code(secret))
  await page.locator('button[type="submit"].main').click()
  assert.equal((await smtp.mail('eko@example.com')).subject, 'The second step on Kampung is set up')
  await page.context().close()
})

it('another e-mail address holds once its link was followed, and the old one is told', async ({ dewi }) => {
  const page = await logIn('dewi')
  const refused = async (email, words, word) => { await changeEmail(page, email, word); assert.match(await page.getByRole('alert').innerText(), words) }
  await refused('new@example.net', /not your password/, 'not my password')
  await refused('budi@example.com', /another account/)
  const staff = await server.login('sari', 'admin:write')
  await server.kicau(['account', 'set-role', 'sari', 'owner'])
  await until('the role counts', async () => (await staff.call('POST', '/api/v1/admin/email_domain_blocks', { json: { domain: 'blocked.example' }, status: 'any', check: false })).status === 200)
  await refused('me@blocked.example', /cannot be used/)
  assert.deepEqual(smtp.to('budi@example.com').length, 1)

  await changeEmail(page, 'new@example.net')
  assert.match(await page.locator('main').innerText(), /on its way/)
  const mail = await smtp.mail('new@example.net')
  assert.equal(mail.subject, 'Your new e-mail address for Kampung')
  await refused('other@example.net', /within the last hour/)
  const link = linkOf(mail)
  assert.equal(link.origin + link.pathname, `${server.base}/auth/email`)
  const email = async () => (await users.sari.as(await server.token('sari', 'admin:read')).get(`/api/v1/admin/accounts/${dewi.id}`)).email
  const stranger = await newPage() // opens the mail elsewhere
  await stranger.goto(link.href)
  assert.match(await stranger.locator('main').innerText(), /new@example\.net/)
  assert.equal(await email(), 'dewi@example.com', 'looking changes nothing')
  await stranger.getByRole('button', { name: 'Change the address' }).click()
  assert.match(await stranger.locator('h1').innerText(), /is changed/)
  assert.equal(await email(), 'new@example.net')
  const old = await smtp.mail('dewi@example.com')
  assert.equal(old.subject, 'Your e-mail address on Kampung was changed')
  assert.ok(!old.text.includes('new@example.net'), 'whoever reads the old mailbox need not learn the new one')
  await stranger.goto(link.href)
  assert.match(await stranger.locator('h1').innerText(), /does not work any more/)
  await logOut(page)
  await page.goto(`${server.base}/login?next=/settings/security`)
  await signIn(page, { username: 'new@example.net' })
  await page.waitForURL(settings)
  for (const one of [page, stranger]) await one.context().close()
})
