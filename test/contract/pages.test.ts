import { readFileSync } from 'node:fs'
import { problemTypes } from '../../generated/contract.ts'
import { startApi, type Api } from '../support/api.ts'

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
})
