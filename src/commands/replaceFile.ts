import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { CommandError } from './runCommand.ts'

/** As a whole, or as it is read. */
type Content = string | AsyncIterable<string>

/**
 * Replaces a file's content as a whole, or makes the file (mode 0600): who reads it sees the old or the new content, also
 * after a crash. `change` gets to run only while nobody else does: the new file's temporary name is the lock. Mode and
 * owner stay as they were. Throws a `CommandError`.
 */
export async function replaceFile(path: string, change: () => Promise<Content>): Promise<void> {
  const temporary = `${path}.lock`
  const handle = await open(temporary, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const isLocked = error.code === 'EEXIST'
    throw new CommandError(
      isLocked
        ? `${temporary} is there: another command is at work, or one crashed; then remove it`
        : `${temporary} cannot be written (${error.code})`,
    )
  })
  try {
    await write(handle, await change(), path)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function write(handle: FileHandle, content: Content, path: string): Promise<void> {
  try {
    await handle.writeFile(content)
    const present = await stat(path).catch(() => undefined)
    if (present) {
      await handle.chmod(present.mode & 0o777)
      await handle.chown(present.uid, present.gid)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}
