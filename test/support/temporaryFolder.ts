import { access, constants, lstat, readFile, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const runPrefix = 'user-management-run-'
/** No run takes so many milliseconds. */
const longestRun = 6 * 3_600_000
const memory = '/dev/shm'
/** Some six times what the files of a run come to at the most. */
const enough = 4 * 2 ** 30

/**
 * Where the files of a run are kept, which nobody wants afterwards: in memory, where there is enough of it and programs
 * may be run, unless TMPDIR says otherwise. On a disk each database of hundreds of files that is made and dropped makes
 * the next one dearer, up to ten times, where ext4 has no journal: it looks for an inode that was not freed within the
 * last minutes (`recently_deleted` in its `ialloc.c`).
 */
export async function temporaryFolder(): Promise<string> {
  if (process.env.TMPDIR !== undefined) return tmpdir()
  return (await isRoomy(memory).catch(() => false)) ? memory : tmpdir()
}

async function isRoomy(folder: string): Promise<boolean> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '))
  const options = mounts.findLast(([, mountedOn]) => mountedOn === folder)?.[3]
  if (options === undefined || options.split(',').includes('noexec')) return false
  await access(folder, constants.W_OK)
  const { bavail, bsize } = await statfs(folder)
  return Math.min(bavail * bsize, process.availableMemory()) >= enough
}

/** What runs that were killed have left: in memory it would stay until the machine is started anew. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(runPrefix)) continue
    const folder = join(parent, name)
    const found = await lstat(folder).catch(() => undefined)
    // Somebody else's folder is theirs to remove.
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue
    if (found.mtimeMs < Date.now() - longestRun) await rm(folder, { recursive: true }).catch(() => undefined)
  }
}
