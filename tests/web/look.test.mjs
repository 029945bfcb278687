// Every kind of page in both themes and on a phone: pictures into build/screenshots, nothing for axe to complain of.
import { newPage, signIn } from '../api/lib/browser.mjs'
import { authorizeUrl, registerApp } from '../api/lib/oauth.mjs'
import { screenshots } from './lib/eyes.mjs'
import { startTown } from './lib/town.mjs'

const { it, server, posts } = await startTown()

const pages = {
  front: '/',
  about: '/about',
  feed: '/public/local',
  profile: '/@sari',
  'profile-bot': '/@budi',
  thread: `/@sari/${posts.answer2.id}`,
  picture: `/@sari/${posts.picture.id}`,
  covered: `/@sari/${posts.covered.id}`,
  warned: `/@sari/${posts.warned.id}`,
  poll: `/@budi/${posts.poll.id}`,
  tag: '/tags/bread',
  login: '/login',
  missing: '/@nobody'
}

for (const [name, path] of Object.entries(pages)) {
  it(`looks right: ${name}`, async () => {
    const page = await newPage()
    await page.goto(server.base + path)
    await screenshots(page, name)
    await page.context().close()
  })
}

it('looks right: consent, code, wrong password', async ({ anyone }) => {
  const app = await registerApp(anyone, { client_name: 'Tawny for Android', website: 'https://tawny.example' })
  const page = await newPage()
  await page.goto(authorizeUrl(server.base, app))
  await signIn(page, { username: 'sari', password: 'wrong' })
  await page.getByRole('alert').waitFor()
  await screenshots(page, 'wrong-password')
  await signIn(page, { username: 'sari' })
  await page.locator('.scopes').waitFor()
  await screenshots(page, 'consent')
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.waitForURL(/native/)
  await screenshots(page, 'code')
  await page.context().close()
})

it('opened covers and warnings keep their shape', async () => {
  const page = await newPage()
  for (const name of ['covered', 'warned']) {
    await page.goto(`${server.base}/@sari/${posts[name].id}`)
    await page.locator('summary').first().click()
    await screenshots(page, `${name}-open`)
  }
  await page.context().close()
})
