import type { components } from '../../generated/openapi.ts'
import { importUsers } from '../../src/jobs/importUsers.ts'
import type { Api } from './api.ts'

export type UserImport = components['schemas']['UserImport']
export type UserImportResult = components['schemas']['UserImportResult']

interface File {
  token: string
  query?: Record<string, string | boolean>
  headers?: Record<string, string>
  format?: 'ndjson' | 'csv'
  /** Whether the import was there before. */
  isNoChange?: boolean
}

const mediaTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv' }

/** Sends a file over HTTP. */
export function upload(
  api: Api,
  raw: string | Buffer,
  { token, query = {}, headers = {}, format = 'ndjson', isNoChange = false }: File,
) {
  return api.send('POST', '/v1/user-imports', {
    token,
    query,
    raw,
    isNoChange,
    headers: { 'content-type': mediaTypes[format], ...headers },
  })
}

/** Sends a file and has it worked through; answers the import as it ended, and all of its results. */
export async function importFile(
  api: Api,
  raw: string | Buffer,
  file: File,
): Promise<{ file: UserImport; results: UserImportResult[] }> {
  const answer = await upload(api, raw, file)
  if (answer.status !== 202) throw new Error(`the file was refused: ${answer.text}`)
  await importUsers(api.context)
  return readImport(api, (answer.body as UserImport).id, file.token)
}

/** Until some of the rows are done. It does not look at their results, which could grow faster than they are read. */
export async function untilBegun(api: Api, id: string, token: string): Promise<void> {
  const look = async (): Promise<UserImport> => (await api.send('GET', `/v1/user-imports/${id}`, { token })).body
  while ((await look()).counts.created === 0);
}

export async function readImport(
  api: Api,
  id: string,
  token: string,
): Promise<{ file: UserImport; results: UserImportResult[] }> {
  const file: UserImport = (await api.send('GET', `/v1/user-imports/${id}`, { token })).body
  const results: UserImportResult[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) }
    const page: components['schemas']['UserImportResultPage'] = (
      await api.send('GET', `/v1/user-imports/${id}/results`, { token, query })
    ).body
    results.push(...page.data)
    cursor = page.page.next_cursor
  }
  return { file, results }
}

/** What became of each line, in a word or by the codes of its faults. */
export function outcomes(results: UserImportResult[]): Record<number, string> {
  return Object.fromEntries(
    results.map(({ line, status, problem }) => {
      const codes = problem?.errors?.map(({ pointer, code }) => `${pointer ?? ''} ${code}`.trim()).join(', ')
      return [line, problem === null ? status : (codes ?? problem.type)]
    }),
  )
}

/** Lines of NDJSON. */
export function ndjson(...rows: unknown[]): string {
  return rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('')
}

/** As many rows as asked for, with hashes that are there already. */
export function manyRows(count: number, prefix = 'many'): string {
  const hash = '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGhlcmU$OEbGLbKX+sQVoIfLoIrmAUYx5DYrvW9bCRNyMHHYBPM'
  return ndjson(
    ...Array.from({ length: count }, (_, n) => ({
      username: `${prefix}.${n}`,
      email: `${prefix}.${n}@example.com`,
      password_hash: hash,
    })),
  )
}
