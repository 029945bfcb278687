// Reads HTML as a browser's tokenizer would, and says what in it could act.
import assert from 'node:assert/strict'

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decode = (text) => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));?/gi, (all, hex, number, name) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : number ? String.fromCodePoint(Number(number)) : entities[name] ?? all)

// [{name, attributes: {…}}] of every tag that opens.
export function tags (html) {
  const found = []
  let at = 0
  for (;;) {
    at = html.indexOf('<', at)
    if (at < 0) return found
    if (html.startsWith('<!--', at)) { at = html.indexOf('-->', at + 4); if (at < 0) return found; continue }
    const open = /^<([a-zA-Z][^\s/>]*)/.exec(html.slice(at, at + 200))
    if (!open) { at++; continue }
    at += open[0].length
    const tag = { name: open[1].toLowerCase(), attributes: {} }
    const attribute = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y
    for (;;) {
      const end = /[\s/]*>/y
      end.lastIndex = at
      const closed = end.exec(html)
      if (closed) { at = end.lastIndex; break }
      attribute.lastIndex = at
      const next = attribute.exec(html)
      if (!next) return [...found, tag]
      tag.attributes[next[1].toLowerCase()] = decode(next[2] ?? next[3] ?? next[4] ?? '')
      at = attribute.lastIndex
    }
    found.push(tag)
    if (['script', 'style', 'textarea', 'title'].includes(tag.name)) {
      const end = html.toLowerCase().indexOf(`</${tag.name}`, at)
      at = end < 0 ? html.length : end
    }
  }
}

const acting = new Set(['iframe', 'object', 'embed', 'applet', 'base', 'frame', 'frameset', 'style', 'math', 'foreignobject', 'animate', 'set', 'xml', 'marquee', 'portal', 'template', 'noscript'])

export function assertTame (html, where) {
  for (const { name, attributes } of tags(html)) {
    const shown = `${where}: <${name} ${JSON.stringify(attributes)}>`
    assert.ok(!acting.has(name), shown)
    assert.ok(!(name === 'meta' && 'http-equiv' in attributes), shown)
    if (name === 'script') assert.match(attributes.src || '', /^\/assets\//, shown)
    for (const [key, value] of Object.entries(attributes)) {
      assert.ok(!key.startsWith('on') && !['style', 'srcdoc', 'formaction', 'ping', 'xlink:href'].includes(key), shown)
      assert.ok(/^[a-z][a-z0-9:_-]*$/.test(key), shown)
      // eslint-disable-next-line no-control-regex
      const bare = value.replace(/[\u0000-\u0020]/g, '')
      if (['href', 'src', 'action', 'poster', 'data'].includes(key)) assert.ok(!/^[a-z][a-z0-9+.-]*:/i.test(bare) || /^(https?:\/\/|mailto:)/i.test(bare) || /^data:image\/(png|svg\+xml|gif)/.test(bare), shown)
    }
  }
}

// The HTML of a post or a profile in the API: few elements, few attributes.
const content = { p: [], br: [], span: ['class', 'translate'], a: ['href', 'class', 'rel', 'target', 'translate', 'title'] }
export function assertContent (html, where) {
  for (const { name, attributes } of tags(html)) {
    const shown = `${where}: <${name} ${JSON.stringify(attributes)}>`
    assert.ok(content[name], shown)
    for (const key of Object.keys(attributes)) assert.ok(content[name].includes(key), shown)
    if (name === 'a') {
      assert.match(attributes.href, /^https?:\/\//, shown)
      if (attributes.target === '_blank') assert.match(attributes.rel || '', /noopener/, shown)
    }
  }
  assertTame(html, where)
}
