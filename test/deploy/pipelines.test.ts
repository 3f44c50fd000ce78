import { parse } from 'yaml'
import { read } from '../architecture/sources.ts'

interface Workflow {
  permissions: object
  jobs: Record<string, { permissions?: object; steps: { uses?: string; run?: string; with?: object }[] }>
}

const workflow = parse(read('.github/workflows/ci.yml')) as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
const gitLab = parse(read('.gitlab-ci.yml')) as { checks: { script: string[] } }

describe('SUP-06 the pipelines', () => {
  test('run what everybody runs', () => {
    expect(steps.some(({ run }) => run?.endsWith(' .ci/run'))).toBe(true)
    expect(gitLab.checks.script).toEqual(['.ci/run'])
  })

  test('may read the repository and nothing else', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(Object.values(workflow.jobs).filter(({ permissions }) => permissions)).toEqual([])
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false })
  })

  test('use actions by their commit', () => {
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used).not.toEqual([])
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/)
  })

  test('hold image, manifests, restarts and dependencies to what is said of them', () => {
    const all = read('.ci/run')
    for (const step of [
      'deploy/verify-image.sh',
      'deploy/k8s/verify.sh',
      'npm run rolling-restart',
      'npm run rehearse-restore',
      'npm run audit',
    ])
      expect(all).toContain(`step '${step}'\n`)
  })
})
