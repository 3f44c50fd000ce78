import { parseAllDocuments } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { parseDockerfile, dockerfileText } from '../../deploy/image/dockerfile.ts'
import { describeConfig } from '../../src/config/document.ts'
import { filesIn, read } from '../architecture/sources.ts'

interface Container {
  image: string
  env?: { name: string; value: string }[]
  ports?: { name: string; containerPort: number }[]
  securityContext: object
  resources: { requests: object; limits: object }
  lifecycle: { preStop: { sleep: { seconds: number } } }
  [probe: string]: unknown
}
interface Pod {
  securityContext: Record<string, unknown>
  terminationGracePeriodSeconds: number
  containers: Container[]
  volumes: unknown[]
}
interface Manifest {
  kind: string
  metadata: { name: string }
  spec: {
    template: { metadata: { labels: object }; spec: Pod }
    selector: { matchLabels: object }
    [property: string]: unknown
  }
  stringData: Record<string, string>
  configMapGenerator: { literals: string[] }[]
}

const load = (file: string) => parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest)
const files = filesIn('deploy/k8s').filter((file) => file.endsWith('.yaml'))
const all = files.flatMap(load)
const deployment = all.find(({ kind }) => kind === 'Deployment')!
const job = all.find(({ kind }) => kind === 'Job')!
const server = deployment.spec.template.spec.containers[0]!

test('the manifests were found', () => {
  expect(files.length).toBeGreaterThan(10)
})

test('SUP-04 deployment and migration satisfy the restricted pod security standard, as the user of the image', () => {
  const [uid, gid] = parseDockerfile(dockerfileText())
    .at(-1)!
    .steps.find(({ keyword }) => keyword === 'USER')!
    .text.split(':')
  for (const { spec } of [deployment, job]) {
    const pod = spec.template.spec
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: Number(uid),
      runAsGroup: Number(gid),
      seccompProfile: { type: 'RuntimeDefault' },
    })
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(resources).toMatchObject({
        requests: { memory: expect.anything() as string },
        limits: { memory: expect.anything() as string },
      })
    }
  }
})

test('OPS-04 a pod has the time that the service takes to stop', () => {
  const [, stop = ''] = /stopMilliseconds = (\d+)_000/.exec(read('src/main.ts')) ?? []
  const before = server.lifecycle.preStop.sleep.seconds
  expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(before + Number(stop) + 5)
})

test('OPS-01 alive asks /health, ready asks /ready', () => {
  const path = (probe: string) => (server[probe] as { httpGet: { path: string } }).httpGet.path
  expect(['startupProbe', 'livenessProbe', 'readinessProbe'].map(path)).toEqual(['/health', '/health', '/ready'])
})

test('variables are those of the service, and secrets are files that the template has', () => {
  const known = describeConfig().flatMap(({ name }) => [name, `${name}_FILE`])
  const literals = all.flatMap(({ configMapGenerator = [] }) => configMapGenerator.flatMap((each) => each.literals))
  const variables = [
    ...literals.map((literal) => literal.split('=') as [string, string]),
    ...job.spec.template.spec.containers[0]!.env!.map(({ name, value }): [string, string] => [name, value]),
  ]
  expect(variables.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
  const secrets = all.filter(({ kind }) => kind === 'Secret').flatMap(({ stringData }) => Object.keys(stringData))
  const mounted = variables.filter(([name]) => name.endsWith('_FILE')).map(([, path]) => path.split('/').at(-1))
  expect(mounted.sort()).toEqual(secrets.sort())
})

test('the network policy means the pods by their whole name, and lets them out to what they need', () => {
  const policy = all.find(({ kind }) => kind === 'NetworkPolicy')!
  const egress = policy.spec.egress as { ports: { port: number }[] }[]
  expect(policy.spec.podSelector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'user-management-api' } })
  expect(egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([53, 53, 5432, 6379, 465, 587])
  // Kustomize would add the label to every selector there, those of other people's pods included.
  expect(read('deploy/k8s/base/kustomization.yaml')).not.toContain('includeSelectors')
})

test('release, image and migration have one version', () => {
  expect(read('deploy/k8s/base/kustomization.yaml')).toContain(`newTag: ${manifest.version}\n`)
  expect(job.metadata.name).toBe(`user-management-api-migrate-${manifest.version.replaceAll('.', '-')}`)
  expect(read('docker-compose.yml')).toContain(`image: user-management-api:${manifest.version}\n`)
})
