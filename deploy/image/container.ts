import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Image } from './build.ts'

export interface Container {
  /** Of its first process, seen from here. */
  pid: number
  output: () => string
  exited: Promise<number | null>
}

/** The words that run a command in the image as compose does: another user, no capability, nothing of our environment. */
function words({ root, env, workdir, user }: Image, command: string[], given: Record<string, string>): string[] {
  const [uid = '', gid = ''] = user.split(':')
  const become = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ]
  const all = { PATH: '/usr/local/bin:/usr/bin:/bin', ...env, ...given }
  const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  return ['chroot', root, ...become, 'env', '-i', '-C', workdir, ...variables, ...command]
}

/** Runs the image's command as the first process of a process namespace. */
export async function startContainer(image: Image, given: Record<string, string>): Promise<Container> {
  const inside = words(image, image.command, given)
  const child = spawn('unshare', ['--pid', '--fork', `--mount-proc=${image.root}/proc`, '--kill-child', ...inside])
  // A trial that fails leaves nothing running: with this one its first process ends, and with that the whole namespace.
  process.once('exit', () => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  for (let round = 0; round < 100; round += 1) {
    const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim())
    if (pid > 0) return { pid, output: () => output, exited }
    if (child.exitCode !== null) break
    await sleep(20)
  }
  throw new Error(`the container has no process: ${output}`)
}

/** Runs another command in the image, to its end. */
export function runInside(image: Image, command: string[], given: Record<string, string> = {}) {
  const [program = '', ...rest] = words(image, command, given)
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}
