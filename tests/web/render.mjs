// Makes the PNG files in assets/ from the SVG beside them: node tests/web/render.mjs
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const assets = resolve(dirname(fileURLToPath(import.meta.url)), '../../assets')
const pictures = [
  { from: 'header.svg', to: 'header.png', width: 1500, height: 500 },
  { from: 'avatar.svg', to: 'avatar.png', width: 400, height: 400 },
  { from: 'kicau.svg', to: 'icon-180.png', width: 180, height: 180 }
]

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
for (const { from, to, width, height } of pictures) {
  const page = await browser.newPage({ viewport: { width, height } })
  const svg = readFileSync(`${assets}/${from}`).toString('base64')
  await page.setContent(`<body style="margin:0"><img style="display:block" src="data:image/svg+xml;base64,${svg}" width=${width} height=${height}>`)
  await page.screenshot({ path: `${assets}/${to}`, omitBackground: true })
}
await browser.close()
