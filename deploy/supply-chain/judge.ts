/** What `npm audit --json` answers, as far as it is read here. */
export interface Report {
  vulnerabilities?: Record<string, { via: (string | Finding)[] }>
  /** There where the registry gave no answer. */
  message?: string
}

export interface Finding {
  name: string
  severity: string
  title: string
  /** Ends in the advisory's number, `GHSA-…`. */
  url: string
}

/** An advisory that is known and, for a reason and a time, borne. */
export interface Waiver {
  advisory: string
  package: string
  reason: string
  /** The last day, as `2026-12-31`; three months ahead at most. */
  until: string
}

export interface Judgement {
  /** Each of these fails the run. */
  faults: string[]
  /** Each of these is only said. */
  notes: string[]
}

const grave = new Set(['high', 'critical'])
const longest = 92 * 24 * 60 * 60 * 1000

/** Holds what was found against what is borne, on this day. */
export function judge(report: Report, waivers: readonly Waiver[], today: Date): Judgement {
  const found = Object.values(report.vulnerabilities ?? {})
    .flatMap(({ via }) => via)
    .filter((each) => typeof each !== 'string')
  const findings = [...new Map(found.map((each) => [each.url + each.name, each])).values()]
  const faults: string[] = []
  const notes: string[] = []
  const day = today.toISOString().slice(0, 10)

  for (const waiver of waivers) {
    const end = Date.parse(waiver.until)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(waiver.until) || Number.isNaN(end))
      faults.push(`${name(waiver)}: "until" is no day`)
    else if (end - today.getTime() > longest) faults.push(`${name(waiver)}: is borne for more than three months`)
    if (!waiver.reason) faults.push(`${name(waiver)}: has no reason`)
    if (!findings.some((finding) => isMeant(finding, waiver)))
      notes.push(`${name(waiver)}: is no longer found, remove its waiver`)
  }
  for (const finding of findings) {
    const text = `${finding.severity}: ${finding.name}: ${finding.title} (${finding.url})`
    const waiver = waivers.find((each) => isMeant(finding, each))
    if (!grave.has(finding.severity)) notes.push(text)
    else if (!waiver) faults.push(text)
    else if (waiver.until < day) faults.push(`${text}; its waiver ended on ${waiver.until}`)
    else notes.push(`${text}; borne until ${waiver.until}: ${waiver.reason}`)
  }
  return { faults, notes }
}

const name = (waiver: Waiver) => `${waiver.advisory} in ${waiver.package}`

const isMeant = (finding: Finding, waiver: Waiver) =>
  finding.name === waiver.package && finding.url.endsWith(`/${waiver.advisory}`)
