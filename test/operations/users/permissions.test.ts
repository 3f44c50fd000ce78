import { contract, type OperationId } from '../../../generated/contract.ts'
import { startApi, type Api, type Sent } from '../../support/api.ts'
import { addPerson, password, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, storedUser } from '../../support/trail.ts'

const roles = ['user', 'moderator', 'admin'] as const
const targets = ['self', 'user', 'moderator', 'admin', 'nobody'] as const
type Role = (typeof roles)[number]
type Target = (typeof targets)[number]

const nobody = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'
const everybody = [...targets]
const plain: Target[] = ['self', 'user', 'nobody']

interface Act {
  operation: OperationId
  /** Whom each role may do it to; what nobody may do to a missing user tells them nothing of who is missing. */
  may: Record<Role, Target[]>
  body?: (role: Role, target: Target) => object
  /** In place of a body of JSON. */
  file?: Pick<Sent, 'raw' | 'headers'>
  /** What it is for is not there, whoever asks: a deleted user, an event, an import. */
  isNeverFound?: boolean
}

const profile = () => ({ username: uniqueName('put'), email: `${uniqueName('put')}@example.com` })

/** The whole of who may do what: the table of roles in the documentation, cell by cell. */
const policy: Record<string, Act> = {
  'see who is signed in': {
    operation: 'getCurrentUser',
    may: { user: ['self'], moderator: ['self'], admin: ['self'] },
  },
  list: { operation: 'listUsers', may: { user: [], moderator: ['self'], admin: ['self'] } },
  create: {
    ...{ operation: 'createUser', may: { user: [], moderator: [], admin: ['self'] } },
    body: () => ({ ...profile(), password }),
  },
  read: { operation: 'getUser', may: { user: ['self'], moderator: everybody, admin: everybody } },
  'edit the profile of': {
    ...{ operation: 'updateUser', may: { user: ['self'], moderator: plain, admin: everybody } },
    body: () => ({ first_name: 'Joan' }),
  },
  replace: {
    ...{ operation: 'replaceUser', may: { user: ['self'], moderator: plain, admin: everybody } },
    body: (role, target) => ({
      ...{ ...profile(), first_name: null, last_name: null },
      ...(role === 'admin' ? { role: 'user' } : {}),
      ...(role === 'admin' || (role === 'moderator' && target !== 'self') ? { is_active: true } : {}),
    }),
  },
  'change the role of': {
    ...{ operation: 'updateUser', may: { user: [], moderator: ['nobody'], admin: everybody } },
    body: (_role, target) => ({ role: target === 'moderator' ? 'user' : 'moderator' }),
  },
  deactivate: {
    ...{ operation: 'updateUser', may: { user: [], moderator: ['user', 'nobody'], admin: everybody } },
    body: () => ({ is_active: false }),
  },
  'change the own password': {
    ...{ operation: 'changePassword', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
    body: () => ({ current_password: password, new_password: 'seven quiet bicycles' }),
  },
  'ask for a verification mail': {
    ...{ operation: 'resendEmailVerification', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
  },
  'set the password of': {
    // One's own wants the current one, and has an operation of its own.
    ...{
      operation: 'setUserPassword',
      may: { user: [], moderator: [], admin: ['user', 'moderator', 'admin', 'nobody'] },
    },
    body: () => ({ new_password: 'seven quiet bicycles' }),
  },
  'list the own sessions': {
    ...{ operation: 'listMySessions', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
  },
  'sign out elsewhere': {
    ...{ operation: 'endMyOtherSessions', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
  },
  'end one of the own sessions': {
    ...{ operation: 'endMySession', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
  },
  'list the sessions of': {
    ...{ operation: 'listUserSessions', may: { user: ['self'], moderator: everybody, admin: everybody } },
  },
  'sign out': { operation: 'logout', may: { user: ['self'], moderator: ['self'], admin: ['self'] } },
  'sign out everywhere': {
    ...{ operation: 'endUserSessions', may: { user: [], moderator: plain, admin: everybody } },
  },
  delete: { operation: 'deleteUser', may: { user: [], moderator: [], admin: everybody } },
  erase: { operation: 'eraseUser', may: { user: [], moderator: [], admin: everybody } },
  'export the data of': {
    ...{ operation: 'exportUserData', may: { user: ['self'], moderator: ['self'], admin: everybody } },
  },
  'read the trail': { operation: 'listAuditEvents', may: { user: [], moderator: [], admin: ['self'] } },
  'read the trail of': { operation: 'listUserAuditEvents', may: { user: [], moderator: everybody, admin: everybody } },
  'read an event': {
    ...{ operation: 'getAuditEvent', may: { user: [], moderator: [], admin: ['self'] }, isNeverFound: true },
  },
  'prove an event': {
    ...{ operation: 'getAuditEventProof', may: { user: [], moderator: [], admin: ['self'] }, isNeverFound: true },
  },
  import: {
    ...{ operation: 'createUserImport', may: { user: [], moderator: [], admin: ['self'] } },
    file: { raw: '{}\n', headers: { 'content-type': 'application/x-ndjson' } },
  },
  'list imports': { operation: 'listUserImports', may: { user: [], moderator: [], admin: ['self'] } },
  'see an import': {
    ...{ operation: 'getUserImport', may: { user: [], moderator: [], admin: ['self'] }, isNeverFound: true },
  },
  'see what became of rows': {
    ...{ operation: 'listUserImportResults', may: { user: [], moderator: [], admin: ['self'] }, isNeverFound: true },
  },
  'cancel an import': {
    ...{ operation: 'cancelUserImport', may: { user: [], moderator: [], admin: ['self'] }, isNeverFound: true },
  },
  export: { operation: 'exportUsers', may: { user: [], moderator: [], admin: ['self'] } },
  restore: { operation: 'restoreUser', may: { user: [], moderator: [], admin: everybody }, isNeverFound: true },
}

/** The path with what it names; a session is the one that asks, an event or an import none at all. */
function pathOf(operation: OperationId, userId: string, token: string): string {
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }
  return contract[operation].path
    .replace('{user_id}', userId)
    .replace('{session_id}', sid)
    .replace(/\{(event|import)_id\}/, nobody)
}

const cells = Object.entries(policy).flatMap(([act, { operation }]) =>
  roles.flatMap((role) =>
    targets
      .filter((target) => target === 'self' || contract[operation].path.includes('{user_id}'))
      .map((target) => ({ act, role, target })),
  ),
)

describe('who may do what', () => {
  let api: Api
  const actors: Partial<Record<Role, SignedIn>> = {}
  beforeAll(async () => {
    api = await startApi()
    for (const role of roles) actors[role] = await signInAs(api, role)
  })
  afterAll(() => api.close())

  async function idOf(target: Target, actor: SignedIn): Promise<string> {
    if (target === 'self') return actor.user.id
    return target === 'nobody' ? nobody : (await addPerson(api, { role: target })).id
  }

  test('AZ-01! every operation that needs a permission is in the table', () => {
    const guarded = Object.keys(contract).filter((id) => contract[id as OperationId].permissions.length > 0)
    expect(new Set(Object.values(policy).map(({ operation }) => operation))).toEqual(new Set(guarded))
  })

  test.each(cells)('AZ-01! AZ-02! AZ-05! AZ-10! $role, $act: $target', async ({ act, role, target }) => {
    const { operation, may, body, file, isNeverFound = false } = policy[act]!
    // What is done to oneself may be the end of it.
    const actor = target === 'self' ? await signInAs(api, role) : actors[role]!
    const id = await idOf(target, actor)
    const before = await storedUser(api, id)
    const count = await countEvents(api)
    const sent: Sent = { token: actor.token, body: body?.(role, target), ...file, isNoChange: 'perhaps' }
    const answer = await api.send(contract[operation].method, pathOf(operation, id, actor.token), sent)
    if (may[role].includes(target)) {
      expect(target === 'nobody' || isNeverFound ? [404] : [200, 201, 202, 204]).toContain(answer.status)
      return
    }
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({ type: '/problems/forbidden' })
    expect(await storedUser(api, id)).toEqual(before)
    // That it was denied, which `send` demands, and nothing else.
    expect(await countEvents(api)).toBe(count + 1)
  })
})
