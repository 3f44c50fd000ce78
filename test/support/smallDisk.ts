import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { changed, query, scratchFolder } from '../db/scratchServer.ts'

/** A PostgreSQL server whose databases lie on a disk of a few megabytes; its write-ahead log has a disk with room. */
export interface SmallDisk {
  folder: string
  /** Of an empty database on that disk. */
  url: string
  /** Leaves `kilobytes` free, in whole pages of 8 KB, or nothing. */
  fill(kilobytes?: number): Promise<void>
  free(): Promise<void>
  stop(): Promise<void>
}

const holder = join(import.meta.dirname, '..', 'db', 'smallDiskHolder.ts')
const mount = 'mount -t tmpfs -o size=64m,mode=711 tmpfs "$1"'
const canMount = spawnSync('unshare', ['--mount', 'sh', '-c', mount, 'sh', '/mnt']).status === 0
if (!canMount)
  process.stderr.write('SKIPPED for want of the right to mount (root has it): the tests that fill a disk.\n')

export const describeWithSmallDisk = canMount ? describe : describe['skip']

export async function startSmallDisk(): Promise<SmallDisk> {
  const folder = await scratchFolder()
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const script = `${mount} && exec "$2" "$3" "$4" "$1"`
  const words = ['--mount', 'sh', '-c', script, 'sh', disk, process.execPath, holder, folder]
  // In a group of its own: Ctrl-C ends this process, and with it the holder's input.
  const child = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const exited = once(child, 'exit')
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error('the server on a small disk did not start'))),
  ])) as [string]
  const { url: server, tablespace } = JSON.parse(line) as { url: string; tablespace: string }
  await query(
    server,
    `CREATE TABLESPACE small LOCATION '${tablespace}'`,
    `CREATE DATABASE limited TABLESPACE small`,
    // One row, one page; what a statement that failed has taken stays taken.
    ...['spare', 'ballast'].map(
      (name) => `CREATE TABLE ${name} (filler text STORAGE PLAIN) WITH (autovacuum_enabled = false) TABLESPACE small`,
    ),
  )
  return {
    folder,
    url: changed(server, 'limited'),
    async fill(kilobytes = 0) {
      const rows = Math.floor(kilobytes / 8)
      await query(server, `INSERT INTO spare SELECT repeat('x', 8000) FROM generate_series(1, ${rows})`)
      const full = await query(
        server,
        `DO $$ BEGIN LOOP INSERT INTO ballast VALUES (repeat('x', 8000)); END LOOP; END $$`,
      )
        .then(() => undefined)
        .catch((error: unknown) => error as { code?: string })
      if (full?.code !== '53100') throw new Error('the disk did not get full', { cause: full })
      await query(server, 'TRUNCATE spare')
    },
    async free() {
      await query(server, 'TRUNCATE ballast')
    },
    async stop() {
      child.stdin.end()
      await exited
      await rm(folder, { recursive: true })
    },
  }
}
