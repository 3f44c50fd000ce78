import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['node_modules', 'generated', 'coverage', '.data'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes from node:crypto.' },
        {
          object: 'sql',
          property: 'raw',
          message: 'SQL is bound parameters and names written in the code, nothing else.',
        },
      ],
      'max-lines': ['error', { max: 200, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: [
      'test/**/*.ts',
      'src/commands/**/*.ts',
      'openapi/**/*.ts',
      'bench/**/*.ts',
      'docs/**/*.ts',
      'deploy/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
)
