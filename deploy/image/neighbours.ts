import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from '../../src/db/embeddedBinaries.ts'
import type { Service } from './compose.ts'

const nobody = 65_534
const asNobody = { uid: nobody, gid: nobody, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }

/** A PostgreSQL as the image of the compose file makes it: the user, its password and its database, over TCP. */
export async function startPostgres(folder: string, { environment = {} }: Service): Promise<ChildProcess> {
  const { initdb, postgres } = await findBinaries()
  const { POSTGRES_USER: user = '', POSTGRES_DB: name = '' } = environment
  const data = join(folder, 'postgres')
  mkdirSync(data)
  chownSync(data, nobody, nobody)
  chmodSync(data, 0o700)
  const password = join(folder, 'secrets/database/postgres_password')
  execFileSync(
    initdb,
    ['-D', data, `--username=${user}`, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
    asNobody,
  )
  const single = ['--single', '-D', data, '-c', 'log_min_messages=fatal', 'postgres']
  execFileSync(postgres, single, {
    ...asNobody,
    stdio: ['pipe', 'ignore', 'inherit'],
    input: `CREATE DATABASE ${name}\n`,
  })
  const options = ['-D', data, '-h', '127.0.0.1', '-p', '5432', '-k', '', '-c', 'log_min_messages=fatal']
  return spawn(postgres, options, { ...asNobody, stdio: 'ignore' })
}

/** A Redis with the words of the compose file, its list of users in the folder of secrets made here. */
export function startRedis(folder: string, { command = [] }: Service): ChildProcess {
  const [program = '', ...words] = command
  const acl = join(folder, 'secrets/redis')
  const data = join(folder, 'redis')
  mkdirSync(data)
  return spawn(program, [...words.map((word) => word.replace('/run/secrets', acl)), '--dir', data], { stdio: 'ignore' })
}

/** Asks again and again, for a minute. */
export async function until(what: string, happened: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 600; round += 1) {
    if (await happened()) return
    await sleep(100)
  }
  throw new Error(`${what} did not happen in a minute`)
}
