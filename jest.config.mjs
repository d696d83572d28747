const swc = { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, keepClassNames: true }, module: { type: 'es6' }, sourceMaps: 'inline' };
export default {
  // Tests on real parts wait for conditions, which have limits of their own; jest's 5 s would judge the machine.
  testTimeout: 60_000,
  // After everything is stopped (no handle, no socket, no timer in any list) Node's own count of timers stays above zero in a whole run, and the process would wait for ever.
  forceExit: true,
  testEnvironment: '<rootDir>/infra/jest/environment.mjs',
  globalSetup: '<rootDir>/libs/testing/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/global-teardown.mjs',
  testMatch: ['<rootDir>/{contracts,libs,services,infra,examples,bench,test}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.millrace/', '<rootDir>/.toolchain/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^@millrace/contracts$': '<rootDir>/contracts/src/index.ts',
    '^@millrace/testing/references$': '<rootDir>/libs/testing/src/ask-references.ts',
    '^@millrace/infra$': '<rootDir>/infra/src/index.ts',
    '^@millrace/(decisions|merkle|runtime|storage|scoring|cli|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^@millrace/(ingestion|validation|feature-store|training|registry|deployment|inference|monitoring|governance|gateway)$': '<rootDir>/services/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
