// A clock for a server that its test sets: clock.c is compiled, and preloaded by what env() says.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export class Clock {
  constructor () {
    this.home = mkdtempSync(join(tmpdir(), 'kicau-clock-'))
    const library = join(this.home, 'clock.so')
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, join(dirname(fileURLToPath(import.meta.url)), 'clock.c'), '-ldl'])
    this.file = openSync(join(this.home, 'offset'), 'w+')
    this.offset = 0
    this.move(0)
    // A sanitizer wants to be first, and checks that.
    this.env = { LD_PRELOAD: library, TEST_CLOCK: join(this.home, 'offset'), ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` }
    process.once('exit', () => this.discard())
  }

  now () { return Date.now() + this.offset }

  move (ms) {
    this.offset += ms
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(Math.round(this.offset)))
    writeSync(this.file, bytes, 0, 8, 0)
  }

  set (text) { this.move(Date.parse(text) - this.now()) }

  discard () {
    if (this.file === undefined) return
    closeSync(this.file)
    this.file = undefined
    rmSync(this.home, { recursive: true, force: true })
  }
}
