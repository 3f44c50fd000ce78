import type { components } from '../../../generated/openapi.ts'
import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'
import { absentId } from '../../contract/requests.ts'

type Page = components['schemas']['UserImportResultPage']

describe('listUserImportResults', () => {
  let api: Api
  let token: string
  let id: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    const rows = ['r.one', 'x', 'r.two', 'y', 'r.three', 'z'].map((name) => ({
      username: name,
      email: `${name}@example.com`,
    }))
    id = (await importFile(api, ndjson(...rows), { token })).file.id
  })
  afterAll(() => api.close())

  const get = async (query: Record<string, string | number>): Promise<Page> =>
    (await api.send('GET', `/v1/user-imports/${id}/results`, { token, query })).body
  const linesOf = ({ data }: Page) => data.map(({ line }) => line)

  test('lists rows in the order of the file, page by page, both ways', async () => {
    const first = await get({ limit: 4 })
    expect(linesOf(first)).toEqual([1, 2, 3, 4])
    expect(first.page.previous_cursor).toBeNull()
    const last = await get({ limit: 4, cursor: first.page.next_cursor! })
    expect(linesOf(last)).toEqual([5, 6])
    expect(last.page.next_cursor).toBeNull()
    expect(linesOf(await get({ limit: 4, cursor: last.page.previous_cursor! }))).toEqual([1, 2, 3, 4])
  })

  test('lists rows with one result alone', async () => {
    expect(linesOf(await get({ status: 'failed' }))).toEqual([2, 4, 6])
    expect(linesOf(await get({ status: 'created' }))).toEqual([1, 3, 5])
    const first = await get({ status: 'failed', limit: 2 })
    expect(linesOf(await get({ status: 'failed', limit: 2, cursor: first.page.next_cursor! }))).toEqual([6])
    const foreign = { limit: 2, cursor: first.page.next_cursor! }
    const answer = await api.send('GET', `/v1/user-imports/${id}/results`, { token, query: foreign })
    expect([answer.status, answer.body]).toMatchObject([400, { type: '/problems/invalid-cursor' }])
  })

  test('of an import there is not are a 404', async () => {
    expect((await api.send('GET', `/v1/user-imports/${absentId}/results`, { token })).status).toBe(404)
  })
})
