import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartupError } from '../startupError.ts'

/** Answers the port, which the system chooses where 0 was asked for. Throws a `StartupError` that ends with the advice. */
export async function listenOn(
  server: Server,
  { host, port }: { host: string; port: number },
  advice: string,
): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'another process uses it' : `the system refuses it (${code})`
    throw new StartupError(`Cannot listen on ${host}:${port}: ${reason}. ${advice}`, { cause: error })
  }
  return (server.address() as AddressInfo).port
}
