import { settings, type Setting } from './settings.ts'

/** A group without a title does not compile. */
const titles: Record<keyof typeof settings, string> = {
  app: 'Application',
  http: 'HTTP',
  log: 'Log',
  metrics: 'Metrics',
  database: 'Database',
  redis: 'Redis',
  tokens: 'Tokens and sessions',
  mail: 'Mail',
  users: 'Users',
  admin: 'First administrator',
  rateLimits: 'Rate limits',
  audit: 'Audit trail',
  passwords: 'Passwords',
}

interface Description {
  group: string
  name: string
  default: string
  meaning: string
}

/** What people are told of each setting, in the order of the table. */
export function describeConfig(): Description[] {
  return Object.entries(settings).flatMap(([group, members]) =>
    Object.values<Setting<unknown>>(members).map((setting) => ({
      group: titles[group as keyof typeof settings],
      name: setting.name,
      default: setting.default,
      meaning: setting.meaning,
    })),
  )
}

/** `.env.example`: every variable with its default, commented out. */
export function exampleFile(): string {
  const groups = Object.values(titles).map((title) => {
    const variables = describeConfig().filter(({ group }) => group === title)
    const lines = variables.map((each) => `# ${each.meaning}\n#${each.name}=${each.default}\n`)
    return `# --- ${title} ---\n\n${lines.join('')}`
  })
  return `# Copy to .env and uncomment what you change. The values are the defaults.\n\n${groups.join('\n')}`
}

/** The README's table, in Markdown. */
export function settingsTable(): string {
  const rows = describeConfig().map((each) => {
    const fallback = each.default === '' ? '–' : `\`${each.default}\``
    return `| \`${each.name}\` | ${fallback} | ${each.meaning} |\n`
  })
  return `| Variable | Default | Meaning |\n| --- | --- | --- |\n${rows.join('')}`
}
