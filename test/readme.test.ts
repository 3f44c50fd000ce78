import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { scratchFolder } from './db/scratchServer.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

test('what the README and the documents link to is there', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...['API_DOCUMENTATION', 'DEVELOPER_GUIDE'].map((name) => `docs/${name}.md`),
  ]
  const more = ['SYSTEM_ARCHITECTURE', 'DATABASE_SCHEMA'].map((name) => `docs/${name}.md`)
  const links = [...documents, ...more].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((found) =>
      join(file, '..', found[1]!),
    ),
  )
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
})

interface Step {
  commands: string
  /** What the README says the commands print; undefined where it says nothing. */
  shown: string | undefined
}

/** The tour's blocks of commands, each with the block of output that follows it. */
function readTour(): Step[] {
  const tour = /\n## A five-minute tour\n([^]*?)\n## /.exec(readme)?.[1] ?? ''
  const blocks = [...tour.matchAll(/^```(bash|json|text)\n([^]*?)^```$/gm)].map(([, kind, content = '']) => ({
    kind,
    content,
  }))
  return blocks.flatMap(({ kind, content }, index) => {
    const next = blocks[index + 1]
    return kind === 'bash' ? [{ commands: content, shown: next?.kind === 'bash' ? undefined : next?.content }] : []
  })
}

/** Ids, times and the like differ each time; their form does not. */
function masked(output: string): string {
  return output
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g, '<time>')
}

const comparable = (output: string): unknown =>
  output.startsWith('{') ? (JSON.parse(masked(output)) as unknown) : output

describe('the five-minute tour', () => {
  let database: TestDatabase
  let folder: string
  let service: ChildProcess
  let address = ''
  let password = ''

  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await scratchFolder()
    const program = join(root, 'src/main.ts')
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      PORT: '0',
      ENVIRONMENT: 'development',
      METRICS_PORT: '0',
    }
    service = spawn(process.execPath, [program], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    for await (const chunk of service.stdout!.iterator({ destroyOnReturn: false })) {
      printed += String(chunk)
      address = /API +http:\/\/(\S+)\/v1/.exec(printed)?.[1] ?? ''
      password = /Password +(\S+)/.exec(printed)?.[1] ?? ''
      if (password) break
    }
    service.stdout!.resume()
  }, 60_000)

  afterAll(async () => {
    const exited = once(service, 'exit')
    service.kill('SIGTERM')
    await exited
    await database.drop()
    await rm(folder, { recursive: true })
  })

  test('every command does what the README says', async () => {
    const steps = readTour()
    const hasCurl = spawnSync('curl', ['--version']).status === 0
    const standIn = `curl() { "${process.execPath}" "${join(root, 'test/support/curl.ts')}" "$@"; }`
    const script = steps.map(({ commands }) => `${commands}\nprintf '\\n---\\n'`).join('\n')
    const bash = spawn('bash', ['-euo', 'pipefail', '-s'], { stdio: ['pipe', 'pipe', 'ignore'] })
    bash.stdin.end(
      `${hasCurl ? '' : standIn}\n${script}`
        .replaceAll('localhost:8000', address)
        .replaceAll('.data/mail', join(folder, 'mail'))
        // A busy machine may take longer over the mail.
        .replace('sleep 2', `until ls ${join(folder, 'mail')}/*.eml; do sleep 1; done`)
        .replace('the password that npm start printed', password),
    )
    const [output] = await Promise.all([text(bash.stdout), once(bash, 'exit')])
    expect(bash.exitCode).toBe(0)
    const outputs = output.split('\n---\n').map((part) => part.trim())
    expect(outputs).toHaveLength(steps.length + 1)
    expect(steps.filter(({ shown }) => shown !== undefined)).toHaveLength(8)
    for (const [index, { shown }] of steps.entries()) {
      const printed = outputs[index] ?? ''
      if (shown === undefined) expect(printed).not.toContain('/problems/')
      else expect(comparable(printed)).toEqual(comparable(shown.trim()))
    }
  }, 60_000)
})
