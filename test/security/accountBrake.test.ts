import { createFailureCounter } from '../../src/platform/failureCounter.ts'
import { connectRedis } from '../../src/platform/redis.ts'
import { Problem } from '../../src/problem.ts'
import { accountBackoff, createAccountBrake, type AccountBrake, type Attempt } from '../../src/security/accountBrake.ts'
import { deriveKey } from '../../src/security/deriveKey.ts'
import { describeWithOwnRedis, describeWithRedis, startRedis, until } from '../support/redis.ts'

const second = 1000
const nameKey = () => deriveKey('a secret that all instances have', 'failed sign-ins')
const wrong = () => Promise.resolve(false)
const right = () => Promise.resolve(true)
const account = { id: '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55', password_hash: 'of the first password' }
const stranger: Attempt = { identifier: 'john_doe', known: undefined }
const known = { identifier: 'john_doe', known: { account, device: '192.0.2.7' } }

/** What became of an attempt: its result, or the seconds to wait. */
async function outcome(attempt: Promise<boolean>): Promise<boolean | number> {
  return attempt.catch((error: unknown) => {
    if (error instanceof Problem && error.type === 'rate-limited') return Number(error.headers['Retry-After'])
    throw error
  })
}

describe('one instance', () => {
  let time: number
  let brake: AccountBrake
  beforeEach(() => {
    time = 0
    brake = createAccountBrake(
      createFailureCounter(accountBackoff, undefined, () => time),
      nameKey,
    )
  })
  const failTenTimes = async (attempt = stranger) => {
    for (let round = 0; round < 10; round += 1) expect(await brake.guard(attempt, wrong)).toBe(false)
  }

  test('BRU-02 ten failures are free; then the delays grow from 30 seconds to an hour', async () => {
    await failTenTimes()
    const waits: (number | boolean)[] = []
    for (let round = 0; round < 10; round += 1) {
      const wait = await outcome(brake.guard(stranger, right))
      waits.push(wait)
      time += Number(wait) * second - 1
      expect(await outcome(brake.guard(stranger, right))).toBe(1)
      time += 1
      expect(await brake.guard(stranger, wrong)).toBe(false)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  test('BRU-02 fewer than 100 failures in a row are ever evaluated, by both names of an account together', async () => {
    let evaluated = 0
    const check = () => {
      evaluated += 1
      return wrong()
    }
    for (let round = 0; round < 300; round += 1) {
      for (const identifier of ['john_doe', 'john@example.com']) {
        await outcome(brake.guard({ identifier, known: undefined }, check))
      }
      time += 3600 * second
    }
    expect(evaluated).toBe(100)
    expect(await outcome(brake.guard(stranger, check))).toBeGreaterThan(3600)
  })

  test('BRU-03 a known device is not kept out by strangers, nor strangers or other devices by it', async () => {
    await failTenTimes()
    expect(await brake.guard(known, right)).toBe(true)
    expect(await outcome(brake.guard(stranger, right))).toBe(30)
    await failTenTimes(known)
    expect(await outcome(brake.guard(known, right))).toBe(30)
    expect(await brake.guard({ ...known, known: { account, device: '192.0.2.8' } }, right)).toBe(true)
  })

  test('a success ends the row of failures, of strangers or of the device', async () => {
    for (const attempt of [stranger, known]) {
      for (let round = 0; round < 9; round += 1) await brake.guard(attempt, wrong)
      expect(await brake.guard(attempt, right)).toBe(true)
      await failTenTimes(attempt)
      expect(await outcome(brake.guard(attempt, right))).toBe(30)
    }
  })

  test('a proof of another kind ends it, too', async () => {
    await failTenTimes()
    await brake.forgive(['john@example.com', 'JOHN_DOE'])
    expect(await brake.guard(stranger, right)).toBe(true)
  })

  test('DEL-02 BRU-03 a device begins anew with a new password, or a new account of the same name', async () => {
    await failTenTimes(known)
    for (const changed of [{ password_hash: 'of the second' }, { id: '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e56' }]) {
      const attempt = { ...known, known: { ...known.known, account: { ...account, ...changed } } }
      expect(await brake.guard(attempt, right)).toBe(true)
    }
    expect(await outcome(brake.guard(known, right))).toBe(30)
  })

  test('BRU-09 all spellings of a name are counted as one', async () => {
    const spellings = [
      'Bob@X.io',
      'bob@x.io',
      ' bob@x.io',
      'BOB@X.IO\t',
      'ｂｏｂ＠ｘ．ｉｏ',
      'ＢＯＢ@x.io',
      'bob@x．io',
    ]
    for (let round = 0; round < 10; round += 1) {
      await brake.guard({ identifier: spellings[round % spellings.length]!, known: undefined }, wrong)
    }
    for (const identifier of spellings) {
      expect(await outcome(brake.guard({ identifier, known: undefined }, right))).toBe(30)
    }
    expect(await brake.guard({ identifier: 'bob@x.de', known: undefined }, right)).toBe(true)
  })

  test('of 300 strangers at once only a few more than ten are heard, and right ones at once are all heard', async () => {
    let evaluated = 0
    const check = async () => {
      evaluated += 1
      await new Promise((resolve) => setImmediate(resolve))
      return false
    }
    await Promise.all(Array.from({ length: 300 }, () => outcome(brake.guard(stranger, check))))
    expect(evaluated).toBeGreaterThanOrEqual(10)
    expect(evaluated).toBeLessThanOrEqual(13)
    const owner = { identifier: 'owner', known: undefined }
    const answers = await Promise.all(Array.from({ length: 300 }, () => brake.guard(owner, right)))
    expect(answers).toEqual(Array<boolean>(300).fill(true))
  })

  test('an attempt that could not be evaluated is none', async () => {
    for (let round = 0; round < 20; round += 1) {
      const broken = brake.guard(stranger, () => Promise.reject(new Problem('unavailable')))
      await expect(broken).rejects.toMatchObject({ type: 'unavailable' })
    }
    expect(await brake.guard(stranger, right)).toBe(true)
  })

  test('one or two failures are forgotten after a day, more of them after thirty', async () => {
    for (let round = 0; round < 20; round += 1) {
      expect(await brake.guard(stranger, wrong)).toBe(false)
      expect(await brake.guard(stranger, wrong)).toBe(false)
      time += accountBackoff.shortMemory
    }
    await failTenTimes()
    time += accountBackoff.longMemory
    await failTenTimes()
  })
})

describeWithRedis('instances with Redis', () => {
  test('BRU-02 PRV-02 count together; the keys go away by themselves and tell no names to anybody without the secret', async () => {
    const server = await startRedis()
    const connect = () => connectRedis(server.url, { onStateChange: () => undefined })
    const connections = [await connect(), await connect()]
    const brakes = connections.map((redis) => createAccountBrake(createFailureCounter(accountBackoff, redis), nameKey))
    for (let round = 0; round < 10; round += 1) await brakes[round % 2]!.guard(stranger, wrong)
    for (const brake of brakes) {
      const wait = await outcome(brake.guard(stranger, right))
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(30)
      expect(await brake.guard(known, right)).toBe(true)
    }
    const keys = await server.client.keys('*failures:*')
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toContain('john')
    expect(await server.client.pttl(keys[0]!)).toBeGreaterThan(accountBackoff.shortMemory)
    const otherKey = () => deriveKey('a secret of somebody who guesses', 'failed sign-ins')
    await createAccountBrake(createFailureCounter(accountBackoff, connections[0]), otherKey).guard(stranger, wrong)
    expect(await server.client.keys('*failures:*')).toHaveLength(2)
    await brakes[0]!.forgive(['john_doe'])
    expect(await brakes[1]!.guard(stranger, right)).toBe(true)
    for (const redis of connections) redis.close()
    await server.stop()
  })
})

describeWithOwnRedis('when Redis fails', () => {
  test.each(['frozen', 'killed'])('%s: each instance brakes by itself', async (how) => {
    const server = await startRedis()
    const redis = await connectRedis(server.url, { onStateChange: () => undefined })
    const brake = createAccountBrake(createFailureCounter(accountBackoff, redis), nameKey)
    if (how === 'frozen') server.freeze()
    else await server.kill()
    await until(() => !redis.state().isUp)
    for (let round = 0; round < 10; round += 1) expect(await brake.guard(stranger, wrong)).toBe(false)
    expect(await outcome(brake.guard(stranger, right))).toBeGreaterThan(0)
    redis.close()
    server.thaw()
    await server.stop()
  })
})
