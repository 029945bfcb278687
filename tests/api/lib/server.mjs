// Starts a throw-away server and makes accounts on it.
//
//   const world = await startWorld({ accounts: ['alice', 'bob'] })
//   world.it('can post', async ({ alice }) => { await alice.post('/api/v1/statuses', { status: 'hello' }) })
import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, test } from 'node:test'
import { Client } from './http.mjs'
import { CLOSED, LIMITS_OFF, NOTHING_WITHHELD } from './settings.mjs'
import { startPostgres } from './postgres.mjs'

const here = dirname(fileURLToPath(import.meta.url))
export const binary = process.env.KICAU_BIN ? resolve(process.env.KICAU_BIN) : resolve(here, '../../../build/kicau')
export const password = 'correct horse battery staple'
export const allScopes = 'read write follow push'

// The server sees its own settings only, not those of the tests or of the person who runs them.
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KICAU_')))

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export async function until (what, probe, { timeout = 10000, every = 50 } = {}) {
  const end = Date.now() + timeout
  let last
  for (;;) {
    try {
      const value = await probe()
      if (value) return value
      last = undefined
    } catch (error) { last = error }
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for: ${what}`, { cause: last })
    await sleep(every)
  }
}

const isFree = (port) => new Promise((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
})

// Nobody else's a moment later, when it is used: below those that the system gives away, and each process has its own few.
const FIRST_PORT = 10000
const PORTS = 22000
const PORTS_EACH = 8
let asked = 0
export async function freePort () {
  for (;;) {
    const port = FIRST_PORT + (process.pid * PORTS_EACH + asked++) % PORTS
    if (await isFree(port)) return port
  }
}

export function run (args, { input = '', env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(binary, args, { env: { ...inherited, ...env }, timeout: 30000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`kicau ${args.join(' ')}: exit ${error.code ?? error.signal}\n${stderr}`))
      else resolve(stdout)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

export class Server {
  constructor ({ env = {} } = {}) {
    this.data = mkdtempSync(join(tmpdir(), 'kicau-test-'))
    this.env = { ...LIMITS_OFF, ...NOTHING_WITHHELD, ...CLOSED, ...env }
    this.log = []
    this.child = null
    this.postgres = null
  }

  async prepare () {
    if (process.env.KICAU_TEST_DATABASE === 'postgresql') {
      this.postgres = startPostgres()
      this.env.KICAU_DATABASE = this.postgres.url
    }
    this.port = await freePort()
    this.base = this.env.KICAU_BASE_URL || `http://localhost:${this.port}`
    this.domain = new URL(this.base).host
    await this.kicau(['init'])
  }

  kicau (args, input) { return run([...args, '--data', this.data], { input, env: { KICAU_BASE_URL: this.base, ...this.env } }) }

  async start () {
    const child = spawn(binary, ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`],
      { env: { ...inherited, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => { this.log.push(text); if (this.log.length > 4000) this.log.splice(0, 1000) })
      stream.unref?.()
    }
    child.unref()
    child.once('exit', (code, signal) => {
      this.exit = { code, signal }
      if (!this.stopping) this.log.push(`\n*** the server ended by itself: code ${code}, signal ${signal}\n`)
    })
    await until('GET /health', async () => {
      if (this.exit) return true
      return (await fetch(`http://127.0.0.1:${this.port}/health`, { signal: AbortSignal.timeout(2000) })).ok
    }, { timeout: 20000 }).catch((error) => { throw new Error(`${error.message}\n${this.log.join('')}`) })
    if (this.exit) throw new Error(`the server ended: ${JSON.stringify(this.exit)}\n${this.log.join('')}`)
  }

  async stop (signal = 'SIGTERM') {
    if (!this.child || this.exit) return
    this.stopping = true
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.ref()
    this.child.kill(signal)
    const slow = setTimeout(() => this.child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(slow)
  }

  async account (name, { role = 'user', scopes = allScopes, email = `${name}@example.com` } = {}) {
    await this.kicau(['account', 'create', name, '--email', email, '--role', role, '--password-stdin'], password + '\n')
    return this.login(name, scopes)
  }

  async login (name, scopes = allScopes) {
    const client = new Client(this.base, { token: await this.token(name, scopes), user: name })
    client.email = `${name}@example.com`
    return client
  }

  // What time or another server would do, done in the database itself.
  sql (text) {
    if (this.postgres) return this.postgres.query(text)
    return execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(this.data, 'kicau.db'), text])
  }

  async token (name, scopes = allScopes) {
    return (await this.kicau(['token', 'create', '--account', name, '--scopes', scopes])).trim()
  }

  // Safe to call more than once, and from process.on('exit').
  discard () {
    if (this.child && !this.exit) { this.stopping = true; this.child.kill('SIGKILL') }
    this.postgres?.stop()
    this.postgres = null
    rmSync(this.data, { recursive: true, force: true, maxRetries: 3 })
  }
}

export async function startWorld ({ accounts = [], env = {}, roles = {} } = {}) {
  if (!existsSync(binary)) throw new Error(`${binary} does not exist: build the server, or set KICAU_BIN`)
  const server = new Server({ env })
  process.once('exit', () => server.discard())
  await server.prepare()
  const users = {}
  for (const name of accounts) users[name] = await server.account(name, { role: roles[name] })
  await server.start()
  for (const user of Object.values(users)) {
    const me = await user.get('/api/v1/accounts/verify_credentials')
    user.id = me.id
    user.url = me.url
  }
  const anyone = new Client(server.base)
  after(async () => { await server.stop(); server.discard() })

  const given = { server, anyone, ...users }
  function it (name, fn, options = {}) {
    return test(name, { timeout: 180000, ...options }, async (t) => {
      const from = server.log.length
      try { await fn(given, t) } catch (error) {
        process.stderr.write(`--- server log of "${name}"\n${server.log.slice(Math.max(0, from - 5)).join('')}---\n`)
        throw error
      }
    })
  }
  return { ...given, users, it }
}

// Private mentions of strangers are told of at once, and not asked about first.
export const takesAll = (user) => user.patch('/api/v2/notifications/policy', { for_private_mentions: 'accept' })

// For a scenario that needs accounts of its own on a running server.
let fresh = 0
export async function stranger (server, prefix = 'guest') {
  const user = await server.account(`${prefix}${++fresh}`)
  user.id = (await user.get('/api/v1/accounts/verify_credentials')).id
  return user
}
