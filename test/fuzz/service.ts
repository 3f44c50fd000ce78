import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const adminPassword = 'nine blue herons by the lake'

export interface Service {
  url: string
  /** Lines of the log that tell of a fault of ours. */
  errors: string[]
  stop(): Promise<void>
}

interface LogLine {
  level?: string
  msg?: string
  port?: number
}

/** The service as a process of its own, with its own database below `folder` and no limits. */
export async function startService(folder: string): Promise<Service> {
  const child = spawn(process.execPath, ['-r', './src/requireNode.cjs', 'src/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      SIGNUP_ENABLED: 'true',
      PATH: process.env.PATH,
      ENVIRONMENT: 'test',
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      ADMIN_PASSWORD: adminPassword,
      RATE_LIMIT_AUTH_PER_MINUTE: '0',
      RATE_LIMIT_READS_PER_HOUR: '0',
      RATE_LIMIT_WRITES_PER_HOUR: '0',
      ARGON2_MEMORY_KIB: '8192',
      ARGON2_TIME_COST: '1',
      ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
    },
  })
  process.once('exit', () => child.kill())
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const errors: string[] = []
  const file = createWriteStream(join(folder, 'service.log'))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      file.write(`${line}\n`)
      const { level, msg, port } = JSON.parse(line) as LogLine
      if (level === 'error' || level === 'fatal') errors.push(line)
      if (msg === 'ready' && port !== undefined) resolve(port)
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    errors,
    async stop() {
      child.kill('SIGTERM')
      await ended
      file.end()
    },
  }
}
