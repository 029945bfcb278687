// The whole surface of real clients: every method they have is called, found by looking at the client and not by
// thinking of it, so that a new one fails here until somebody has said how it is called. Which endpoints they reached is
// docs/mastodon-api.md. SURFACE=write (make client-docs) writes that page, and which methods have no answer yet.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from './lib/server.mjs'
import { exempt as mastoExempt, runMasto } from './lib/surface/masto.mjs'
import { exempt as megalodonExempt, runMegalodon } from './lib/surface/megalodon.mjs'
import { page } from './lib/surface/page.mjs'
import { runMastodonPy, runToot } from './lib/surface/python.mjs'
import { recorder } from './lib/surface/recorder.mjs'
import { scene } from './lib/surface/scene.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const docs = join(here, '../../docs/mastodon-api.md')
const waits = join(here, 'surface/waiting.json')
const write = process.env.SURFACE === 'write'
const waiting = JSON.parse(readFileSync(waits, 'utf8'))

const world = await scene()
const { it, server } = world
const runs = {}

async function whole (client, start, exempt, options) {
  const proxy = await recorder(server, options)
  const said = await start(proxy, world)
  const results = said.results || said
  const failed = Object.entries(results).filter(([, words]) => words !== 'ok')
  runs[client] = { seen: proxy.seen, exempt: exempt || said.exempt, waiting: failed.map(([name]) => name) }
  proxy.close()
  if (write) return
  const known = new Set(waiting[client] || [])
  assert.deepEqual(failed.filter(([name]) => !known.has(name)), [], `${client}: methods that fail`)
  const works = [...known].filter((name) => !failed.some(([one]) => one === name))
  assert.deepEqual(works, [], `${client}: these are said to have no answer yet; \`make client-docs\` takes them off the list`)
}

const long = { timeout: 240000 }
it('masto.js: every method of its declarations', () => whole('masto.js', runMasto, mastoExempt), long)
it('megalodon: every method of its prototype', () => whole('megalodon', runMegalodon, megalodonExempt), long)
it('Mastodon.py: every method of its class', () => whole('Mastodon.py', runMastodonPy), long)
it('toot: its commands, and its screen in a terminal', () => whole('toot', runToot, {}, { tls: true }), long)

test('docs/mastodon-api.md says what they have reached', async () => {
  const made = page(JSON.parse(await run(['routes', '--json'])), runs)
  if (write) {
    writeFileSync(docs, made)
    writeFileSync(waits, JSON.stringify(Object.fromEntries(Object.entries(runs).map(([client, one]) => [client, one.waiting])), null, 2) + '\n')
  } else assert.equal(readFileSync(docs, 'utf8'), made, 'docs/mastodon-api.md is not what this run would write; `make client-docs` writes it')
})
