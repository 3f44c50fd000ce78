import { once } from 'node:events'
import pg from 'pg'

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown
const send = Reflect.get(pg.Client.prototype, 'query') as Query

interface Internals {
  connection: { stream: { destroyed: boolean; destroy(): void } }
}

/**
 * A connection that is gone for good once it can no longer be trusted:
 * - after a client-side timeout its query still runs, and so does the transaction around it; a later request given the
 *   same connection would work inside that transaction;
 * - after a "read-only" refusal the server is no longer the primary, while a new connection may find the one that is.
 * The failure is passed on only after the socket has closed, so the pool cannot hand the connection out in between.
 */
export class PooledClient extends pg.Client {
  // pg declares a dozen overloads; the pool and Kysely only ever use the one that answers with a promise.
  override query = ((...parameters: unknown[]): unknown => {
    const answer = send.apply(this, parameters)
    return answer instanceof Promise ? answer.catch((error: unknown) => this.#giveUp(error)) : answer
  }) as pg.Client['query']

  async #giveUp(error: unknown): Promise<never> {
    const { stream } = (this as unknown as Internals).connection
    if (isUntrustworthy(error) && !stream.destroyed) {
      const closed = once(this, 'end')
      stream.destroy()
      await closed.catch(() => undefined)
    }
    throw error
  }
}

function isUntrustworthy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.message === 'Query read timeout' || ('code' in error && error.code === '25006')
}
