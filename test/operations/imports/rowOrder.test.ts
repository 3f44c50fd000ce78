import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson, type UserImportResult } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'
import { seeded } from '../../support/seeded.ts'

interface Row {
  username: string
  email: string
  first_name?: string
}

interface StoredUser extends Row {
  id: string
  version: number
}

/** Who is there before, who was and is deleted, and the rows of a file; all of it about four names. */
interface Story {
  deleted: Row[]
  living: Row[]
  rows: Row[]
}

const names = ['ann', 'ben', 'cat', 'dan']
const stories = 40
const mostRows = 9

function tell(random: (below: number) => number): Story {
  const pick = <T>(list: T[]) => list[random(list.length)]!
  const shuffled = () => names.map((name) => ({ name, at: random(1000) })).sort((one, other) => one.at - other.at)
  const address = (name: string) => `${name}@example.com`
  const people = () =>
    shuffled()
      .slice(random(names.length + 1))
      .map(({ name }, index, { length }) => ({ username: name, email: address(names[(index + length) % 4]!) }))
  const row = (): Row => ({
    username: pick([...names, ...names.map((name) => name.toUpperCase())]),
    email: address(pick(names)),
    first_name: pick(['One', 'Two', 'Three']),
  })
  return { deleted: people(), living: people(), rows: Array.from({ length: 2 + random(mostRows - 1) }, row) }
}

/** The same rows under names that no other story has. */
function among(place: string, rows: Row[]): Row[] {
  return rows.map((row) => ({ ...row, username: `${place}.${row.username}`, email: `${place}.${row.email}` }))
}

describe.each(['fail', 'skip', 'update'])('the rows of a file (%s)', (onConflict) => {
  let api: Api
  let token: string
  const random = seeded(4)
  const told = Array.from({ length: stories }, () => tell(random))
  const place = (kind: 'together' | 'alone', story: number) => `${kind}-${story}-`
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    const all = (which: 'deleted' | 'living') =>
      ndjson(
        ...told.flatMap((story, n) =>
          (['together', 'alone'] as const).flatMap((kind) => among(place(kind, n), story[which])),
        ),
      )
    await importFile(api, all('deleted'), { token })
    await api.database.query("UPDATE users SET deleted_at = now() WHERE username LIKE '%-%'")
    await importFile(api, all('living'), { token })
  })
  afterAll(() => api.close())

  const send = async (rows: Row[]) =>
    (await importFile(api, ndjson(...rows), { token, query: { on_conflict: onConflict } })).results

  const living = () => api.database.query<StoredUser>('SELECT * FROM users WHERE deleted_at IS NULL')

  test('come to what they would come to in a file each, one after the other', async () => {
    const before = await living()
    const together: UserImportResult[][] = []
    for (const [n, { rows }] of told.entries()) together.push(await send(among(place('together', n), rows)))
    const alone: UserImportResult[][] = told.map(() => [])
    for (let at = 0; at < mostRows; at += 1) {
      // Stories have nobody in common, so one row of each may share a file.
      const having = [...told.keys()].filter((n) => told[n]!.rows.length > at)
      const results = await send(having.flatMap((n) => among(place('alone', n), [told[n]!.rows[at]!])))
      for (const [index, n] of having.entries()) alone[n]!.push({ ...results[index]!, line: at + 1 })
    }
    const after = await living()

    /** In the words of the story: what became of each row, and who is left. */
    const outcome = (results: UserImportResult[], kind: 'together' | 'alone', n: number) => {
      const bare = (text: string) => text.replace(`${place(kind, n)}.`, '')
      const known = before.map(({ id, username }) => [id, bare(username)] as const)
      const made = results.flatMap((row) =>
        row.status === 'created' ? [[row.user_id, `of row ${row.line}`] as const] : [],
      )
      const called = new Map<string | null, string>([...known, ...made] as [string, string][])
      const left = after
        .filter(({ username }) => username.startsWith(place(kind, n)))
        .map((u) => `${called.get(u.id)}: ${bare(u.username)} ${bare(u.email)} ${u.first_name} ${u.version}`)
        .sort()
      return { results: results.map((result) => ({ ...result, user_id: called.get(result.user_id) })), left }
    }
    const all = (results: UserImportResult[][], kind: 'together' | 'alone') =>
      told.map((story, n) => ({ story, ...outcome(results[n]!, kind, n) }))
    expect(all(together, 'together')).toEqual(all(alone, 'alone'))
  })
})
