import type { components } from '../../../generated/openapi.ts'
import { startApi, type Api } from '../../support/api.ts'
import { importFile, outcomes } from '../../support/imports.ts'
import { addPerson, signInAs } from '../../support/people.ts'

type User = components['schemas']['User']

describe('an export', () => {
  let api: Api
  let token: string
  let [gone, living] = ['', '']
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    const person = await addPerson(api)
    await api.send('DELETE', `/v1/users/${person.id}`, { token })
    gone = person.username
    living = (await addPerson(api)).username
  })
  afterAll(() => api.close())

  const linesOf = async (accept: string, deleted: string) => {
    const answer = await api.send('GET', '/v1/user-exports', { token, headers: { accept }, query: { deleted } })
    return answer.text.trimEnd().split(/\r?\n/)
  }
  const usersOf = async (deleted: string) =>
    (await linesOf('application/x-ndjson', deleted)).map((line) => JSON.parse(line) as User)

  test.each(['include', 'only'])('of deleted users says when each was deleted (%s)', async (deleted) => {
    const { data } = (await api.send('GET', '/v1/users', { token, query: { deleted, sort: 'created_at' } })).body as {
      data: User[]
    }
    const moments = Object.fromEntries(data.map((user) => [user.username, user.deleted_at]))
    expect(moments[gone]).toMatch(/^\d{4}-/)
    const users = await usersOf(deleted)
    expect(Object.fromEntries(users.map((user) => [user.username, user.deleted_at]))).toEqual(moments)
    const [header, ...lines] = await linesOf('text/csv', deleted)
    expect(header).toMatch(/,created_at,updated_at,deleted_at$/)
    const cells = lines.map((line) => line.split(','))
    expect(Object.fromEntries(cells.map((line) => [line[1], line.at(-1) || null]))).toEqual(moments)
  })

  test('of those who are not deleted does not speak of it', async () => {
    expect((await usersOf('exclude')).filter((user) => 'deleted_at' in user)).toEqual([])
    expect((await linesOf('text/csv', 'exclude'))[0]).toMatch(/,updated_at$/)
  })

  test.each(['ndjson', 'csv'] as const)(
    'brings back nobody who was deleted by coming back as an import (%s)',
    async (format) => {
      const lines = await linesOf(format === 'csv' ? 'text/csv' : 'application/x-ndjson', 'include')
      const wanted = lines.filter((line) => /^id,/.test(line) || line.includes(gone) || line.includes(living))
      const query = { on_conflict: 'skip' }
      const { results } = await importFile(api, `${wanted.join('\n')}\n`, { token, format, query })
      expect(Object.values(outcomes(results)).sort()).toEqual(['/deleted_at pattern', 'skipped'])
      const { problem } = results.find(({ status }) => status === 'failed')!
      expect(problem?.errors?.[0]?.detail).toBe('may not be given: an import brings back nobody who was deleted')
    },
  )
})
