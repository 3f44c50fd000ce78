import { execFileSync } from 'node:child_process'
import { copyFileSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const run = (program: string, ...words: string[]) =>
  execFileSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] })

const systemFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']

/**
 * Gives a folder what the base image would: this machine's programs and libraries, to be read alone, with this project's
 * Node and the machine's npm as the image's own. Needs root in a mount namespace; the mounts are gone with it.
 */
export function mountBase(root: string): void {
  const at = (...path: string[]) => join(root, ...path)
  for (const folder of ['usr', 'etc', 'proc', 'dev', 'tmp', 'root', 'run']) mkdirSync(at(folder), { recursive: true })
  bind('/usr', at('usr'))
  for (const folder of systemFolders) mirror(folder, at(folder))
  bind('/etc/ssl', at('etc/ssl'))
  // Numbers without names, as in the image: nobody there is called 10001.
  writeFileSync(at('etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  writeFileSync(at('etc/group'), 'root:x:0:\n')
  // The names that compose gives to the services beside it.
  writeFileSync(at('etc/hosts'), '127.0.0.1 localhost database redis\n')
  copyFileSync('/etc/resolv.conf', at('etc/resolv.conf'))
  for (const device of ['null', 'urandom', 'random', 'zero']) {
    writeFileSync(at('dev', device), '')
    run('mount', '--bind', `/dev/${device}`, at('dev', device))
  }
  mountNode(at('usr/local'))
}

function mountNode(local: string): void {
  const npm = dirname(
    dirname(
      execFileSync('readlink', ['-f', execFileSync('which', ['npm']).toString().trim()])
        .toString()
        .trim(),
    ),
  )
  run('mount', '-t', 'tmpfs', 'tmpfs', local)
  for (const folder of ['bin', 'lib/npm']) mkdirSync(join(local, folder), { recursive: true })
  run('mount', '--bind', npm, join(local, 'lib/npm'))
  writeFileSync(join(local, 'bin/node'), '')
  run('mount', '--bind', process.execPath, join(local, 'bin/node'))
  symlinkSync('../lib/npm/bin/npm-cli.js', join(local, 'bin/npm'))
}

function bind(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  run('mount', '--bind', from, to)
  run('mount', '-o', 'remount,bind,ro', to)
}

/** On a merged /usr these are links into it. */
function mirror(folder: string, to: string): void {
  const from = `/${folder}`
  const stat = lstatSync(from, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else if (stat) bind(from, to)
}
