import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageFile from '../package.json' with { type: 'json' }
import { freePort } from '../src/db/embeddedPostmaster.ts'
import { startServer, type ServerProcess } from './serverProcess.ts'

/** What `npm start` gives to node. */
const startCommand = packageFile.scripts.start.split(' ').slice(1)
export const administrator = { username: 'admin', password: randomBytes(15).toString('base64url') }

export interface Setup {
  /** For logs and whatever else a run leaves behind. */
  folder: string
  databaseUrl: string
  secret: string
}

/** The service as in production, with everything on; its limits are there and counted, but never reached. */
export async function startService(
  { folder, databaseUrl, secret }: Setup,
  { cores, env }: { cores?: string; env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  return startServer({
    ...(cores ? { cores } : {}),
    command: startCommand,
    port: await freePort(),
    readyPath: '/ready',
    logFile: join(folder, 'service.log'),
    env: {
      ENVIRONMENT: 'production',
      HOST: '127.0.0.1',
      METRICS_PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      JWT_SECRET: secret,
      ADMIN_PASSWORD: administrator.password,
      ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
      RATE_LIMIT_READS_PER_HOUR: '1000000000',
      RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
      ...env,
    },
  })
}

/** One of the programs of this folder that the service is compared with. */
export async function startRival(
  name: 'baseline' | 'argon2Alone' | 'rotationByHand',
  { folder, databaseUrl, secret }: Setup,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  return startServer({
    command: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    port: await freePort(),
    readyPath: '/health',
    logFile: join(folder, `${name}.log`),
    env: { DATABASE_URL: databaseUrl, JWT_SECRET: secret, ...env },
  })
}

/** A start as a newcomer does it: no settings, the embedded PostgreSQL. */
export async function startAlone(dataDir: string, folder: string): Promise<ServerProcess> {
  return startServer({
    command: startCommand,
    port: await freePort(),
    readyPath: '/ready',
    logFile: join(folder, 'alone.log'),
    env: { DATA_DIR: dataDir, ENVIRONMENT: 'development', METRICS_PORT: '0' },
  })
}

/** An access token of the administrator, good for both servers. */
export async function signIn({ base }: ServerProcess): Promise<string> {
  const response = await fetch(`${base}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const body = (await response.json()) as { access_token?: string }
  if (!body.access_token) throw new Error(`signing in was answered ${response.status}`)
  return body.access_token
}
