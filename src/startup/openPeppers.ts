import { ConfigError } from '../config.ts'
import { readPepperFile, type Pepper } from '../security/pepperFile.ts'

/** The peppers of the file that the configuration names, if any. A useless file is a `ConfigError`. */
export function openPeppers(file: string | undefined): Pepper[] {
  if (file === undefined) return []
  try {
    return readPepperFile(file)
  } catch (error) {
    throw new ConfigError([{ name: 'PASSWORD_PEPPER_FILE', message: (error as Error).message }])
  }
}
