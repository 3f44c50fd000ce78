import { dockerfileText, parseDockerfile } from '../../deploy/image/dockerfile.ts'
import { faultsOf } from '../../deploy/image/rules.ts'

const text = dockerfileText()

describe('the Dockerfile', () => {
  test('SUP-04 has no fault', () => {
    expect(faultsOf(text)).toEqual([])
  })

  test('is read as it is written', () => {
    const [dependencies, final] = parseDockerfile(text)
    expect(dependencies!.name).toBe('dependencies')
    expect(final!.steps.find(({ keyword }) => keyword === 'COPY')).toMatchObject({
      flags: new Map([['from', 'dependencies']]),
      words: ['/app/node_modules', 'node_modules'],
    })
    expect(final!.steps.at(-1)).toMatchObject({
      keyword: 'CMD',
      isJson: true,
      words: expect.arrayContaining(['src/main.ts']) as string[],
    })
    expect(final!.steps.find(({ keyword }) => keyword === 'HEALTHCHECK')!.words.slice(0, 2)).toEqual(['node', '-e'])
  })

  test.each([
    ['a misspelt instruction', /^WORKDIR/m, 'WORKDIRR', /Unknown instruction/],
    ['another Node', /node:24\.\d+\.\d+-slim/, 'node:24-slim', /is made from Node/],
    ['no digest', /@sha256:[0-9a-f]{64}/, '', /named by its digest/],
    ['packages of development', ' --omit=dev', '', /for production/],
    ['scripts of packages', ' --ignore-scripts', '', /scripts of packages/],
    ['a package manager', 'RUN npm', 'RUN apt-get install -y curl && npm', /scripts of packages/],
    ['a shell in the last stage', /^USER/m, 'RUN true\nUSER', /runs nothing in the last stage/],
    ['ADD', 'COPY src src', 'ADD src src', /copies with COPY/],
    ['everything', 'COPY src src', 'COPY . .', /copies named files/],
    ['a name for its user', /^USER.*$/m, 'USER node', /user with a number/],
    ['root', /^USER.*$/m, 'USER 0:0', /not root/],
    ['no user', /^USER.*$/m, '', /user with a number/],
    ['development', 'NODE_ENV=production', 'NODE_ENV=development', /runs in production/],
    ['a secret', /^USER/m, 'ENV JWT_SECRET=abc\nUSER', /no secret/],
    ['npm in front', /^CMD.*$/m, 'CMD ["npm", "start"]', /starts node itself/],
    ['a shell in front', /^CMD.*$/m, 'CMD node src/main.ts', /starts node itself/],
    ['no health check', /^HEALTHCHECK[^]*?\n(?=#)/m, '', /health/],
  ])('with %s is refused', (_what, pattern, replacement, fault) => {
    const changed = text.replace(pattern, replacement)
    expect(changed).not.toBe(text)
    expect(faultsOf(changed).join('\n')).toMatch(fault)
  })
})
