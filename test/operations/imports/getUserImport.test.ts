import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'
import { absentId } from '../../contract/requests.ts'

describe('getUserImport', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  test('says how far an import is; of one there is not it is a 404', async () => {
    const { file } = await importFile(api, ndjson({ username: 'one.one', email: 'one.one@example.com' }), { token })
    expect(file).toMatchObject({ status: 'completed', finished_at: expect.any(String) as string })
    const absent = await api.send('GET', `/v1/user-imports/${absentId}`, { token })
    expect(absent.status).toBe(404)
  })

  test.each(['user', 'moderator'] as const)('imports are no business of a %s', async (role) => {
    const { token: theirs } = await signInAs(api, role)
    for (const [method, path] of [
      ['POST', '/v1/user-imports'],
      ['GET', '/v1/user-imports'],
      ['GET', `/v1/user-imports/${absentId}`],
      ['GET', `/v1/user-imports/${absentId}/results`],
      ['POST', `/v1/user-imports/${absentId}/cancel`],
    ] as const) {
      expect((await api.send(method, path, { token: theirs })).status).toBe(403)
    }
  })
})
