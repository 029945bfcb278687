// /settings/security: the second step, passkeys, sessions, apps, history, and leaving; as a person with a browser does it.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { registerApp, tokenRequest } from '../api/lib/oauth.mjs'
import { password, startWorld } from '../api/lib/server.mjs'
import { PASSWORD_GRANT } from '../api/lib/settings.mjs'
import { code, early } from '../api/lib/totp.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server } = await startWorld({ accounts: ['sari', 'budi', 'ani', 'dewi', 'eko', 'fitri'], env: { ...PASSWORD_GRANT } })
const settings = `${server.base}/settings/security`

async function logIn (username, page) {
  page ||= await watchedPage()
  await page.goto(`${server.base}/login?next=/settings/security`)
  await signIn(page, { username })
  return page
}

async function grave (page, button) {
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: button }) })
  await form.locator('input[type="password"]').fill(password)
  await form.getByRole('button', { name: button }).click()
}

async function enter (page, value) {
  await page.locator('#code').fill(value)
  await page.locator('button[type="submit"].main').click()
}

// The button asks for a passkey once the script of its page has run.
async function passkey (page, name) {
  const button = page.getByRole('button', { name })
  await button.waitFor()
  await page.waitForLoadState()
  await button.click()
}

const heading = (page) => page.locator('h1').innerText()

// On a phone, as after screenshots, the button is behind a link.
async function logOut (page) {
  const menu = page.getByRole('link', { name: 'Menu', exact: true })
  if (await menu.isVisible()) await menu.click()
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
}

it('a code of an app beside the password: set up, asked for, taken once, and a written one when the telephone is lost', async ({ anyone }) => {
  const page = await logIn('sari')
  await page.waitForURL(settings)
  await screenshots(page, 'security')
  await grave(page, 'Set up the second step')
  const secret = await page.locator('.code code').innerText()
  assert.match(secret, /^[A-Z2-7]{32}$/)
  assert.ok(await page.locator('svg.qr path').count())
  await screenshots(page, 'second-step')
  await enter(page, '000000')
  assert.match(await page.getByRole('alert').innerText(), /not the code/)
  await early()
  const first = code(secret, -1)
  await enter(page, first)
  const written = await page.locator('.rows code').allInnerTexts()
  assert.equal(written.length, 10)
  await screenshots(page, 'written-codes')

  const other = await logIn('sari')
  assert.equal(await heading(other), 'One more step')
  await screenshots(other, 'one-more-step')
  assert.equal((await other.context().cookies()).some((c) => c.name === 'kicau_session'), false)
  await enter(other, first)
  assert.match(await other.getByRole('alert').innerText(), /used already|not the code/) // the latter once it is too old
  const now = code(secret)
  await enter(other, now)
  await other.waitForURL(settings)
  const replay = await logIn('sari')
  await enter(replay, now)
  assert.match(await replay.getByRole('alert').innerText(), /used already/)
  await enter(replay, written[4].toUpperCase().replaceAll('-', ' '))
  await replay.waitForURL(settings)
  assert.match(await replay.locator('main').innerText(), /left: 9/)
  assert.match(await replay.locator('.logins').innerText(), /a code written down/)

  const app = await registerApp(anyone)
  await tokenRequest(anyone, app, { grant_type: 'password', username: 'sari@example.com', password, scope: 'read' }, { status: 400 })
  await grave(replay, 'Switch the second step off')
  await replay.getByRole('button', { name: 'Set up the second step' }).waitFor()
  const plain = await logIn('sari')
  await plain.waitForURL(settings)
  for (const one of [page, other, replay, plain]) await one.context().close()
})

it('nothing grave happens without the password', async () => {
  const page = await logIn('budi')
  await page.waitForURL(settings)
  for (const button of ['Set up the second step', 'Add a passkey', 'Delete my account']) {
    const form = page.locator('form').filter({ has: page.getByRole('button', { name: button }) })
    await form.locator('input[type="password"]').fill('not my password')
    await form.getByRole('button', { name: button }).click()
    assert.match(await page.getByRole('alert').innerText(), /not your password/)
  }
  await page.context().close()
})

async function authenticator (page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  })
  return { cdp, authenticatorId, credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials }
}

