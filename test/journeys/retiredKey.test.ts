import { join } from 'node:path'
import { createKeys, listKeys, pruneKeys, revokeKey, rotateKeys, type Command } from '../../src/commands/keyCommands.ts'
import { publishSeconds } from '../../src/security/keyTimeline.ts'
import { startApi, type Api } from '../support/api.ts'
import { decode } from '../support/forge.ts'
import { createKeyFolder, signedBy, type KeyFolder } from '../support/keyFiles.ts'
import { addPerson, signIn } from '../support/people.ts'
import { createUnder, newAccount } from '../support/retries.ts'

const lifetime = 900
const day = 86_400

describe('a key that has signed its last token', () => {
  let folder: KeyFolder
  let file: string
  let api: Api
  const command = (secondsAgo = 0): Command => {
    const now = Date.now() - secondsAgo * 1000
    return { file, folder: undefined, lifetime, algorithm: undefined, now }
  }
  const reread = () => api.context.keys.reread()

  beforeAll(async () => {
    folder = createKeyFolder()
    file = join(folder.path, 'signing.pem')
    await createKeys(command(7 * day))
    api = await startApi({ env: signedBy(file) })
  })
  afterAll(async () => {
    await api.close()
    folder.remove()
  })

  test('IDM-01!, IDM-04!: still replays and continues what was begun under it, until it is revoked', async () => {
    const { username } = await addPerson(api, { role: 'admin' })
    const { token: old } = await signIn(api, username)
    const account = newAccount()
    const made = await createUnder('across-a-rotation', account, { on: api, token: old })
    const list = (token: string, cursor?: string) =>
      api.send('GET', '/v1/users', { token, query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) } })
    const { next_cursor: cursor } = ((await list(old)).body as { page: { next_cursor: string } }).page

    await rotateKeys(command(publishSeconds + lifetime + 2 * 60))
    await reread()
    expect((await list(old)).status).toBe(401)
    const { token } = await signIn(api, username)
    const replay = () => createUnder('across-a-rotation', account, { on: api, token, isReplay: true })
    const expectKept = async () => {
      const again = await replay()
      expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, made.text, 'true'])
      expect((await list(token, cursor)).status).toBe(200)
    }
    await expectKept()
    expect((await listKeys(command())).join()).toMatch(
      / expired {2}signs from \S+ {2}accepted until \S+ {2}needed until /,
    )
    expect(await pruneKeys(command())).toEqual(['Every key is needed.'])
    await reread()
    await expectKept()

    await revokeKey(command(), String(decode(old).header.kid))
    await reread()
    expect([(await replay()).status, (await list(token, cursor)).status]).toEqual([422, 400])
  })
})
