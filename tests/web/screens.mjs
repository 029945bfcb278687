// Makes the pictures of the README, docs/img/*.png, from a real server: node tests/web/screens.mjs
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { signIn } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { Server, until } from '../api/lib/server.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = `${root}/docs/img`

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

async function drawn (svg, width, height) {
  const page = await browser.newPage({ viewport: { width, height } })
  await page.setContent(`<body style="margin:0">${svg}`)
  const bytes = await page.screenshot()
  await page.close()
  return file(bytes, 'image/png', 'drawn.png')
}

// A face of two colours and a letter.
const face = (letter, paper, ink) => drawn(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">
  <rect width="400" height="400" fill="${paper}"/><circle cx="200" cy="470" r="240" fill="${ink}"/>
  <text x="200" y="200" font-family="serif" font-size="210" fill="${ink}" text-anchor="middle">${letter}</text></svg>`, 400, 400)

const staff = `data:image/svg+xml;base64,${readFileSync(`${root}/assets/header.svg`).toString('base64')}`

async function person (server, name, display_name, letter, paper, ink) {
  const user = await server.login(name)
  await user.patch('/api/v1/accounts/update_credentials', { display_name })
  await user.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { avatar: await face(letter, paper, ink) } })
  return user
}

async function write (server) {
  const sari = await person(server, 'sari', 'Sari Wulandari', 'S', '#dbe7d3', '#3c6444')
  const budi = await person(server, 'budi', 'Budi the baker', 'B', '#f2e2c4', '#8a5a1c')
  const mira = await person(server, 'mira', 'Mira', 'M', '#e3dcf0', '#54418a')
  const say = (user, status, more = {}) => user.post('/api/v1/statuses', { status, language: 'en', ...more })

  await say(mira, 'The tram is late again. I have begun to think of it as a rumour. #tram')
  await say(budi, 'Rye and sourdough at seven, as always. #bread')
  const { id } = (await sari.call('POST', '/api/v2/media', {
    multipart: { file: await drawn(`<img src="${staff}" width="960" height="320">`, 960, 320), description: 'White birds on five wires, like notes on a staff' }
  })).body
  await until('the picture is ready', async () => (await sari.call('GET', `/api/v1/media/${id}`, { status: 'any', check: false })).status === 200)
  const root = await say(sari, 'Who heard the kutilang at five? They sat on the wires like a tune. #birds', { media_ids: [id] })
  const answer = await say(budi, '@sari I did. I am always up at five.', { in_reply_to_id: root.id })
  await say(sari, '@budi of course you are', { in_reply_to_id: answer.id })
  await say(mira, '@sari I heard them at six and took them for the tram.', { in_reply_to_id: root.id })
  const { poll } = await say(budi, 'Which loaf tomorrow?', { poll: { options: ['Rye', 'Sourdough', 'None of these, thank you'], expires_in: 3600 } })
  await sari.post(`/api/v1/polls/${poll.id}/votes`, { choices: [1] })
  await mira.post(`/api/v1/polls/${poll.id}/votes`, { choices: [0] })
  await mira.post(`/api/v1/statuses/${root.id}/favourite`)
  await budi.post(`/api/v1/statuses/${root.id}/favourite`)
  await budi.post(`/api/v1/statuses/${root.id}/reblog`)
  for (const other of [budi, mira]) await sari.post(`/api/v1/accounts/${(await other.get('/api/v1/accounts/verify_credentials')).id}/follow`)
  const { id: rude } = await mira.get('/api/v1/accounts/lookup?acct=budi')
  await mira.post('/api/v1/reports', { account_id: rude, comment: 'He sells rye as sourdough.', category: 'other' })
  return `/@sari/${root.id}`
}

// The frame that a site shows before its reader has agreed, on a page of that site.
async function embedded (server, path, colorScheme) {
  const code = await browser.newPage()
  await code.goto(`${server.base}${path}/embed/code`)
  const whole = await code.locator('textarea.code').first().inputValue()
  await code.close()
  const page = await browser.newPage({ viewport: { width: 720, height: 660 }, colorScheme })
  await page.setContent(`<!DOCTYPE html><html lang="en"><body style="font: 18px Georgia, serif; max-width: 38rem; margin: 2rem auto; background: ${colorScheme === 'dark' ? '#101418; color: #eee' : '#fff'}"><p>What a reader of another site sees first, before anything is loaded:</p>${whole}`)
  await page.getByRole('button', { name: 'Accept and continue' }).waitFor()
  await page.screenshot({ path: `${folder}/embed-${colorScheme}.png` })
  await page.close()
}

const sizes = { wide: { width: 1120, height: 860 }, phone: { width: 390, height: 780 } }

async function logged (server, colorScheme, size, pages) {
  const page = await (await browser.newContext({ viewport: sizes[size], colorScheme, locale: 'en-US' })).newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'sari' })
  await page.locator('.bar .me').waitFor()
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(server.base + path)
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
  }
  await page.context().close()
}

const server = new Server({
  env: { KICAU_TITLE: 'Kampung Kicau', KICAU_DESCRIPTION: 'A small town on the net: birds, bread, and the tram that never comes.', KICAU_CONTACT_EMAIL: 'town@example.com' }
})
try {
  await server.prepare()
  for (const name of ['sari', 'budi', 'mira']) await server.account(name)
  await server.start()
  const pages = { front: '/', post: await write(server) }
  await server.kicau(['account', 'set-role', 'sari', 'owner'])
  mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width: 1120, height: 860 }, colorScheme })
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(server.base + path)
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
    }
    await page.close()
    await logged(server, colorScheme, 'wide', { home: '/home', staff: '/admin' })
    await logged(server, colorScheme, 'phone', { phone: '/home' })
    await embedded(server, pages.post, colorScheme)
  }
} finally {
  await browser.close()
  await server.stop()
  server.discard()
}