it('a passkey logs in without a name or a password, and an answer works once', async () => {
  const page = await watchedPage()
  const device = await authenticator(page)
  await logIn('ani', page)
  await page.waitForURL(settings)
  await grave(page, 'Add a passkey')
  await page.locator('#name').fill('my telephone')
  await screenshots(page, 'passkey-new')
  await passkey(page, 'Make the passkey')
  await page.waitForURL(settings)
  assert.match(await page.locator('main').innerText(), /my telephone/)
  assert.equal((await device.credentials()).length, 1)
  await logOut(page)

  let sent
  page.on('request', (request) => { if (request.url().endsWith('/login/passkey')) sent = request.postData() })
  await page.goto(`${server.base}/login?next=/settings/security`)
  await passkey(page, 'Log in with a passkey')
  await page.waitForURL(settings)
  assert.match(await page.locator('.bar').innerText(), /@ani/)
  assert.match(await page.locator('.logins').innerText(), /Passkey/)
  assert.deepEqual(page.complaints, [])

  // The very same answer once more, from a browser that is nobody yet.
  const thief = await newPage()
  await thief.goto(`${server.base}/login`)
  const token = await thief.locator('input[name="authenticity_token"]').first().inputValue()
  const form = new URLSearchParams(sent)
  form.set('authenticity_token', token)
  const post = (fields) => thief.request.post(`${server.base}/login/passkey`, { form: Object.fromEntries(fields), maxRedirects: 0 })
  assert.equal((await post(form)).status(), 422, 'its question is used up')

  // A fresh question, answered by a copy of the device whose counter has not moved.
  const [credential] = await device.credentials()
  await device.cdp.send('WebAuthn.removeCredential', { authenticatorId: device.authenticatorId, credentialId: credential.credentialId })
  await device.cdp.send('WebAuthn.addCredential', { authenticatorId: device.authenticatorId, credential: { ...credential, signCount: 0 } })
  await logOut(page)
  await page.goto(`${server.base}/login`)
  await passkey(page, 'Log in with a passkey')
  await page.getByText('opens no account here').waitFor()

  // Taken away, it opens nothing.
  await device.cdp.send('WebAuthn.removeCredential', { authenticatorId: device.authenticatorId, credentialId: credential.credentialId })
  await device.cdp.send('WebAuthn.addCredential', { authenticatorId: device.authenticatorId, credential: { ...credential, signCount: 100 } })
  await logIn('ani', page)
  await page.waitForURL(settings)
  await page.getByRole('button', { name: /^Remove it/ }).click()
  await page.getByText('You have none yet.').waitFor()
  await logOut(page)
  await page.goto(`${server.base}/login`)
  await passkey(page, 'Log in with a passkey')
  await page.getByText('opens no account here').waitFor()
  await screenshots(page, 'login-passkey')
  for (const one of [page, thief]) await one.context().close()
})

it('a passkey stands for the second step too, and what is not signed is refused', async () => {
  const page = await watchedPage()
  await authenticator(page)
  await logIn('eko', page)
  await page.waitForURL(settings)
  await grave(page, 'Add a passkey')
  let made
  page.on('request', (request) => { if (request.url().endsWith('/security/passkeys')) made = new URLSearchParams(request.postData()) })
  await passkey(page, 'Make the passkey')
  await page.waitForURL(settings)
  await grave(page, 'Set up the second step')
  await enter(page, code(await page.locator('.code code').innerText()))
  await page.locator('.rows code').first().waitFor()
  await logOut(page)

  await page.goto(`${server.base}/login?next=/settings/security`)
  await page.route('**/login/passkey', async (route) => {
    const fields = new URLSearchParams(route.request().postData())
    const signature = Buffer.from(fields.get('signature'), 'base64url')
    signature[signature.length - 1] ^= 1
    fields.set('signature', signature.toString('base64url'))
    await route.continue({ postData: fields.toString() })
  }, { times: 1 })
  await passkey(page, 'Log in with a passkey')
  await page.getByText('opens no account here').waitFor()
  await passkey(page, 'Use a passkey')
  await page.waitForURL(settings)

  // The answer that made it makes no second one.
  const token = await page.locator('input[name="authenticity_token"]').first().inputValue()
  made.set('authenticity_token', token)
  const again = await page.request.post(`${settings}/passkeys`, { form: Object.fromEntries(made), maxRedirects: 0 })
  assert.equal(again.status(), 422)
  await page.context().close()
})

