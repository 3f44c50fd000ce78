import { billOfMaterials, lockedForProduction } from '../../deploy/supply-chain/bill.ts'
import { judge, type Finding, type Report, type Waiver } from '../../deploy/supply-chain/judge.ts'
import manifest from '../../package.json' with { type: 'json' }

const today = new Date('2026-11-27T12:00:00Z')
const finding: Finding = {
  name: 'express',
  severity: 'high',
  title: 'Too express',
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
}
const report = (...findings: Finding[]): Report => ({
  vulnerabilities: Object.fromEntries(findings.map((each) => [each.name, { via: [each, 'qs'] }])),
})
const waiver: Waiver = {
  advisory: 'GHSA-aaaa-bbbb-cccc',
  package: 'express',
  reason: 'not reachable',
  until: '2026-11-27',
}

describe('SUP-03 the bill of materials', () => {
  const bill = billOfMaterials()

  test('names what the lock file has for production, no more and no less', () => {
    const named = bill.components.map((component) => component['bom-ref'])
    expect(named.length).toBeGreaterThan(100)
    expect(named.sort()).toEqual([...lockedForProduction()].sort())
    expect(named).toContain(`nodemailer@${manifest.dependencies.nodemailer}`)
    expect(named).not.toContain(`jest@${manifest.devDependencies.jest}`)
  })

  test('is CycloneDX, about this project, and complete in its edges', () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: manifest.name } } })
    const known = new Set([...bill.components.map((component) => component['bom-ref']), bill.dependencies[0]!.ref])
    expect(
      bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
    ).toEqual([])
  })
})

describe('SUP-02! the audit', () => {
  test('passes what has no advisory, and tells of a moderate one', () => {
    expect(judge(report(), [], today)).toEqual({ faults: [], notes: [] })
    const moderate = judge(report({ ...finding, severity: 'moderate' }), [], today)
    expect([moderate.faults.length, moderate.notes.length]).toEqual([0, 1])
  })

  test.each(['high', 'critical'])('fails for a %s one', (severity) => {
    expect(judge(report({ ...finding, severity }), [], today).faults).toHaveLength(1)
  })

  test('bears it to the last day of its waiver, and not after', () => {
    expect(judge(report(finding), [waiver], today).faults).toEqual([])
    expect(judge(report(finding), [{ ...waiver, until: '2026-11-26' }], today).faults).toHaveLength(1)
  })

  test('does not take a waiver for another package or advisory', () => {
    expect(judge(report(finding), [{ ...waiver, package: 'qs' }], today).faults).toHaveLength(1)
    expect(judge(report(finding), [{ ...waiver, advisory: 'GHSA-cccc' }], today).faults).toHaveLength(1)
  })

  test('refuses a waiver without reason, without day, or for long, and tells of one no longer needed', () => {
    for (const bad of [{ reason: '' }, { until: 'soon' }, { until: '2027-11-27' }])
      expect(judge(report(finding), [{ ...waiver, ...bad }], today).faults).not.toEqual([])
    expect(judge(report(), [waiver], today).notes).toEqual([
      'GHSA-aaaa-bbbb-cccc in express: is no longer found, remove its waiver',
    ])
  })
})
