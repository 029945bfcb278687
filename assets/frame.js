// frame.js - in a post that another site shows (web/embed.c): tells the page around how high it is, and takes its colours.
// The page around may be anybody: it is told a number, and may choose between two themes.
const tell = () => parent.postMessage({ kicauHeight: document.querySelector('main').scrollHeight }, '*')

new ResizeObserver(tell).observe(document.querySelector('main'))
addEventListener('load', tell)
addEventListener('message', ({ source, data }) => {
  if (source === parent && /^(dark|light)$/.test(data?.kicauTheme)) document.documentElement.dataset.theme = data.kicauTheme
})
