// A process of its own with the embedded server, which sees a disk that nobody else does: `node smallDiskHolder.ts
// DATA_DIR DISK`, where DISK is mounted in this process's mount namespace. Ends when its standard input does.
import { chown, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'

const [dataDir = '', disk = ''] = process.argv.slice(2)
const server = await startEmbeddedPostgres(dataDir)
const tablespace = join(disk, 'tablespace')
await mkdir(tablespace, { mode: 0o700 })
// Started by root, the server is somebody else.
const { uid, gid } = await stat(join(dataDir, 'postgres', 'data'))
await chown(tablespace, uid, gid)
console.log(JSON.stringify({ url: server.url, tablespace }))
process.stdin.on('end', () => void server.stop()).resume()
