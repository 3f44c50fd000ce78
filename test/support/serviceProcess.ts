import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inherited } from './inherited.ts'

/** For a start on a machine that has much else to do, in milliseconds. */
const patience = 60_000
const root = join(import.meta.dirname, '..', '..')

/** The service as `npm start` runs it, in a process of its own. */
export interface ServiceProcess {
  url: string
  child: ChildProcess
  /** What it has written so far. */
  output: () => { stdout: string; stderr: string }
  /** Its exit code once it is gone. */
  exited: Promise<number | null>
  /** An answer of the service, or undefined while it does not listen. */
  ask: (path: string, options?: RequestInit) => Promise<Response | undefined>
  /** Waits for `/ready` to answer this status, or throws with the output when the process ends before. */
  until: (status: number) => Promise<Response>
}

/** Starts it with these variables and none of ours; relative paths count from `folder`. */
export async function startService(
  folder: string,
  env: Record<string, string>,
  stdout: 'pipe' | number = 'pipe',
): Promise<ServiceProcess> {
  const port = env.PORT ?? String(await freePort())
  const preloaded = ['-r', join(root, 'src/requireNode.cjs'), join(root, 'src/main.ts')]
  const child = spawn(process.execPath, preloaded, {
    cwd: folder,
    env: { ...inherited, ARGON2_MEMORY_KIB: '8192', ARGON2_TIME_COST: '1', PORT: port, ...env },
    stdio: ['ignore', stdout, 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout?.on('data', (bytes: Buffer) => (written.stdout += bytes.toString()))
  child.stderr?.on('data', (bytes: Buffer) => (written.stderr += bytes.toString()))
  let isGone = false
  const exited = once(child, 'close').then(([code]) => {
    isGone = true
    return code as number | null
  })
  const url = `http://127.0.0.1:${port}`
  const ask = (path: string, options: RequestInit = {}): Promise<Response | undefined> =>
    fetch(url + path, {
      signal: AbortSignal.timeout(10_000),
      ...options,
      headers: { connection: 'close', ...options.headers },
    }).catch(() => undefined)

  return {
    url,
    child,
    output: () => written,
    exited,
    ask,
    async until(status) {
      const deadline = Date.now() + patience
      for (;;) {
        const answer = await ask('/ready')
        if (answer?.status === status) return answer
        if (isGone) throw new Error(`the service ended:\n${written.stdout}${written.stderr}`)
        if (Date.now() > deadline)
          throw new Error(`/ready did not answer ${status} in time:\n${written.stdout}${written.stderr}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
