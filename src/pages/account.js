// Sends a page's form to the operation it names. The token of the mail is behind the `#`, which no server ever sees.
// Nothing happens before the button is pressed: programs that look through mails open links, too.
const form = document.querySelector('form')
const button = form.querySelector('button')
const status = form.querySelector('[role=status]')
const openAgain = 'Open the link in the mail again.'
let token = null

// The link of another mail, opened in a tab that shows the page already, loads nothing anew.
addEventListener('hashchange', readLink)
readLink()

function readLink() {
  token = new URLSearchParams(location.hash.slice(1)).get('token') ?? token
  history.replaceState(null, '', location.pathname)
  const isMissing = form.dataset.wants === 'token' && !token
  status.textContent = isMissing ? openAgain : ''
  button.disabled = isMissing
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const body = { ...Object.fromEntries(new FormData(form)), ...(token ? { token } : {}) }
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
  const named = errors.map(({ pointer }) => form.elements.namedItem(pointer?.slice(1) ?? ''))
  if (type === '/problems/invalid-token') return 'This link was used before or is too old. Ask for a new mail.'
  if (type === '/problems/validation-failed' && named.length > 0)
    return [...new Set(named.map((input) => input?.dataset.rule ?? openAgain))].join(' ')
  return [title, ...errors.map(({ detail }) => detail)].join(': ')
}
