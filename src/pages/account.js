// Sends a page's form to the operation it names. The token of the mail is behind the `#`, which no server ever sees.
// Nothing happens before the button is pressed: programs that look through mails open links, too.
const form = document.querySelector('form')
const status = form.querySelector('[role=status]')
const token = new URLSearchParams(location.hash.slice(1)).get('token')
history.replaceState(null, '', location.pathname)

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const body = { ...Object.fromEntries(new FormData(form)), ...(token ? { token } : {}) }
  const button = form.querySelector('button')
  button.disabled = true
  try {
    const answer = await fetch(form.dataset.operation, {
      method: form.dataset.method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    status.textContent = answer.ok ? form.dataset.done : sentence(await answer.json())
    button.disabled = answer.ok
  } catch {
    status.textContent = 'The service cannot be reached. Try again in a moment.'
    button.disabled = false
  }
})

function sentence({ type, title, errors = [] }) {
  if (type === '/problems/invalid-token') return 'This link was used before or is too old. Ask for a new mail.'
  return [title, ...errors.map(({ detail }) => detail)].join(': ')
}
