// Making an account in the browser: by everybody, with an invitation, with a confirmed address; and a lost password.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { appToken, registerApp } from '../api/lib/oauth.mjs'
import { password, sleep, startWorld } from '../api/lib/server.mjs'
import { APPROVAL, OPEN_REGISTRATION } from '../api/lib/settings.mjs'
import { linkOf, Smtp } from '../api/lib/smtp.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const smtp = await new Smtp().start()
after(() => smtp.stop())
const { it, server } = await startWorld({ accounts: ['alice', 'bob'], roles: { alice: 'admin' }, env: { ...OPEN_REGISTRATION, ...APPROVAL, KICAU_MIN_AGE: '16', ...await smtp.env() } })

async function fill (page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value)
}

async function signUp (page, username, more = {}) {
  await fill(page, { username, email: `${username}@example.net`, password, date_of_birth: '1990-05-06', reason: 'birds', ...more })
  await page.locator('[name="agreement"]').check()
  await page.locator('button[type="submit"]').click()
}

const heading = (page) => page.locator('h1').innerText()

it('a person signs up, confirms the address, waits for a moderator, and is let in', async ({ alice }) => {
  const page = await watchedPage()
  await page.goto(`${server.base}/auth/sign_up`)
  await screenshots(page, 'sign-up')
  await signUp(page, 'newbie')
  assert.equal(await heading(page), 'Welcome')
  const mail = await smtp.mail('newbie@example.net')

  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'newbie' })
  assert.match(await page.getByRole('alert').innerText(), /missing a confirmed e-mail/)
  await page.getByRole('link', { name: 'Send the confirmation again' }).click()
  await page.waitForURL(/confirmation\/new/)

  await page.goto(String(linkOf(mail)))
  assert.match(await page.locator('main').innerText(), /newbie@example\.net/)
  await screenshots(page, 'confirm')
  await page.reload() // looking changes nothing
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  assert.equal(await heading(page), 'The address is confirmed')
  await page.goto(String(linkOf(mail)))
  assert.equal(await heading(page), 'This link does not work any more')

  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'newbie' })
  assert.match(await page.getByRole('alert').innerText(), /pending approval/)
  await server.kicau(['account', 'approve', 'newbie'])
  assert.match((await smtp.mail('newbie@example.net', 2)).subject, /^Welcome to/)
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'newbie' })
  await page.locator('.bar .me').waitFor()
  await page.context().close()
})

it('says what is wrong beside each field, in the reader\'s language', async () => {
  const context = (await newPage()).context()
  const page = await (await context.browser().newContext({ locale: 'id-ID' })).newPage()
  await page.goto(`${server.base}/auth/sign_up`)
  assert.equal(await page.locator('html').getAttribute('lang'), 'id')
  assert.equal(await heading(page), 'Buat akun')
  await signUp(page, 'alice', { password: 'short', date_of_birth: new Date(Date.now() - 15.9 * 365.25 * 86400000).toISOString().slice(0, 10) })
  await page.getByRole('alert').waitFor()
  for (const [field, words] of [['username', 'sudah dipakai'], ['password', 'terlalu pendek (sedikitnya 8 karakter)'], ['date_of_birth', 'di bawah batas usia']]) {
    assert.equal(await page.locator(`#${field}-wrong`).innerText(), words)
    assert.match(await page.locator(`#${field}`).getAttribute('aria-describedby'), new RegExp(`${field}-wrong`))
  }
  assert.equal(await page.locator('#username').inputValue(), 'alice')
  assert.equal(await page.locator('#password').inputValue(), '')
  await screenshots(page, 'sign-up-wrong')
  await page.context().close()
  await context.close()
})

it('a lost password is set anew by a link, once, and everybody is logged out', async ({ bob }) => {
  const page = await watchedPage()
  await page.goto(`${server.base}/login`)
  await page.getByRole('link', { name: 'Password lost?' }).click()
  await screenshots(page, 'password-lost')
  await fill(page, { email: 'bob@example.com' })
  await page.locator('button[type="submit"]').click()
  assert.equal(await heading(page), 'Look into your mailbox')
  const said = await page.locator('main').innerText()
  const link = linkOf(await smtp.mail('bob@example.com'))
  await page.goto(String(link))
  await screenshots(page, 'password-new')
  await fill(page, { password: 'short' })
  await page.locator('button[type="submit"]').click()
  assert.match(await page.locator('#password-wrong').innerText(), /too short/)
  await fill(page, { password: 'an entirely new one' })
  await page.locator('button[type="submit"]').click()
  assert.equal(await heading(page), 'The password is set')
  await bob.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  assert.match((await smtp.mail('bob@example.com', 2)).subject, /password on .* was changed/)
  await page.goto(String(link))
  assert.equal(await heading(page), 'This link does not work any more')
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'bob', password: 'an entirely new one' })
  await page.locator('.bar .me').waitFor()

  const stranger = await newPage()
  await stranger.goto(`${server.base}/auth/password/new`)
  await fill(stranger, { email: 'nobody@example.com' })
  await stranger.locator('button[type="submit"]').click()
  await stranger.locator('h1').waitFor()
  assert.equal(await stranger.locator('main').innerText(), said, 'it does not tell who is here')
  await sleep(1500)
  assert.equal(smtp.to('nobody@example.com').length, 0)
  await page.context().close()
  await stranger.context().close()
})

it('an app can ask whether the address is confirmed, change it, and have the mail sent again', async ({ anyone }) => {
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write'), { app: true })
  const { access_token: token } = await client.post('/api/v1/accounts', { username: 'typo', email: 'typo@exmaple.net', password, agreement: true, locale: 'en', reason: 'x', date_of_birth: '1990-01-01' })
  const user = anyone.as(token)
  const first = await smtp.mail('typo@exmaple.net')
  assert.equal(await user.get('/api/v1/emails/check_confirmation'), false)
  const { body } = await user.call('GET', '/api/v1/accounts/verify_credentials', { status: 403 })
  assert.match(body.error, /confirmed e-mail/)
  await user.call('POST', '/api/v1/emails/confirmations', { json: { email: 'alice@example.com' }, status: 422 })
  await user.post('/api/v1/emails/confirmations', { email: 'typo@example.net' })
  const second = await smtp.mail('typo@example.net')
  await user.post('/api/v1/emails/confirmations', {})
  const page = await newPage()
  await page.goto(String(linkOf(first)))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  assert.equal(await heading(page), 'This link does not work any more', 'it was for the address before')
  await page.goto(String(linkOf(second)))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  assert.equal(await heading(page), 'The address is confirmed')
  assert.equal(await user.get('/api/v1/emails/check_confirmation'), true)
  await user.call('POST', '/api/v1/emails/confirmations', { json: {}, status: 403 })
  assert.equal(smtp.to('typo@example.net').length, 1, 'not twice in a minute')
  await page.context().close()
})

it('too young is too young for apps too', async ({ anyone }) => {
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write'), { app: true })
  const form = { username: 'young', email: 'young@example.net', password, agreement: true, locale: 'en', reason: 'x' }
  for (const [born, code] of [[undefined, 'ERR_BLANK'], ['yesterday', 'ERR_INVALID'], [`${new Date().getUTCFullYear() - 10}-01-01`, 'ERR_BELOW_LIMIT']]) {
    const { body } = await client.call('POST', '/api/v1/accounts', { json: { ...form, date_of_birth: born }, status: 422 })
    assert.equal(body.details.date_of_birth[0].error, code)
  }
  assert.equal((await anyone.get('/api/v2/instance')).registrations.min_age, 16)
})
