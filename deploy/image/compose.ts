import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Service {
  environment?: Record<string, string>
  command?: string[]
  [property: string]: unknown
}

export interface Compose {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  volumes: Record<string, unknown>
}

export const composeText = (): string => readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8')

/** The compose file with its anchors resolved, and each `${NAME:-default}` as where nothing is set. */
export function readCompose(text = composeText()): Compose {
  const plain = text.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, (_match, fallback: string) => fallback || "''")
  return parse(plain, { merge: true }) as Compose
}
