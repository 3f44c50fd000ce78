import { readFileSync } from 'node:fs'
import { Router } from 'express'
import { refuseMethod } from './refuseMethod.ts'

const mediaTypes = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The pages that mails link to, for organisations without a front end of their own (theirs goes by PUBLIC_URL). Their
 * addresses are relative: a proxy may have put the service under any path. `{minLength}` is where they say how short a
 * password may be.
 */
export function createAccountPages({ minLength }: { minLength: number }): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const serve = (path: string, name: string, kind: keyof typeof mediaTypes): void => {
    const file = new URL(`../pages/${name}.${kind}`, import.meta.url)
    const content = readFileSync(file, 'utf8').replaceAll('{minLength}', String(minLength))
    router.get(path, (_request, response) => {
      response.setHeader('Content-Security-Policy', policy)
      response.setHeader('Content-Type', mediaTypes[kind])
      response.setHeader('Cache-Control', 'no-cache')
      response.end(content)
    })
    router.all(path, refuseMethod(['GET']))
  }
  for (const name of ['verify-email', 'reset-password', 'forgot-password']) serve(`/account/${name}`, name, 'html')
  serve('/account/account.js', 'account', 'js')
  serve('/account/account.css', 'account', 'css')
  return router
}
