import { readFileSync } from 'node:fs'
import document from '../../generated/openapi.json' with { type: 'json' }
import { problemTypes } from '../../generated/contract.ts'
import { startApi, type Api } from '../support/api.ts'
import { exchange } from '../support/rawHttp.ts'

const generated = (name: string) => readFileSync(new URL(`../../generated/${name}`, import.meta.url), 'utf8')

describe('pages', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test.each(Object.entries(problemTypes))('/problems/%s explains the problem', async (name, { status, title }) => {
    const page = await api.send('GET', `/problems/${name}`)
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self';/)
    expect(page.headers['cache-control']).toBe('public, max-age=300')
    expect(page.text).toContain(`<title>${title} (${status})</title>`)
  })

  test('/problems lists them all; others are not found, and asking for them does not put them on the page', async () => {
    const { text } = await api.send('GET', '/problems')
    for (const name of Object.keys(problemTypes)) expect(text).toContain(`href="/problems/${name}"`)
    for (const name of ['teapot', 'constructor', '__proto__', '%3Cscript%3E']) {
      const answer = await api.send('GET', `/problems/${name}`)
      expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/problem+json'])
    }
  })

  test('/openapi.json and /openapi.yaml are the contract this service was made from', async () => {
    const json = await api.send('GET', '/openapi.json')
    expect([json.status, json.headers['content-type']]).toEqual([200, 'application/json'])
    expect(json.body).toEqual(JSON.parse(generated('openapi.json')))
    const yaml = await fetch(`${api.url}/openapi.yaml`)
    expect([yaml.status, yaml.headers.get('content-type')]).toEqual([200, 'application/yaml'])
    expect(await yaml.text()).toBe(generated('openapi.yaml'))
  })

  test('/docs/ draws the contract with scripts of its own alone', async () => {
    expect((await api.send('GET', '/docs')).headers.location).toBe('/docs/')
    const page = await api.send('GET', '/docs/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.text).not.toMatch(/<script>|(?:src|href)="(?:https?:)?\/\//)
    const scripts = [...page.text.matchAll(/<script src="\.\/([^"]+)"/g)]
    expect(scripts).not.toHaveLength(0)
    for (const [, source] of scripts) {
      expect((await api.send('GET', `/docs/${source}`)).status).toBe(200)
    }
  })

  describe('what /docs/ loads', () => {
    const assets = [
      'swagger-ui.css',
      'swagger-ui-bundle.js',
      'swagger-ui-standalone-preset.js',
      'swagger-ui-init.js',
      'favicon-16x16.png',
      'favicon-32x32.png',
    ]
    const isProblem = (type: string, status: number) => ({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: `/problems/${type}`, status },
    })

    test('is what the page names, and nothing besides', async () => {
      const { text } = await api.send('GET', '/docs/')
      const named = [...text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name)
      expect(named.sort()).toEqual([...assets].sort())
      const others = ['index.html', 'package.json', 'README.md', 'swagger-ui.css.map', 'swagger-ui.js', 'constructor']
      for (const name of [
        ...others,
        ...assets.map((asset) => `x/${asset}`),
        'x/y/swagger-ui-init.js',
        '.swagger-ui.css',
      ])
        expect([name, await api.send('GET', `/docs/${name}`)]).toMatchObject([name, isProblem('not-found', 404)])
    })

    test.each(assets)(
      'HTP-01! HTP-03! %s is only read; every other method is a 405 that names what there is',
      async (name) => {
        const get = await fetch(`${api.url}/docs/${name}`)
        const head = await fetch(`${api.url}/docs/${name}`, { method: 'HEAD' })
        const size = Buffer.from(await get.arrayBuffer()).length
        expect([get.status, head.status, size > 0]).toEqual([200, 200, true])
        expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
        const options = await api.send('OPTIONS', `/docs/${name}`)
        expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS'])
        for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
          const bytes = `${method} /docs/${name} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
          const [answer] = await exchange(Number(new URL(api.url).port), bytes)
          expect([method, answer?.status, answer?.headers.allow]).toEqual([method, 405, 'GET, HEAD, OPTIONS'])
          expect(JSON.parse(answer?.body ?? '')).toMatchObject({ type: '/problems/method-not-allowed' })
        }
      },
    )

    test.each([
      ['range', 'bytes=999999999-'],
      ['range', 'bytes=5-1'],
      ['range', 'bytes=0-9'],
      ['if-match', '"x"'],
      ['if-unmodified-since', 'Mon, 01 Jan 2001 00:00:00 GMT'],
    ])('HTP-20! comes whole, whatever part or condition a client names: %s: %s', async (field, value) => {
      const before = api.log.length
      for (const name of assets) {
        const answer = await fetch(`${api.url}/docs/${name}`, { headers: { [field]: value } })
        await answer.arrayBuffer()
        expect([name, answer.status, answer.headers.get('accept-ranges')]).toEqual([name, 200, null])
      }
      expect(api.log.slice(before).filter(({ level }) => level === 'error')).toEqual([])
    })
  })

  test('/docs/ fills in what a request needs, and nothing that it may do without', async () => {
    const { text } = await api.send('GET', '/docs/swagger-ui-init.js')
    const [, options = ''] = /var options = (\{[^]*?\n\});/.exec(text) ?? []
    const { swaggerDoc } = JSON.parse(options) as { swaggerDoc: typeof document }
    const { IfMatch, IdempotencyKey, Role, UserId } = swaggerDoc.components.parameters
    for (const optional of [IfMatch, IdempotencyKey, Role]) expect(optional).not.toHaveProperty('example')
    expect(UserId).toEqual(document.components.parameters.UserId)
    const { parameters } = swaggerDoc.paths['/v1/audit-events'].get
    expect(parameters).not.toHaveLength(0)
    for (const optional of parameters) expect(optional).not.toHaveProperty('example')
    const examples = swaggerDoc.paths['/v1/users'].post.requestBody.content['application/json'].examples
    expect(examples).toEqual(document.paths['/v1/users'].post.requestBody.content['application/json'].examples)
  })
})
