import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const configuration = readFileSync(new URL('../nginx/nginx.conf', import.meta.url), 'utf8')

/** The nginx of this machine with the configuration of the compose file, in front of other servers. */
export async function startProxy(folder: string, port: number, servers: number[]): Promise<ChildProcess> {
  // As in servers.conf, less the names that only compose's own resolver knows.
  const lines = servers.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=2s;\n`)
  writeFileSync(join(folder, 'servers.conf'), lines.join(''))
  writeFileSync(join(folder, 'nginx.conf'), configuration.replace('listen 8080;', `listen 127.0.0.1:${port};`))
  const log = openSync(join(folder, 'nginx.log'), 'a')
  const words = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']
  const child = spawn('nginx', words, { stdio: ['ignore', log, log] })
  closeSync(log)
  await once(child, 'spawn')
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(folder, 'nginx.log'), 'utf8'))
    await sleep(20)
  }
  return child
}

const isListening = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    () => true,
    () => false,
  )
