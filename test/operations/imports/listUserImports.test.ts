import { startApi, type Api } from '../../support/api.ts'
import { ndjson, upload, type UserImport } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'
import type { components } from '../../../generated/openapi.ts'

type Page = components['schemas']['UserImportPage']

describe('listUserImports', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  test('lists the newest first, page by page, both ways', async () => {
    const ids: string[] = []
    for (const name of ['a.one', 'a.two', 'a.three']) {
      const answer = await upload(api, ndjson({ username: name, email: `${name}@example.com` }), { token })
      ids.unshift((answer.body as UserImport).id)
    }
    const get = async (query: Record<string, string | number>): Promise<Page> => {
      const answer = await api.send('GET', '/v1/user-imports', { token, query })
      expect(answer.headers.link).toContain('</v1/user-imports?limit=2>; rel="first"')
      return answer.body
    }
    const first = await get({ limit: 2 })
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await get({ limit: 2, cursor: first.page.next_cursor! })
    expect(second).toMatchObject({ data: [{ id: ids[2] }], page: { next_cursor: null } })
    expect(await get({ limit: 2, cursor: second.page.previous_cursor! })).toMatchObject({ data: first.data })
  })

  test('refuses a cursor that is none', async () => {
    const answer = await api.send('GET', '/v1/user-imports', { token, query: { cursor: 'x.y' } })
    expect([answer.status, answer.body]).toMatchObject([400, { type: '/problems/invalid-cursor' }])
  })
})
