// The ways in which one is at a browser: with JavaScript and without, at a desk and on a phone. A flow is written once and
// runs in all of them at the same time, on one server and in one browser, in each way by somebody of their own.
import { newPage } from '../../api/lib/browser.mjs'

const desk = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
const ways = [
  { name: 'desk', javaScriptEnabled: true, viewport: desk },
  { name: 'phone', javaScriptEnabled: true, viewport: phone, hasTouch: true },
  { name: 'plaindesk', javaScriptEnabled: false, viewport: desk },
  { name: 'plainphone', javaScriptEnabled: false, viewport: phone, hasTouch: true }
]

// Somebody in one way: their name, their page, and short words for what people do with pages.
class Person {
  constructor (server, way, page) {
    Object.assign(this, { server, name: way.name, scripts: way.javaScriptEnabled, small: way.viewport === phone, page })
  }

  go (path) { return this.page.goto(this.server.base + path) }
  at (path) { return this.page.waitForURL(this.server.base + path) }
  main () { return this.page.locator('main').innerText() }
  post (words) { return this.page.locator('article', { hasText: words }).first() }
  fill (fields) { return Object.entries(fields).reduce((done, [field, text]) => done.then(() => this.page.locator(field).first().fill(text)), Promise.resolve()) }

  // On a phone what is not needed all the time is behind a menu, or in a post's own.
  async press (name, where = this.page.locator('main')) {
    await where.getByRole('button', { name, exact: true }).first().click()
    await this.page.waitForLoadState()
  }
}

// flow(name, async (person) => …): a test of the four of them. What failed is said with the way it failed in.
export async function inAllWays ({ it, server }) {
  const people = []
  for (const way of ways) people.push(new Person(server, way, await newPage(way)))
  for (const { page } of people) page.setDefaultTimeout(30000)
  const flow = (name, run) => it(name, async () => {
    const ends = await Promise.allSettled(people.map(run))
    const failed = people.flatMap(({ name, page }, i) => ends[i].status === 'rejected' ? [Object.assign(ends[i].reason, { message: `${name}, at ${page.url()}: ${ends[i].reason.message}` })] : [])
    if (failed.length) throw failed.length === 1 ? failed[0] : new AggregateError(failed, failed.map((error) => error.message).join('\n'))
  })
  return { flow, people }
}
