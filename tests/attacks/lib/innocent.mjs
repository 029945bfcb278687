// Somebody who does nothing wrong, in a thread of their own, while the tests attack: reads the public timeline and
// their own home, and posts now and then. Every call has to succeed, and soon.
import { Agent, request } from 'node:http'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const PAUSE_MS = 25
const PATIENCE_MS = 5000

function call (agent, { port, token }, method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` }
    if (body) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    const asked = request({ port, host: '127.0.0.1', agent, method, path, headers, timeout: PATIENCE_MS }, (reply) => {
      let text = ''
      reply.setEncoding('utf8')
      reply.on('data', (part) => { text += part })
      reply.on('end', () => resolve({ status: reply.statusCode, text }))
      reply.on('error', reject)
    })
    asked.on('timeout', () => asked.destroy(new Error('the server did not answer in time')))
    asked.on('error', reject)
    asked.end(body)
  })
}

async function live () {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const calls = [['GET', '/api/v1/timelines/public'], ['GET', '/api/v1/timelines/home'], ['GET', '/api/v2/instance'],
    ['GET', '/api/v1/accounts/verify_credentials']]
  const report = { calls: 0, wrong: [], slowest: 0, waits: [] }
  let running = true
  parentPort.once('message', () => { running = false })
  for (let n = 0; running; n++) {
    const [method, path] = n % 40 === 39 ? ['POST', '/api/v1/statuses'] : calls[n % calls.length]
    const began = performance.now()
    try {
      const { status, text } = await call(agent, workerData, method, path, method === 'POST' ? JSON.stringify({ status: `all is well ${n}`, visibility: 'private' }) : undefined)
      JSON.parse(text)
      if (status !== 200) report.wrong.push(`${method} ${path} answered ${status}: ${text.slice(0, 200)}`)
    } catch (error) { report.wrong.push(`${method} ${path}: ${error.message}`) }
    const took = performance.now() - began
    report.waits.push(took)
    report.slowest = Math.max(report.slowest, took)
    report.calls++
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  agent.destroy()
  parentPort.postMessage(report)
}

if (!isMainThread) live()

export function startInnocent (port, token) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { port, token } })
  const told = new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject) })
  worker.unref()
  return {
    async stop () {
      worker.ref()
      worker.postMessage('stop')
      const report = await told
      await worker.terminate()
      report.median = report.waits.sort((a, b) => a - b)[report.waits.length >> 1]
      return report
    }
  }
}
