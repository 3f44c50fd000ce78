import { send, type Answer } from '../rolling/load.ts'

export interface Pair {
  access_token: string
  refresh_token: string
}

/** Talks to an instance as its users do; throws where an answer is not the one that all else depends on. */
export class ServiceClient {
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  async signIn(identifier: string, password: string): Promise<Pair> {
    return JSON.parse(await this.#demand(200, 'POST', '/v1/auth/login', undefined, { identifier, password })) as Pair
  }

  async createUser(by: Pair, username: string, password: string): Promise<string> {
    const body = { username, email: `${username}@example.com`, password }
    return (JSON.parse(await this.#demand(201, 'POST', '/v1/users', by, body)) as { id: string }).id
  }

  async erase(by: Pair, id: string): Promise<void> {
    await this.#demand(200, 'POST', `/v1/users/${id}/erase`, by)
  }

  async signOut(who: Pair): Promise<void> {
    await this.#demand(204, 'POST', '/v1/auth/logout', who)
  }

  async me(who: Pair): Promise<number> {
    return (await this.#send('GET', '/v1/auth/me', who)).status
  }

  async read(by: Pair, id: string): Promise<number> {
    return (await this.#send('GET', `/v1/users/${id}`, by)).status
  }

  async refresh({ refresh_token }: Pair): Promise<number> {
    return (await this.#send('POST', '/v1/auth/refresh', undefined, { refresh_token })).status
  }

  async #demand(expected: number, method: string, path: string, who?: Pair, body?: object): Promise<string> {
    const answer = await this.#send(method, path, who, body)
    if (answer.status !== expected) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`)
    return answer.body
  }

  #send(method: string, path: string, who?: Pair, body?: object): Promise<Answer> {
    const headers = {
      ...(who ? { authorization: `Bearer ${who.access_token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    }
    return send(this.#port, { method, path, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  }
}
