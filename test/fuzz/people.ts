import { adminPassword } from './service.ts'

export interface Caller {
  id: string
  token: string
  refreshToken: string
}

export interface People {
  admin: Caller
  plain: Caller
  /** Not signed in; may be changed and deleted. */
  other: string
}

export const personPassword = 'copper kettle on the moon'
/** Of the one who signs in and out as often as a run likes. */
export const leaverName = 'fuzz.leaver'

/** An administrator, a plain user and two more, on a fresh service. */
export async function createPeople(url: string): Promise<People> {
  const admin = await signIn(url, 'admin', adminPassword)
  await createUser(url, admin, 'fuzz.plain')
  await createUser(url, admin, leaverName)
  const other = await createUser(url, admin, 'fuzz.other')
  return {
    admin,
    plain: await signIn(url, 'fuzz.plain', personPassword),
    other,
  }
}

export async function signIn(url: string, identifier: string, password: string): Promise<Caller> {
  const answer = await post(`${url}/v1/auth/login`, { identifier, password }, 200)
  const { access_token, refresh_token, user } = answer as {
    access_token: string
    refresh_token: string
    user: { id: string }
  }
  return { id: user.id, token: access_token, refreshToken: refresh_token }
}

async function createUser(url: string, { token }: Caller, username: string): Promise<string> {
  const body = { username, email: `${username}@example.com`, password: personPassword }
  return ((await post(`${url}/v1/users`, body, 201, token)) as { id: string }).id
}

async function post(url: string, body: object, expected: number, token?: string): Promise<unknown> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  })
  if (answer.status !== expected) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