it('shows where one is logged in, and ends it; and shuts apps out', async ({ dewi }) => {
  const page = await logIn('dewi')
  const elsewhere = await logIn('dewi')
  await elsewhere.waitForURL(settings)
  await page.goto(settings)
  assert.equal(await page.locator('.sessions li').count(), 2)
  assert.match(await page.locator('.sessions li').last().innerText(), /Chrome.*this browser/)
  await page.getByRole('button', { name: /^Log out there/ }).click()
  await page.waitForURL(settings)
  assert.equal(await page.locator('.sessions li').count(), 1)
  await elsewhere.reload()
  await elsewhere.locator('#password').waitFor()
  const third = await logIn('dewi')
  await third.waitForURL(settings)
  await page.goto(settings)
  await page.getByRole('button', { name: 'Log out everywhere else' }).click()
  await third.reload()
  await third.locator('#password').waitFor()
  assert.ok(await page.locator('.logins li').count() >= 3)
  assert.equal((await dewi.get('/api/v1/accounts/verify_credentials')).username, 'dewi', 'apps stay')
  for (const one of [page, elsewhere, third]) await one.context().close()
})

it('an app is shut out', async ({ anyone }) => {
  const app = await registerApp(anyone, { client_name: 'Pigeon' })
  const { body } = await tokenRequest(anyone, app, { grant_type: 'password', username: 'dewi@example.com', password, scope: 'read' })
  const user = anyone.as(body.access_token)
  await user.get('/api/v1/accounts/verify_credentials')
  const page = await logIn('dewi')
  await page.waitForURL(settings)
  await page.locator('.apps li').filter({ hasText: 'Pigeon' }).getByRole('button').click()
  await page.waitForURL(settings)
  await user.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  await page.context().close()
})

it('a new password logs out everywhere else, and here one stays', async ({ ani }) => {
  const page = await logIn('ani')
  const elsewhere = await logIn('ani')
  await elsewhere.waitForURL(settings)
  await page.goto(settings)
  const form = page.locator('form').filter({ has: page.locator('#new_password') })
  for (const [now, wanted, refusal] of [['wrong', 'another long secret', /not your password/], [password, 'short', /8 characters at least/], [password, 'another long secret', null]]) {
    await form.locator('#password-now').fill(now)
    await form.locator('#new_password').fill(wanted)
    await form.getByRole('button').click()
    if (refusal) assert.match(await page.getByRole('alert').innerText(), refusal)
  }
  await page.waitForURL(settings)
  assert.equal(await page.locator('.sessions li').count(), 1)
  await elsewhere.goto(settings)
  await elsewhere.locator('#password').waitFor()
  await ani.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  await signIn(elsewhere, { username: 'ani', password: 'another long secret' })
  await elsewhere.waitForURL(settings)
  for (const one of [page, elsewhere]) await one.context().close()
})

it('who leaves is gone at once, and back as before by logging in', async ({ budi, dewi }) => {
  await budi.post('/api/v1/statuses', { status: 'before I go' })
  const page = await logIn('budi')
  await page.waitForURL(settings)
  await grave(page, 'Delete my account')
  assert.equal(await heading(page), 'Your account is gone')
  await screenshots(page, 'gone')
  await budi.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  const hidden = await dewi.call('GET', '/@budi', { status: 'any', check: false })
  assert.ok([404, 410].includes(hidden.status), String(hidden.status))
  await logIn('budi', page)
  await page.waitForURL(settings)
  assert.equal((await dewi.call('GET', `/api/v1/accounts/${budi.id}`, { check: false })).body.suspended, undefined)
  assert.equal((await dewi.get(`/api/v1/accounts/${budi.id}/statuses`)).length, 1)

  // A moderator's suspension is another matter.
  await grave(page, 'Delete my account')
  await page.context().close()
})

it('who logs in with a second step is asked for it too before they are shown what moderators did', async () => {
  const page = await logIn('fitri')
  await grave(page, 'Set up the second step')
  const secret = await page.locator('.code code').innerText()
  await early()
  await enter(page, code(secret, -1))
  const appeal = await newPage()
  await appeal.goto(`${server.base}/appeal`)
  const send = async (value) => {
    await appeal.locator('input[name=username]').fill('fitri')
    await appeal.locator('input[name=password]').fill(password)
    if (value) await appeal.locator('input[name=code]').fill(value)
    await appeal.getByRole('button', { name: 'Send' }).click()
  }
  assert.equal(await appeal.locator('input[name=code]').count(), 0)
  await send()
  assert.match(await appeal.getByRole('alert').innerText(), /authenticator app/)
  await send('000000')
  assert.match(await appeal.getByRole('alert').innerText(), /wrong/)
  assert.doesNotMatch(await appeal.locator('main').innerText(), /done nothing/)
  await send(code(secret))
  assert.match(await appeal.locator('main').innerText(), /done nothing to this account/)
})
