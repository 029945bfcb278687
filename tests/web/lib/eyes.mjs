// Looks at pages: with SCREENSHOTS=1 into build/screenshots, and with axe on what a page says to those who do not see it.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newPage } from '../../api/lib/browser.mjs'

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../../build/screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const looks = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 900, rules: ['color-contrast', 'link-in-text-block'] }, // else as the light one
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 }
]

export async function screenshots (page, name) {
  mkdirSync(folder, { recursive: true })
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: look.width, height: look.height })
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${folder}/${name}-${look.name}.png`, fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${name} on ${look.name} scrolls sideways by ${wide} px`)
    await accessible(page, `${name} ${look.name}`, look.rules)
  }
}

// The page's own policy forbids scripts; the browser's debugger is not bound by it.
export async function accessible (page, name, rules) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe)
  const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ resultTypes: ['violations'], ...runOnly && { runOnly } }), rules)
  const said = violations.map((v) => `${v.impact} ${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join('\n  ')}`)
  assert.equal(said.length, 0, `${name}\n${said.join('\n')}`)
}

// A page that reports everything its policy stopped, and any error.
export async function watchedPage () {
  const page = await newPage()
  page.complaints = []
  page.on('console', (message) => { if (message.type() === 'error') page.complaints.push(message.text()) })
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  return page
}
