import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { createSealKeyPem } from '../../src/security/sealKey.ts'
import { startApi, type Api } from './api.ts'
import { runCommand, type Finished } from './command.ts'

/** Three seals over the events 1–100, 101–200 and 201–300, and `npm run audit:verify`. */
export interface SealedTrail {
  api: Api
  folder: string
  /** Of the command; may be changed. */
  env: Record<string, string>
  verify(...words: string[]): Promise<Finished>
  query(text: string, values?: unknown[]): Promise<Record<string, string>[]>
  /** Writes the events of these numbers, the second one included. */
  write(from: number, to: number): Promise<unknown>
  /** As a superuser who has switched the triggers off. */
  tamper(...statements: string[]): Promise<void>
  /** A file with the log so far. */
  keepHeads(): Promise<string>
  close(): Promise<void>
}

const insert = `INSERT INTO audit_events (id, action, request_id)
  SELECT ('018f0000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user.updated', 'r' || n FROM generate_series($1::int, $2::int) n`
const disable = 'ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_seals DISABLE TRIGGER ALL'

/** The id of the event of this number. */
export function idOf(number: number): string {
  return `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

export async function sealTrail(): Promise<SealedTrail> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  const file = join(folder, 'seal.pem')
  await writeFile(file, createSealKeyPem())
  const api = await startApi({ env: { AUDIT_SEAL_KEY_FILE: file } })
  const env = { DATABASE_URL: api.database.url, AUDIT_SEAL_KEY_FILE: file, JWT_SECRET: 'x'.repeat(32) }
  const query: SealedTrail['query'] = (text, values) => api.database.query(text, values)
  const write = (from: number, to: number) => query(insert, [from, to])
  for (const start of [1, 101, 201]) {
    await write(start, start + 99)
    await sealAudit(api.context)
  }
  return {
    api,
    folder,
    env,
    query,
    write,
    verify: (...words) => runCommand('auditVerify', words, { env }),
    async tamper(...statements) {
      for (const statement of [disable, ...statements]) await query(statement)
    },
    async keepHeads() {
      const heads = join(folder, 'kept.log')
      await writeFile(heads, api.log.map((line) => JSON.stringify(line)).join('\n'))
      return heads
    },
    async close() {
      await api.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Whatever is found is named, and counts. */
export async function expectFound(run: Promise<Finished>, ...findings: (string | RegExp)[]): Promise<void> {
  const { code, output } = await run
  for (const finding of findings) expect(output).toMatch(finding)
  expect(code).toBe(1)
}
