import { inTransaction } from '../../../src/db/transaction.ts'
import { findUsersByKeys, lockUsersByKeys } from '../../../src/queries/users.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { watch, type Watch } from '../../support/explain.ts'

const names = Array.from({ length: 500 }, (_, number) => `nobody.${number}`)
const addresses = names.map((name) => `${name}@example.com`)

describe('how an import looks its rows up', () => {
  let api: Api
  let watched: Watch
  beforeAll(async () => {
    api = await startApi()
    // Or PostgreSQL makes statistics by itself meanwhile.
    await api.database.query('ALTER TABLE users SET (autovacuum_enabled = false)')
    await addCrowd(api, 20_000)
    watched = watch(api.database.url)
  }, 120_000)
  afterAll(async () => {
    await watched[Symbol.asyncDispose]()
    await api.close()
  })

  test.each(['before', 'after'])('no row of others is read, %s there are statistics of the table', async (when) => {
    await api.database.query(when === 'before' ? 'DELETE FROM pg_statistic' : 'ANALYZE users')
    const plans = await watched.plansOf(async () => {
      await findUsersByKeys(watched.db, names, addresses)
      await inTransaction(watched.db, (tx) => lockUsersByKeys(tx, names, addresses))
    })
    const keysAlone = { rowsRead: names.length + addresses.length, isSequential: false }
    expect(plans).toMatchObject([keysAlone, keysAlone])
  })
})
