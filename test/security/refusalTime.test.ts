import { createRefusalTime } from '../../src/security/refusalTime.ts'

const bcrypt = (cost: number) => `$2b$${cost}$${'x'.repeat(53)}`
const pbkdf2 = (iterations: number, salt = 'zRq7Lw0aTn') => `pbkdf2_sha256$${iterations}$${salt}$mBc8k0Yq5o9Q=`
const learn = (time: ReturnType<typeof createRefusalTime>, hash: string | undefined, ...costs: number[]) => {
  for (const took of costs) time.learn(hash, { began: 0, took })
}

describe('ENU-03 what a refusal takes', () => {
  test('is a quarter of a second as long as nothing costs more', () => {
    const time = createRefusalTime()
    learn(time, undefined, 20, 25)
    learn(time, bcrypt(12), 230)
    expect(time.milliseconds).toBe(250)
  })

  test('is what the dearest kind of hash costs, once one was verified, however rare it is', () => {
    const time = createRefusalTime()
    learn(time, bcrypt(14), 900)
    learn(time, pbkdf2(1_000_000), 400)
    learn(time, undefined, ...Array<number>(1000).fill(20))
    expect(time.milliseconds).toBe(900)
  })

  test('is not for ever what a busy moment made of it', () => {
    const time = createRefusalTime()
    learn(time, bcrypt(12), 1500)
    expect(time.milliseconds).toBe(1500)
    learn(time, bcrypt(12), ...Array<number>(20).fill(230))
    expect(time.milliseconds).toBe(250)
  })

  test('goes by scheme and costs, whatever the salts are', () => {
    const time = createRefusalTime()
    learn(time, pbkdf2(1_000_000, 'first'), 900)
    for (let salt = 0; salt < 20; salt += 1) learn(time, pbkdf2(1_000_000, `salt${salt}`), 300)
    expect(time.milliseconds).toBe(300)
    learn(time, pbkdf2(2_000_000), 600)
    expect(time.milliseconds).toBe(600)
  })

  test('is two seconds at the most', () => {
    const time = createRefusalTime()
    learn(time, bcrypt(14), 60_000)
    expect(time.milliseconds).toBe(2000)
  })

  test('is over at once where the work took longer', async () => {
    const time = createRefusalTime()
    const began = performance.now() - 10_000
    await expect(time.wait({ began, took: 10_000 })).resolves.toBeUndefined()
  })
})
