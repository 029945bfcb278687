// Python's clients: Mastodon.py and toot, as Debian ships them. Their pages are opened in our browser.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { authorize } from './lib/browser.mjs'
import { png } from './lib/png.mjs'
import { startWorld } from './lib/server.mjs'

const { it, server, bob } = await startWorld({ accounts: ['alice', 'bob'] })
const here = dirname(fileURLToPath(import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kicau-python-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const picture = join(folder, 'picture.png')
writeFileSync(picture, png(120, 80))

function script (name) {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/python3', [join(here, 'python', name)], {
      env: { ...process.env, KICAU_URL: server.base, KICAU_PICTURE: picture, KICAU_BOB_TOKEN: bob.token, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe']
    })
    let output = ''
    const timer = setTimeout(() => { output += '\n*** took too long'; child.kill('SIGKILL') }, 110000)
    child.stderr.on('data', (text) => { output += text })
    child.stdin.on('error', () => {})
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('OPEN ')) { output += line + '\n'; return }
      authorize(line.slice(5), { username: 'alice' })
        .then(({ code }) => child.stdin.write(code + '\n'), (error) => { output += error.stack; child.stdin.end() })
    })
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(output)
      else reject(new Error(`${name} failed:\n${output}`))
    })
  })
}

const has = (module) => {
  try { execFileSync('/usr/bin/python3', ['-c', `import ${module}`], { stdio: 'ignore' }); return true } catch { return false }
}

for (const [name, module, count] of [['mastodon_py.py', 'mastodon', 9], ['toot_cli.py', 'toot', 6]]) {
  it(name, async (_, t) => {
    const output = await script(name)
    t.diagnostic(output)
    assert.match(output, new RegExp(`Ran ${count} tests`))
  }, { timeout: 120000, skip: has(module) ? false : `Debian's python3-mastodon or toot is not installed` })
}
