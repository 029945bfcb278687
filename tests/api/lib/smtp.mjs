// A real mail server beside the one under test: what it took, and mailboxes to look into.
import { spawn } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort, until } from './server.mjs'

const program = resolve(dirname(fileURLToPath(import.meta.url)), '../python/smtp_sink.py')

export class Smtp {
  constructor () { this.mails = []; this.refused = [] }

  async choosePort () { this.port ||= await freePort(); return this.port }

  // options: see smtp_sink.py
  async start (options = {}) {
    const port = await this.choosePort()
    this.child = spawn('/usr/bin/python3', [program, JSON.stringify({ port, ...options })], { stdio: ['ignore', 'pipe', 'inherit'] })
    const child = this.child
    process.once('exit', () => child.kill('SIGKILL'))
    await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the mail server ended: ${code}`)))
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line)
        if (said.ready) resolve()
        else if (said.refused) this.refused.push(said.refused)
        else this.mails.push(said)
      })
    })
    child.unref()
    child.stdout.unref?.()
    return this
  }

  async stop () {
    if (!this.child) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.ref()
    this.child.kill('SIGKILL')
    await ended
    this.child = null
  }

  // Settings of a kicau that sends here.
  async env (more = {}) {
    return { KICAU_SMTP_SERVER: '127.0.0.1', KICAU_SMTP_PORT: String(await this.choosePort()), KICAU_SMTP_SECURITY: 'none', KICAU_SMTP_FROM: 'kicau@kampung.example', ...more }
  }

  to (address) { return this.mails.filter((mail) => mail.to === address) }

  // The nth mail to an address, as soon as it is there.
  async mail (address, n = 1) {
    await until(`mail ${n} to ${address}`, async () => this.to(address).length >= n, { timeout: 45000 })
    return this.to(address)[n - 1]
  }
}

// The link a mail is about, from its plain text; the same must be in its HTML.
export function linkOf (mail) {
  const [link] = mail.text.match(/https?:\/\/\S+/)
  if (!mail.html.includes(link.replaceAll('&', '&amp;'))) throw new Error(`the HTML lacks ${link}`)
  return new URL(link)
}
