import { importsOf, shelfOf, sources } from './sources.ts'

/**
 * Who may import what. `type x` allows its types alone, a file name that one file. The leaves `problem`, `startupError`
 * and the types of `generated` are open to whoever is named here with them.
 */
const arrows: Record<string, string[]> = {
  main: ['config', 'service', 'startup', 'startupError'],
  // The process's own threads are nobody else's business.
  service: [
    ...['startup', 'app', 'context', 'type config', 'db', 'http', 'jobs', 'startupError'],
    'src/platform/poolPriority.ts',
  ],
  // What the configuration names, opened; a file that is of no use is a fault of the configuration.
  startup: ['config', 'security', 'platform', 'startupError', 'type jobs'],
  app: ['type context', 'http', 'problem'],
  context: ['startup', 'type config', 'db', 'jobs', 'platform', 'security', 'type generated'],
  config: [],
  // One function of two values each: secrets, cursors and permissions are named where they are used. A list of one's
  // own needs the path the contract gives it.
  operations: [
    ...['type context', 'type http', 'domain', 'views', 'queries', 'security', 'problem', 'generated/contract.ts'],
    ...['type generated', 'src/db/transaction.ts', 'type db'],
  ],
  // What a failure of the database means to a client is said where errors are rendered.
  http: [
    'security',
    'type context',
    'problem',
    'generated',
    'src/db/errors.ts',
    'type platform',
    'src/domain/client.ts',
  ],
  views: ['type queries', 'type generated'],
  // What a mail says depends on what is found out when it is sent.
  // The rows of a file are read and checked as the body of a request is. What an operation needs is looked at once more in
  // the transaction of its change.
  domain: [
    ...['security', 'queries', 'db', 'problem', 'mails', 'type generated', 'generated/openapi.json'],
    ...['generated/contract.ts', 'src/http/strictJson.ts', 'src/http/servicePatterns.ts'],
  ],
  queries: ['db'],
  // Counting is the platform's; what is allowed is decided here.
  security: [
    ...['queries', 'type db', 'problem', 'startupError', 'type generated', 'type platform'],
    'src/platform/singleFlight.ts',
  ],
  platform: ['type config'],
  db: ['startupError', 'type platform'],
  jobs: [
    ...['domain', 'mails', 'queries', 'platform', 'db', 'security', 'problem', 'startupError'],
    ...['type context', 'type config', 'type generated'],
  ],
  mails: [],
  // Like `main`: each is a program of its own.
  commands: [
    'config',
    'startup',
    'context',
    'db',
    'domain',
    'queries',
    'views',
    'security',
    'jobs',
    'platform',
    'problem',
    'startupError',
    'generated',
  ],
  problem: ['generated'],
  startupError: [],
}

/** What nobody but the HTTP layer and the platform talks to. */
const packages: Record<string, string[]> = {
  express: ['app', 'http'],
  'express-openapi-validator': ['http'],
  compression: ['app'],
  'pino-http': ['http'],
  ioredis: ['platform'],
  kysely: ['db', 'queries', 'jobs'],
  jose: ['security'],
  argon2: ['security'],
  'prom-client': ['platform'],
  'pino-pretty': ['startup'],
  ajv: ['domain'],
}

const ownImports = sources.flatMap((from) =>
  importsOf(from)
    .filter(({ to }) => shelfOf(to) !== undefined)
    .map(({ to, isTypeOnly }) => ({ from, to, isTypeOnly })),
)

describe('arrows', () => {
  test('the imports were found at all', () => {
    expect(ownImports.length).toBeGreaterThan(150)
    expect(ownImports).toContainEqual({ from: 'src/main.ts', to: 'src/service.ts', isTypeOnly: false })
    expect(ownImports).toContainEqual({ from: 'src/http/admit.ts', to: 'src/context.ts', isTypeOnly: true })
  })

  test('every shelf has its place in the table', () => {
    const shelves = new Set(sources.map(shelfOf))
    expect([...shelves].filter((shelf) => shelf !== undefined && !(shelf in arrows))).toEqual([])
  })

  test('imports follow them', () => {
    const stray = ownImports.filter(({ from, to, isTypeOnly }) => {
      const [own, other] = [shelfOf(from)!, shelfOf(to)!]
      const allowed = arrows[own] ?? []
      return (
        own !== other && ![other, to, ...(isTypeOnly ? [`type ${other}`] : [])].some((each) => allowed.includes(each))
      )
    })
    expect(stray.map(({ from, to, isTypeOnly }) => `${from} → ${isTypeOnly ? 'type ' : ''}${to}`)).toEqual([])
  })

  test('packages are used where they belong', () => {
    const stray = sources.flatMap((file) =>
      importsOf(file)
        .filter(({ to }) => packages[to]?.includes(shelfOf(file)!) === false)
        .map(({ to }) => `${file} → ${to}`),
    )
    expect(stray).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    const graph = new Map(sources.map((file) => [file, importsOf(file).map(({ to }) => to)]))
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      if (done.has(file) || path.includes(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of sources) visit(file, [])
    expect(cycles).toEqual([])
  })

  test('operations are imported by the generated list alone', () => {
    expect(ownImports.filter(({ to }) => shelfOf(to) === 'operations')).toEqual([])
    const listed = importsOf('generated/handlers.ts').map(({ to }) => to)
    const operations = sources.filter((file) => shelfOf(file) === 'operations')
    expect(listed.filter((file) => shelfOf(file) === 'operations').sort()).toEqual(operations.sort())
  })
})
