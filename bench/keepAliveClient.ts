import { get } from './client.ts'
import { keepBusy } from './closedLoop.ts'
import { randomPersonId } from './people.ts'

/** What `getUser.lua` does, for machines without wrk: slower, so on a single core it may be what is measured. */
const { BASE = '', TOKEN = '', SECONDS = '5', CONNECTIONS = '32' } = process.env
const headers = { Authorization: `Bearer ${TOKEN}` }
let failures = 0

const load = await keepBusy(Number(CONNECTIONS), Number(SECONDS), async () => {
  const status = await get(`${BASE}/v1/users/${randomPersonId()}`, headers).then(
    (answer) => answer.status,
    () => 0,
  )
  if (status !== 200) failures += 1
})
console.log(JSON.stringify({ ...load, failures }))
