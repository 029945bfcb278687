// The pages under /admin as the program lists them, people of each role in browsers, and what all these pages must hold.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../../api/lib/browser.mjs'
import { rows } from '../../visibility/lib/rows.mjs'

export const staffRows = rows.filter((row) => row.path === '/admin' || row.path.startsWith('/admin/'))

export async function loggedIn (server, username, options) {
  const page = await newPage(options)
  await page.goto(`${server.base}/login`)
  await signIn(page, { username })
  await page.locator('.bar .me').waitFor()
  return page
}

export const heads = (page) => page.locator('.sheet thead th a').allInnerTexts()
export const column = (page, n) => page.locator(`.sheet tbody tr td:nth-child(${n})`).allInnerTexts()
export const csrf = (page) => page.locator('input[name="authenticity_token"]').first().getAttribute('value')

export async function csv (page, url) {
  const reply = await page.request.get(url)
  assert.equal(reply.status(), 200, url)
  assert.match(reply.headers()['content-type'], /^text\/csv/)
  assert.match(reply.headers()['content-disposition'], /^attachment; filename="[\w-]+\.csv"$/)
  return reply.text()
}

// RFC 4180, for what these files hold.
export function parseCsv (text) {
  const rows = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.slice(0, -1)
}
