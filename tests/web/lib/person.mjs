// Somebody at a browser: a page without JavaScript, with which everything has to work, and one that is looked at.
import { newPage, signIn } from '../../api/lib/browser.mjs'
import { watchedPage } from './eyes.mjs'

async function logIn (page, server, username) {
  page.setDefaultTimeout(15000)
  await page.goto(`${server.base}/login`)
  await signIn(page, { username })
  await page.waitForURL(`${server.base}/`)
  return page
}

export async function plainPage (server, username) {
  const first = await newPage()
  const context = await first.context().browser().newContext({ javaScriptEnabled: false, locale: 'en-US', viewport: { width: 1100, height: 900 } })
  await first.context().close()
  return logIn(await context.newPage(), server, username)
}

export const lookedAt = async (server, username) => logIn(await watchedPage(), server, username)

// The button of a row or an article that says this, pressed; the page behind it is there when this is done.
export async function press (where, name) {
  await where.getByRole('button', { name, exact: true }).first().click()
  await where.page().waitForLoadState()
}
