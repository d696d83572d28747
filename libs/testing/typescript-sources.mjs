// Lets Node run this repository's TypeScript sources as they are, decorators included, and resolves @millrace/* to them: for child
// processes of tests and for Jest's global set-up, so that no build is needed first. Use: node --import <this file> <file>.ts
// MILLRACE_TEST_CONTRACTS names a folder that takes the place of contracts/: another release of them.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const options = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

registerHooks({
  resolve(specifier, context, next) {
    const source = sourceOf(specifier, context.parentURL);
    return source ? { url: pathToFileURL(source).href, format: 'module', shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    return { format: 'module', shortCircuit: true, source: transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code };
  },
});

function sourceOf(specifier, parentURL) {
  if (specifier.startsWith('@millrace/')) {
    const name = specifier.slice('@millrace/'.length);
    if (name === 'contracts' && process.env.MILLRACE_TEST_CONTRACTS) return join(process.env.MILLRACE_TEST_CONTRACTS, 'src/index.ts');
    return ['', 'libs', 'services'].map((folder) => join(root, folder, name, 'src/index.ts')).find((file) => existsSync(file));
  }
  if (!parentURL?.startsWith('file:') || !/^\.{1,2}\/.*\.js$/.test(specifier)) return undefined;
  const source = fileURLToPath(new URL(specifier.replace(/\.js$/, '.ts'), parentURL));
  return !source.includes('node_modules') && existsSync(source) ? source : undefined;
}
