import { startApi } from '../../support/api.ts'
import { createTestDatabase } from '../../support/database.ts'
import { expectRefused, logIn, sameAddress, statusesOf, times } from '../../support/logins.ts'
import { addPerson, password, signIn } from '../../support/people.ts'
import { describeWithOwnRedis, startRedis, until } from '../../support/redis.ts'

describeWithOwnRedis('RL-06 a Redis that fails', () => {
  test.each(['frozen', 'killed', 'missing from the start'])('%s', async (how) => {
    const database = await createTestDatabase()
    const server = await startRedis()
    if (how === 'missing from the start') await server.kill()
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' }
    const api = await startApi({ database, env })
    const { username } = await addPerson(api)
    if (how === 'frozen') server.freeze()
    if (how === 'killed') await server.kill()
    // FLT-20 FLT-21: nothing else notices; the limits still hold, the one by address and the one by account.
    const { token } = await signIn(api, username)
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(200)
    const attack = await times(20, () => logIn(api, 'nobody', { from: sameAddress }))
    expect(statusesOf(attack).filter((status) => status === 401)).toHaveLength(5)
    for (let round = 0; round < 5; round += 1) expect((await logIn(api, 'nobody', {})).status).toBe(401)
    expectRefused(await logIn(api, 'nobody', {}))

    if (how === 'frozen') server.thaw()
    else await server.restart()
    await until(() => api.context.redis?.state().isUp === true)
    // FLT-22: an instance remembers what it let through.
    expectRefused(await logIn(api, 'another', { from: sameAddress }))
    expect((await logIn(api, username, { secret: password })).status).toBe(200)
    const told = api.log.map(({ msg }) => String(msg)).filter((line) => line.startsWith('Redis'))
    const back = 'Redis answers: cache and limits are shared'
    const gone = 'Redis does not answer: this instance limits by itself and reads from the database'
    expect(told).toEqual(how === 'missing from the start' ? [gone, back] : [back, gone, back])
    await api.close()
    await server.stop()
    await database.drop()
  })
})
