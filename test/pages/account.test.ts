import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'

const script = readFileSync(new URL('../../src/pages/account.js', import.meta.url), 'utf8')
const rule = 'A password has 12 to 128 characters.'
const again = 'Open the link in the mail again.'

/** The page that sets a password, as far as its script can tell, in a tab that was opened by this link. */
function openPage(hash: string) {
  const listeners: Record<string, (event: { preventDefault(): void }) => unknown> = {}
  const listen = (name: string, listener: (typeof listeners)[string]) => void (listeners[name] = listener)
  const [button, status] = [{ disabled: false }, { textContent: '' }]
  const form = {
    dataset: { wants: 'token', operation: '../v1/auth/password/reset', method: 'POST', done: 'Done.' },
    elements: { namedItem: (name: string) => (name === 'new_password' ? { dataset: { rule } } : null) },
    querySelector: (selector: string) => (selector === 'button' ? button : status),
    addEventListener: listen,
  }
  const location = { hash, pathname: '/account/reset-password' }
  const sent: unknown[] = []
  let answer = { ok: true, body: {} }
  const page = {
    ...{
      location,
      addEventListener: listen,
      URLSearchParams,
      FormData: function fields() {
        return []
      },
    },
    document: { querySelector: () => form },
    history: { replaceState: () => (location.hash = '') },
    fetch: (_address: string, { body }: { body: string }) => {
      sent.push(JSON.parse(body))
      return Promise.resolve({ ok: answer.ok, json: () => Promise.resolve(answer.body) })
    },
  }
  runInContext(script, createContext(page))
  return {
    ...{ button, status, sent, location },
    async submit(given: typeof answer = { ok: true, body: {} }) {
      answer = given
      await listeners.submit!({ preventDefault: () => undefined })
    },
    follow(link: string) {
      location.hash = link
      listeners.hashchange!({ preventDefault: () => undefined })
    },
  }
}

const refusal = (type: string, ...errors: object[]) => ({ ok: false, body: { type, title: 'No', errors } })

describe('the script of the pages', () => {
  test('sends the token of the link, which it takes out of the address', async () => {
    const page = openPage('#token=first')
    expect([page.button.disabled, page.status.textContent, page.location.hash]).toEqual([false, '', ''])
    await page.submit()
    expect(page.sent).toEqual([{ token: 'first' }])
    expect([page.button.disabled, page.status.textContent]).toEqual([true, 'Done.'])
  })

  test('wants the link again where it has no token, as after a reload', () => {
    const page = openPage('')
    expect([page.button.disabled, page.status.textContent]).toEqual([true, again])
    page.follow('#token=first')
    expect([page.button.disabled, page.status.textContent]).toEqual([false, ''])
  })

  test('takes the token of a newer mail whose link is opened in the same tab', async () => {
    const page = openPage('#token=first')
    await page.submit(refusal('/problems/invalid-token'))
    expect(page.status.textContent).toMatch(/used before or is too old/)
    page.follow('#token=second')
    expect([page.status.textContent, page.location.hash]).toEqual(['', ''])
    await page.submit()
    expect(page.sent.at(-1)).toEqual({ token: 'second' })
  })

  test('says in words for people what does not fit', async () => {
    const page = openPage('#token=first')
    await page.submit(refusal('/problems/validation-failed', { pointer: '/new_password', detail: 'must NOT' }))
    expect([page.status.textContent, page.button.disabled]).toEqual([rule, false])
    await page.submit(refusal('/problems/validation-failed', { pointer: '/token', detail: 'must match' }))
    expect(page.status.textContent).toBe(again)
    await page.submit(refusal('/problems/weak-password', { pointer: '/new_password', detail: 'Choose another.' }))
    expect(page.status.textContent).toBe('No: Choose another.')
  })
})
