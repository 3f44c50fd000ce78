import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { composeText, readCompose, type Service } from '../../deploy/image/compose.ts'
import { describeConfig } from '../../src/config/document.ts'
import { read } from '../architecture/sources.ts'

const { services, networks, volumes } = readCompose()
const instances = ['api', 'api-1', 'api-2']
const mounts = (service: Service) => (service.volumes ?? []) as string[]

describe('docker-compose.yml', () => {
  test('sets variables that the service knows, and the secrets by files', () => {
    const known = describeConfig().flatMap(({ name }) => [name, `${name}_FILE`])
    for (const name of instances) {
      const environment = services[name]!.environment!
      expect(Object.keys(environment).filter((each) => !known.includes(each))).toEqual([])
      for (const each of ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'ADMIN_PASSWORD'])
        expect([environment[each], environment[`${each}_FILE`]]).toEqual([
          undefined,
          `/run/secrets/${each.toLowerCase()}`,
        ])
    }
  })

  test('CFG-02 makes every secret that a service reads from a file, and has none in it', () => {
    const made = read('deploy/compose/makeSecrets.sh')
    const files = [...composeText().matchAll(/: \/run\/secrets\/(\w+)/g)].map(([, file = '']) => file)
    expect(files.length).toBeGreaterThan(4)
    for (const file of files)
      expect(made).toMatch(new RegExp(`\\| write \\w+/${file}$|\\| write \\w+/${file}; fi$`, 'm'))
    expect(composeText()).not.toMatch(/(PASSWORD|SECRET|_URL)\w*: *(?!\/run\/secrets)['"]?[A-Za-z0-9+/]{8}/)
  })

  test('SUP-04 takes every right from what it can', () => {
    const hardened = Object.entries(services).filter(
      ([, { read_only, cap_drop, security_opt }]) =>
        read_only === true && String(cap_drop) === 'ALL' && String(security_opt) === 'no-new-privileges:true',
    )
    // PostgreSQL's image begins as root and then becomes another.
    expect(hardened.map(([name]) => name).sort()).toEqual(
      Object.keys(services)
        .filter((name) => name !== 'database')
        .sort(),
    )
  })

  test('lets each secret be seen by one service, besides the one that makes them', () => {
    for (const volume of Object.keys(volumes).filter((name) => name.endsWith('-secrets'))) {
      const readers = Object.keys(services).filter((name) =>
        mounts(services[name]!).some((each) => each.startsWith(volume)),
      )
      const expected = volume === 'api-secrets' ? instances : [volume.replace('-secrets', '')]
      expect(readers.sort()).toEqual([...expected, 'secrets'].sort())
    }
  })

  test('OBS-01 publishes neither database, nor Redis, nor metrics', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports as string[])
    expect(published.map((port) => port.split(':').at(-1)).sort()).toEqual(['3000', '8000', '8080', '9090'])
    expect(networks.inside).toEqual({ internal: true })
    for (const name of ['database', 'redis']) expect(services[name]!.networks).toEqual(['inside'])
  })

  test('believes the proxy where there is one, and publishes no port beside it', () => {
    for (const name of ['api-1', 'api-2']) {
      expect(services[name]!.environment!.TRUST_PROXY).toBe('1')
      expect(services[name]!.ports).toBeUndefined()
    }
    expect(services.api!.environment!.TRUST_PROXY).toBe('')
    expect(read('deploy/nginx/nginx.conf')).toContain('proxy_set_header X-Forwarded-For $remote_addr;')
    expect(read('deploy/nginx/servers.conf').match(/^server \S+/gm)).toEqual(['server api-1:8000', 'server api-2:8000'])
  })

  test('waits for those a service needs, in good health', () => {
    for (const name of instances)
      expect(services[name]!.depends_on).toEqual({
        secrets: { condition: 'service_completed_successfully' },
        database: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      })
    for (const name of ['database', 'redis']) expect(services[name]!.healthcheck).toHaveProperty('test')
  })

  test('names its images by version and mounts what is there', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/^[a-z/-]+:v?\d+(\.\d+)*$/)
    const ours = Object.values(services)
      .flatMap(mounts)
      .filter((each) => each.startsWith('./'))
    const elsewhere = /^\.\/deploy\/(prometheus|grafana)/
    for (const mount of ours.filter((each) => !elsewhere.test(each)))
      expect(existsSync(join(import.meta.dirname, '../..', mount.split(':')[0]!))).toBe(true)
  })
})
