import { execFile } from 'node:child_process'
import { getPriority } from 'node:os'
import { promisify } from 'node:util'

const module = new URL('../../src/platform/poolPriority.ts', import.meta.url).href

/** In a process of its own, since threads do not get their priority back. */
const program = `
  import { readdir, readFile } from 'node:fs/promises'
  import { getPriority } from 'node:os'
  import { lowerPoolPriority } from '${module}'
  await lowerPoolPriority()
  const threads = []
  for (const id of await readdir('/proc/self/task').catch(() => [])) {
    const name = await readFile('/proc/self/task/' + id + '/comm', 'utf8')
    threads.push({ isPool: name.trim() === 'libuv-worker', isMain: Number(id) === process.pid, priority: getPriority(Number(id)) })
  }
  console.log(JSON.stringify(threads))
`

test('PWD-21! the threads that hash passwords give way to the one that answers requests', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program])
  const threads = JSON.parse(stdout) as { isPool: boolean; isMain: boolean; priority: number }[]
  const ours = getPriority()
  const expected = process.platform === 'linux' ? Array<number>(4).fill(Math.min(19, ours + 5)) : []
  expect(threads.filter(({ isPool }) => isPool).map(({ priority }) => priority)).toEqual(expected)
  expect(threads.filter(({ isMain }) => isMain).every(({ priority }) => priority === ours)).toBe(true)
})
