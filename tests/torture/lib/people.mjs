// People who write without a pause, and remember what they were told: what was acknowledged has to be there, what was
// not answered has to be there whole or not at all.
import assert from 'node:assert/strict'
import { blankPng } from '../../attacks/lib/pictures.mjs'
import { sleep } from '../../api/lib/server.mjs'

const quick = { check: false, status: 'any' }
const pick = (list) => list[Math.floor(Math.random() * list.length)]
let number = 0

export class Person {
  constructor (client, id) {
    this.client = client
    this.id = id
    this.posts = new Map() // id → {text, media, tag, poll, gone}
    this.open = [] // posts whose request was not answered: {key, fields}
    this.pairs = new Map() // "follow ID", "favourite ID" … → true, false, or undefined: not answered
    this.media = new Map() // id → {url, preview_url}
    this.acknowledged = 0
    this.unanswered = 0
    this.wrong = []
  }

  // undefined when there was no answer. `gone`: what it is about may have been deleted by another; then null.
  async call (method, path, { gone, ...options } = {}) {
    try {
      const reply = await this.client.call(method, path, { ...quick, ...options })
      if (gone && reply.status === 404) return null
      if (reply.status >= 500) { this.unanswered++; return undefined }
      if (reply.status >= 400) this.wrong.push(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
      else this.acknowledged++
      return reply.status < 400 ? reply.body : undefined
    } catch {
      this.unanswered++
      return undefined
    }
  }

  async write (others) {
    const n = ++number
    const text = `word${n} of ${this.client.user}`
    const fields = { status: `${text} #tag${n}`, visibility: pick(['public', 'unlisted', 'private', 'direct']) }
    if (n % 4 === 0) fields.poll = { options: ['a', 'b'], expires_in: 3600 }
    if (n % 5 === 0) fields.status = `@${pick(others).client.user} ${fields.status}`
    const target = pick([...this.posts.keys()].slice(-5))
    if (n % 3 === 0 && target && !this.posts.get(target).gone) fields.in_reply_to_id = target
    const spare = [...this.media.keys()].find((id) => !this.media.get(id).used)
    if (spare && !fields.poll) { fields.media_ids = [spare]; this.media.get(spare).used = true }
    await this.send({ key: text, text, fields })
  }

  async send (post) {
    const answer = await this.call('POST', '/api/v1/statuses', { json: post.fields, headers: { 'Idempotency-Key': post.key } })
    if (answer) this.posts.set(answer.id, { text: post.text, fields: post.fields })
    else this.open.push(post)
  }

  async upload () {
    const answer = await this.call('POST', '/api/v1/media', { multipart: { file: new Blob([blankPng(6, 6)], { type: 'image/png' }) } })
    if (answer?.url) this.media.set(answer.id, { url: answer.url, preview: answer.preview_url })
  }

  async toggle (what, path, undo, target) {
    const key = `${what} ${target}`
    if (this.pairs.has(key) && this.pairs.get(key) === undefined) return
    const on = !this.pairs.get(key)
    this.pairs.set(key, undefined)
    const answer = await this.call('POST', `${path}/${target}/${on ? what : undo}`, { gone: what !== 'follow' })
    if (answer) this.pairs.set(key, on)
    if (answer === null) this.pairs.delete(key)
  }

  async remove () {
    const [id, post] = pick([...this.posts].slice(-8)) || []
    if (!id || post.gone) return
    post.gone = 'unknown'
    if (await this.call('DELETE', `/api/v1/statuses/${id}`)) post.gone = true
  }

  async edit () {
    const [id, post] = pick([...this.posts].slice(-8)) || []
    if (!id || post.gone || post.fields.poll) return
    const text = `${post.text} edited${++number}`
    post.maybe = text
    const media = post.fields.media_ids ? { media_ids: post.fields.media_ids } : {}
    if (await this.call('PUT', `/api/v1/statuses/${id}`, { json: { status: text, ...media } })) { post.text = text; post.maybe = undefined }
  }

  async live (running, others) {
    while (running.on) {
      const other = pick(others)
      const seen = pick([...other.posts].filter(([, post]) => !post.gone && ['public', 'unlisted'].includes(post.fields.visibility)).slice(-6))?.[0]
      const dice = Math.random()
      const before = this.unanswered
      if (dice < 0.4) await this.write(others)
      else if (dice < 0.45) await this.upload()
      else if (dice < 0.55) await this.toggle('follow', '/api/v1/accounts', 'unfollow', other.id)
      else if (dice < 0.6) await this.remove()
      else if (dice < 0.65) await this.edit()
      else if (seen) await this.toggle(...pick([['favourite', '/api/v1/statuses', 'unfavourite'], ['bookmark', '/api/v1/statuses', 'unbookmark'], ['reblog', '/api/v1/statuses', 'unreblog']]), seen)
      if (this.unanswered > before) await sleep(10)
    }
  }

  // ---- afterwards ----

  async checkPosts (all) {
    const known = [...this.posts].slice(all ? 0 : -60)
    for (let at = 0; at < known.length; at += 20) {
      const page = known.slice(at, at + 20)
      const found = new Map((await this.client.get('/api/v1/statuses', { id: page.map(([id]) => id) }, { check: false })).map((post) => [post.id, post]))
      for (const [id, post] of page) {
        const there = found.get(id)
        if (post.gone === 'unknown') post.gone = !there
        assert.equal(!there, Boolean(post.gone), `the post "${post.text}" ${post.gone ? 'came back' : 'is lost'}`)
        if (!there) continue
        if (post.maybe) { if (there.content.includes(post.maybe)) post.text = post.maybe; post.maybe = undefined }
        assert.ok(there.content.includes(post.text), `"${post.text}" became ${there.content}`)
        assert.equal(there.media_attachments.length, (post.fields.media_ids || []).length, post.text)
        assert.equal(Boolean(there.poll), Boolean(post.fields.poll), post.text)
      }
    }
  }

  // Asking again with the same key makes it exist once, whether it did or not.
  async finishOpen (count) {
    for (const post of this.open.splice(0)) {
      const before = count(post.text)
      assert.ok(before <= 1, `"${post.text}" is there ${before} times`)
      const reply = await this.client.call('POST', '/api/v1/statuses', { json: post.fields, headers: { 'Idempotency-Key': post.key }, ...quick })
      if (reply.status !== 200) { assert.equal(before, 0, `"${post.text}": ${reply.status} ${JSON.stringify(reply.body)}`); continue }
      assert.equal(count(post.text), 1, `"${post.text}" asked for twice`)
      this.posts.set(reply.body.id, { text: post.text, fields: post.fields })
    }
  }

  async checkPairs () {
    const keys = [...this.pairs.keys()]
    const follows = keys.filter((key) => key.startsWith('follow '))
    if (follows.length) {
      for (const relation of await this.client.get('/api/v1/accounts/relationships', { id: follows.map((key) => key.slice(7)) }, { check: false })) this.settle(`follow ${relation.id}`, relation.following)
    }
    const ids = [...new Set(keys.filter((key) => !key.startsWith('follow ')).map((key) => key.split(' ')[1]))].slice(-60)
    for (let at = 0; at < ids.length; at += 20) {
      for (const post of await this.client.get('/api/v1/statuses', { id: ids.slice(at, at + 20) }, { check: false })) {
        for (const [what, is] of [['favourite', post.favourited], ['bookmark', post.bookmarked], ['reblog', post.reblogged]]) this.settle(`${what} ${post.id}`, is)
      }
    }
  }

  settle (key, is) {
    if (!this.pairs.has(key)) return
    const known = this.pairs.get(key)
    if (known === undefined) this.pairs.set(key, is)
    else assert.equal(is, known, `${this.client.user}: ${key} was acknowledged as ${known}`)
  }

  async checkMedia () {
    for (const [id, media] of [...this.media].slice(-6)) {
      for (const url of [media.url, media.preview]) {
        const reply = await fetch(url)
        assert.equal(reply.status, 200, `the file of the picture ${id} is lost`)
        assert.ok((await reply.arrayBuffer()).byteLength > 20, id)
      }
    }
  }
}
