import { randomInt } from 'node:crypto'
import http from 'node:http'
import { peopleCount, personId } from './people.ts'

/** What `getUser.lua` does, for machines without wrk: slower, so on a single core it may be what is measured. */
const { BASE = '', TOKEN = '', SECONDS = '5', CONNECTIONS = '32' } = process.env
const agent = new http.Agent({ keepAlive: true })
const headers = { authorization: `Bearer ${TOKEN}` }
const latencies: number[] = []
let failures = 0

function getOne(): Promise<number> {
  const url = `${BASE}/v1/users/${personId(randomInt(1, peopleCount + 1))}`
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    request.on('error', reject)
  })
}

async function keepAsking(deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const before = performance.now()
    const status = await getOne().catch(() => 0)
    latencies.push(performance.now() - before)
    if (status !== 200) failures += 1
  }
}

const start = performance.now()
const deadline = start + Number(SECONDS) * 1000
await Promise.all(Array.from({ length: Number(CONNECTIONS) }, () => keepAsking(deadline)))
const seconds = (performance.now() - start) / 1000
agent.destroy()
latencies.sort((a, b) => a - b)
const percentile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)]
console.log(
  JSON.stringify({ requests: latencies.length, seconds, p50: percentile(0.5), p99: percentile(0.99), failures }),
)
