import { join } from 'node:path'
import { read } from '../architecture/sources.ts'
import { describeWithPrometheus, runPromtool } from '../support/prometheus.ts'

const folder = join(import.meta.dirname, '../../deploy/prometheus')
const rules = read('deploy/prometheus/rules.yml')
const tests = read('deploy/prometheus/rules.test.yml')
const found = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, first = '']) => first)
const alerts = found(/- alert: (\w+)/g, rules)

describeWithPrometheus('OBS-02! the rules of Prometheus', () => {
  test.each([
    ['check', 'rules', 'rules.yml'],
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ])('promtool %s %s %s', (...args) => {
    const { code, said } = runPromtool(folder, ...args)
    expect([code, said]).toEqual([0, expect.stringContaining('SUCCESS')])
  })
})

describe('each alert', () => {
  test('is there', () => {
    expect(alerts.length).toBeGreaterThan(12)
    expect(new Set(alerts).size).toBe(alerts.length)
  })

  test.each(alerts)('%s has a test in which it fires, one in which it does not, and a runbook', (alert) => {
    const checks = found(new RegExp(`alertname: ${alert}\\n +eval_time: \\w+\\n +exp_alerts:(.*)`, 'g'), tests)
    expect(checks).toContain('')
    // The one that says that alerts arrive always fires.
    if (alert !== 'Watchdog') expect(checks).toContain(' []')
    expect(rules).toContain(`runbook: docs/operations.md#${alert.toLowerCase()}`)
    expect(read('docs/operations.md')).toMatch(new RegExp(`^### ${alert}$`, 'm'))
  })
})
