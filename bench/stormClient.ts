import { setTimeout as sleep } from 'node:timers/promises'
import { post, type Answer } from './client.ts'
import { randomUsername } from './people.ts'

/**
 * Sends the logins of a storm, wave after wave, each from an address of its own, and prints what became of them. In a
 * process of its own: whoever sends hundreds of requests at once is late to see that a read was answered.
 */
const { BASE = '', PASSWORD = '', WAVES = '', LOGINS = '', PAUSE = '' } = process.env

async function signIn(address: string): Promise<object> {
  const before = performance.now()
  const credentials = { username: randomUsername(), password: PASSWORD }
  // A broken connection counts as an answer, of no status.
  const broken: Answer = { status: 0, headers: {}, text: '' }
  const { status, headers } = await post(`${BASE}/v1/auth/login`, credentials, { 'X-Forwarded-For': address }).catch(
    () => broken,
  )
  return { status, retryAfter: headers['retry-after'], milliseconds: performance.now() - before }
}

const logins: Promise<object>[] = []
for (let wave = 0; wave < Number(WAVES); wave += 1) {
  for (let login = 0; login < Number(LOGINS); login += 1) {
    logins.push(signIn(`10.${wave}.${Math.floor(login / 250)}.${login % 250}`))
  }
  await sleep(Number(PAUSE))
}
console.log(JSON.stringify(await Promise.all(logins)))
