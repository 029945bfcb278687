// copy.js - buttons that copy what stands in the field before them. Without this script the field is there to be marked by hand.
for (const field of document.querySelectorAll('textarea.code')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = field.dataset.copy
  button.onclick = async () => {
    field.select()
    await navigator.clipboard.writeText(field.value)
    button.textContent = field.dataset.copied
  }
  field.after(button)
}
