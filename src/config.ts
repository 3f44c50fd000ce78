import { Refused } from './config/readers.ts'
import { cautions, refusals, type Text } from './config/rules.ts'
import { secretText } from './config/secretFiles.ts'
import { settings, type Setting, type Values } from './config/settings.ts'

/** What the service was told, read once. The variables, their defaults and meanings: `config/settings.ts`. */
export interface Config extends Values {
  /** Sentences for the log. Like the faults, they name variables and never contain a value. */
  readonly warnings: readonly string[]
  /** Whoever names the port wants it; the one of the default may be another instance's. */
  readonly metrics: Values['metrics'] & { readonly isPortChosen: boolean }
}

interface ConfigFault {
  /** The variable. */
  name: string
  /** What is wrong with it: a phrase that follows the name. */
  message: string
}

export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(`The configuration is refused:\n${faults.map(({ name, message }) => `  ${name} ${message}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Reads the whole configuration, the files of its secrets included; an empty variable counts as unset, a variable without
 * setting is left alone.
 * @throws ConfigError with every fault at once.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const text: Text = (name) => env[name] || undefined
  const faults: ConfigFault[] = []
  const isFaulty = (name: string) => faults.some((fault) => fault.name === name)

  const values = readSettings((setting) => {
    try {
      const given = setting.isSecret ? secretText(setting.name, env) : text(setting.name)
      return setting.read(given ?? setting.default)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      faults.push({ name: setting.name, message: error.message })
      return setting.read(setting.default)
    }
  })

  const broken = refusals.filter(({ names, broken }) => !names.some(isFaulty) && broken(values, text))
  faults.push(...broken.map(({ names, message }) => ({ name: names[0], message })))
  if (faults.length > 0) throw new ConfigError(faults)

  const warnings = cautions
    .filter(({ broken }) => broken(values, text))
    .map(({ names, message }) => `${names[0]} ${message}`)
  return {
    ...values,
    http: fillInHttp(values, text),
    log: fillInLog(values),
    metrics: fillInMetrics(values, text),
    warnings,
  }
}

function readSettings(read: (setting: Setting<unknown>) => unknown): Values {
  const readGroup = (group: Record<string, Setting<unknown>>) =>
    Object.fromEntries(Object.entries(group).map(([key, setting]) => [key, read(setting)]))
  // The compiler loses the keys in `entries`; they are those of the table, from which `Values` is made.
  return Object.fromEntries(Object.entries(settings).map(([key, group]) => [key, readGroup(group)])) as Values
}

/** The defaults that depend on other settings. */
function fillInHttp({ app, http }: Values, text: Text): Values['http'] {
  return {
    ...http,
    host: app.environment === 'production' ? (text('HOST') ?? '0.0.0.0') : http.host,
    publicUrl: text('PUBLIC_URL') ?? `http://localhost:${http.port}`,
  }
}

/** Tests run many services side by side; what they want to know of one they ask for. */
function fillInMetrics({ app, metrics }: Values, text: Text): Config['metrics'] {
  return {
    isPortChosen: text('METRICS_PORT') !== undefined,
    host: app.environment === 'production' ? (text('METRICS_HOST') ?? '0.0.0.0') : metrics.host,
    port: app.environment === 'test' && text('METRICS_PORT') === undefined ? undefined : metrics.port,
  }
}

function fillInLog({ log }: Values): Values['log'] {
  return { ...log, level: log.debug && log.level !== 'trace' ? 'debug' : log.level }
}
