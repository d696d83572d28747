import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Wrong on purpose; linted only by the test that proves that the rules bite. */
const fixtures = process.env.MILLRACE_LINT_FIXTURES === '1' ? [] : ['**/lint-fixture/**'];
const specs = ['**/*.spec.ts', '**/testing/**/*.ts', 'libs/testing/src/**/*.ts', 'test/**/*.ts'];

/** Who may import whom, by the tags in each package.json (`nx.tags`). */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:decision', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:runtime', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:storage', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:contracts', 'type:decision', 'type:runtime', 'type:storage'] },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:cli', onlyDependOnLibsWithTags: ['type:contracts', 'type:decision', 'type:storage', 'type:infra'] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['*'] },
];

/** A spec may use what it likes, the test fixtures above all, which lean on the runtime that they test. */
const specBoundaries = boundaries.map(({ sourceTag }) => ({ sourceTag, onlyDependOnLibsWithTags: ['*'] }));
const fixtureCircles = ['runtime', 'infra', 'storage', 'registry', 'governance', 'ingestion'].map((name) => [`@millrace/${name}`, '@millrace/testing']);

function moduleBoundaries(depConstraints, ignoredCircularDependencies = []) {
  return ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints, ignoredCircularDependencies }];
}

/** A decision is a function of its arguments: no clock, no randomness, no environment. */
const impureGlobals = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'console', 'Buffer', 'crypto'];
const impureSyntax = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time is an argument of a decision.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument of a decision.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Time is an argument of a decision.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Randomness is an argument of a decision.' },
];
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Exports have names, so that one word finds every use.' };

/** What pure packages may import besides themselves. */
function onlyImports(allowed) {
  return ['error', { patterns: [{ regex: `^(?!\\.|${allowed.join('$|')}$)`, message: 'A decision does no input or output: it imports contracts and pure code only.' }] }];
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', '.millrace/**', '.toolchain/**', '.nx/**', 'coverage/**', '**/python/**', '**/web/**', ...fixtures] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(boundaries),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 50 }],
    },
  },
  {
    files: ['libs/decisions/{src,lint-fixture}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': onlyImports(['@millrace/contracts', 'yaml']),
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-syntax': ['error', noDefaultExport, ...impureSyntax],
    },
  },
  {
    files: ['libs/merkle/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': onlyImports(['@millrace/contracts', 'node:crypto', 'canonicalize']),
      'no-restricted-globals': ['error', ...impureGlobals.filter((name) => name !== 'Buffer')],
      'no-restricted-syntax': ['error', noDefaultExport, ...impureSyntax],
    },
  },
  {
    files: ['services/*/{src,lint-fixture}/**/*.ts', 'libs/cli/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ['kafkajs', 'pg', 'minio'].map((name) => ({ name, message: 'Only libs/runtime and libs/storage know this client.' })) }] },
  },
  {
    files: ['services/*/src/use-cases/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ['kafkajs', 'pg', 'minio'], patterns: [{ regex: '/(http|[a-z-]+\\.events\\.js)(/|$)', message: 'A use case does not know through which door it was called.' }] }] },
  },
  {
    files: ['libs/runtime/{src,lint-fixture}/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/runtime/src/broker/kafkajs/**', 'libs/runtime/src/broker/platformatic/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^(kafkajs|@platformatic/kafka)(/|$)', message: 'A Kafka client is known to its folder in libs/runtime/src/broker alone; the rest uses the Broker port.' }] }] },
  },
  {
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(specBoundaries, fixtureCircles),
      '@typescript-eslint/no-unused-expressions': 'off',
      'max-lines-per-function': 'off',
    },
  },
  { files: ['**/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['examples/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off', '@typescript-eslint/no-explicit-any': 'off' },
  },
);
