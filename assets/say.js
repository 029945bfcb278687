// Short messages at the foot of the page. Modules ask for one by an event, so that none needs another:
//   document.dispatchEvent(new CustomEvent('kicau:say', { detail: 'words' }))
let toast

document.addEventListener('kicau:say', ({ detail }) => {
  toast?.remove()
  toast = document.createElement('p')
  toast.className = 'toast'
  toast.setAttribute('role', 'status')
  document.body.append(toast)
  toast.textContent = detail
  setTimeout((gone) => gone.remove(), 8000, toast)
})
