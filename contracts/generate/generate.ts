import { join } from 'node:path';
import { breakingChanges } from './compatibility/breaking-changes.ts';
import { readRelease, releaseOf } from './compatibility/release.ts';
import { staleFiles, writeOutput } from './output.ts';
import type { Output } from './output.ts';
import { readSources } from './read-sources.ts';
import type { Sources } from './sources.ts';
import { writeAccess } from './write-access.ts';
import { writeAsyncApi } from './write-asyncapi.ts';
import { writeReport } from './write-report.ts';
import { writeErrors, writeEvents, writeOperations, writeSettings, writeValidatorTables } from './write-tables.ts';
import { writeTypes } from './write-types.ts';
import { checkAgainst, writeValidators } from './write-validators.ts';

const rootOption = process.argv.indexOf('--root');
const root = rootOption > 0 ? (process.argv[rootOption + 1] ?? '.') : join(import.meta.dirname, '..');

/**
 * Writes everything that is generated from contracts/ (or the folder after --root). With --check it says what is not current; with
 * --release it also keeps the present contracts as the promise that later changes are held to. What breaks the last promise is refused; only
 * `--release --breaking` lets it through: a new major version.
 */
async function generate(mode: 'write' | 'check' | 'release'): Promise<number> {
  const sources = readSources(root);
  const complaints = sources.complaints.length > 0 ? sources.complaints : [...wrongExamples(sources), ...brokenPromises(sources)];
  if (complaints.length > 0) return fail(complaints);
  const output = await outputOf(sources);
  if (mode === 'check') {
    const stale = staleFiles(root, output);
    return stale.length === 0 ? 0 : fail(stale.map((path) => `contracts/${path} is not current: run npm run contracts`));
  }
  const release: Output = mode === 'release' ? { 'released.json': `${JSON.stringify(releaseOf(sources), null, 1)}\n` } : {};
  const written = writeOutput(root, { ...output, ...release });
  console.log(`contracts: ${sources.events.length} events, ${sources.operations.length} operations, ${written.length} files changed`);
  return 0;
}

async function outputOf(sources: Sources): Promise<Output> {
  const eventTitles = sources.events.map(({ dataTitle }) => dataTitle);
  const inputTitles = [...sources.operations.map(({ inputTitle }) => inputTitle), ...sources.settings.map(({ title }) => title)];
  return {
    'src/generated/types.ts': await writeTypes(sources),
    'src/generated/events.ts': writeEvents(sources),
    'src/generated/operations.ts': writeOperations(sources),
    'src/generated/settings.ts': writeSettings(sources),
    'src/generated/errors.ts': writeErrors(sources),
    'src/generated/validators.ts': writeValidatorTables(sources),
    'src/generated/read-validators.ts': writeValidators(sources, eventTitles, { closed: false, fillsDefaults: false, namesAll: false }),
    'src/generated/write-validators.ts': writeValidators(sources, [...eventTitles, ...sources.validated], { closed: true, fillsDefaults: false, namesAll: true }),
    'src/generated/input-validators.ts': writeValidators(sources, inputTitles, { closed: true, fillsDefaults: true, namesAll: true }),
    ...writeAccess(sources, { forHelm: rootOption < 0 }),
    'asyncapi.yaml': writeAsyncApi(sources),
    'REPORT.md': writeReport(sources),
  };
}

/** An example that its own schema refuses teaches the reader something false. */
function wrongExamples(sources: Sources): string[] {
  const check = checkAgainst(sources);
  return sources.events.flatMap(({ file, schema, dataTitle }) =>
    (schema.examples ?? []).flatMap((example, index) =>
      (check(dataTitle, example) ?? []).map((error) => `${file} example ${index + 1}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`),
    ),
  );
}

/** Changes since the last release that would break older programs; none before the first release. */
function brokenPromises(sources: Sources): string[] {
  const released = readRelease(join(root, 'released.json'));
  return released && !process.argv.includes('--breaking') ? breakingChanges(released, releaseOf(sources)) : [];
}

function fail(complaints: string[]): number {
  for (const complaint of complaints) console.error(complaint);
  return 1;
}

if (process.argv.includes('--breaking') && !process.argv.includes('--release')) process.exitCode = fail(['--breaking goes with --release: only a new major version may break what was promised']);
else process.exitCode = await generate(process.argv.includes('--check') ? 'check' : process.argv.includes('--release') ? 'release' : 'write');
