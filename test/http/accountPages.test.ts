import { readFileSync } from 'node:fs'
import { contract } from '../../generated/contract.ts'
import { texts } from '../../src/mails/texts.ts'
import { startApi, type Api } from '../support/api.ts'
import { operationIds } from '../support/contract.ts'
import { startPrefixProxy } from '../support/prefixProxy.ts'

const pages = {
  'verify-email': 'verifyEmail',
  'reset-password': 'resetPassword',
  'forgot-password': 'requestPasswordReset',
} as const

async function startStrict(): Promise<Api & AsyncDisposable> {
  const api = await startApi({ env: { PASSWORD_MIN_LENGTH: '14' } })
  return { ...api, [Symbol.asyncDispose]: () => api.close() }
}

const nonsense = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }

describe('the pages that mails link to', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test.each(Object.entries(pages))(
    '%s is served with a policy that allows nothing but our own files',
    async (name, id) => {
      const { status, headers, text } = await api.send('GET', `/account/${name}`)
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      const policy = headers['content-security-policy']!.split('; ')
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ]),
      )
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|data:|https?:/)
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      // A cached page would outlive a mended one.
      expect(headers['cache-control']).toBe('no-cache')
      expect(text).not.toMatch(/<script>|<style|\son\w+=|style=|javascript:/)
      const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!)
      expect(sources).toEqual(['account.css', 'account.js'])
      const [, operation] = /data-operation="([^"]+)"/.exec(text) ?? []
      const [, method] = /data-method="([^"]+)"/.exec(text) ?? []
      expect([method?.toLowerCase(), operation]).toEqual([contract[id].method, `..${contract[id].path}`])
      // A browser that cuts a password off would set another one than was typed.
      expect(text).not.toContain('maxlength')
    },
  )

  test.each(['', '/users-api', '/one/two'])(
    'a page that a mail links to works where a proxy has the service under "%s"',
    async (prefix) => {
      await using proxy = await startPrefixProxy(api.url, prefix)
      const names = { app: 'Users', url: `${proxy.origin}${prefix}` }
      for (const link of [texts.resetPassword(names, 'jane', 'x').link, texts.verifyEmail(names, 'x').link]) {
        const page = await fetch(link!.url)
        const text = await page.text()
        const used = [...text.matchAll(/(?:src|href|data-operation)="([^"]+)"/g)].map(([, address]) => address!)
        expect(used).toHaveLength(3)
        for (const address of used) {
          const isOperation = address.includes('/v1/')
          const answer = await fetch(new URL(address, page.url), isOperation ? nonsense : {})
          expect([address, answer.status]).toEqual([address, isOperation ? 400 : 200])
        }
      }
      const elsewhere = await fetch(`${proxy.origin}/elsewhere/account/verify-email`)
      expect(elsewhere.status).toBe(prefix === '' ? 404 : 502)
    },
  )

  test('the page that sets a password says how short it may be', async () => {
    await using strict = await startStrict()
    const { text } = await strict.send('GET', '/account/reset-password')
    expect(text).toContain('New password, 14 characters or more')
    expect(text).toContain('minlength="14"')
    expect(text).not.toContain('{')
  })

  test('the script and the style are files of their own, of their own type', async () => {
    const script = await api.send('GET', '/account/account.js')
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.text).not.toMatch(/innerHTML|document\.write|eval\(|localStorage|sessionStorage/)
    expect((await api.send('GET', '/account/account.css')).headers['content-type']).toBe('text/css; charset=utf-8')
  })

  test('every page that a mail links to is there', () => {
    const texts = readFileSync(new URL('../../src/mails/texts.ts', import.meta.url), 'utf8')
    const linked = [...texts.matchAll(/\$\{url\}(\/[\w/-]+)/g)].map(([, path]) => path!)
    expect(new Set(linked)).toEqual(new Set(Object.keys(pages).map((name) => `/account/${name}`)))
  })

  test('nothing else is under that path, and no operation is', async () => {
    for (const path of ['/account', '/account/', '/account/verify-email/', '/account/x', '/account/account.ts']) {
      expect([path, (await api.send('GET', path)).status]).toEqual([path, 404])
    }
    expect((await api.send('HEAD', '/account/verify-email')).text).toBe('')
    const posted = await api.send('POST', '/account/verify-email')
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(operationIds.filter((id) => contract[id].path.startsWith('/account'))).toEqual([])
  })
})
