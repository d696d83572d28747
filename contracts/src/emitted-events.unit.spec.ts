import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventCatalogue } from './generated/events.js';

const root = process.cwd();
const sourceOf = (folder: string): string => globSync(`${folder}/src/**/*.ts`, { cwd: root }).filter((file) => !file.endsWith('.spec.ts')).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');

/** With the consumers' test: no grant on Kafka stands in access.json that nothing uses. */
describe('every event of the contracts', () => {
  it('is emitted by the source of the service that the contracts name, or by the chassis for it', () => {
    const chassis = sourceOf('libs/runtime');
    const sources = new Map([...new Set(Object.values(eventCatalogue).map(({ producer }) => producer))].map((producer) => [producer, sourceOf(`services/${producer}`)]));
    const silent = Object.entries(eventCatalogue).filter(([type, { producer }]) => !emits(sources.get(producer) ?? '', type) && !emits(chassis, type.replace(`millrace.${producer}.`, 'millrace.${')));
    expect(silent.map(([type]) => type)).toEqual([]);
  });
});

/** `emit('type'` or a type that is put together; a handler's `@On('type')` is no emission. */
function emits(source: string, type: string): boolean {
  const text = source.replaceAll(`@On('${type}')`, '');
  if (!type.includes('${')) return text.includes(`'${type}'`);
  const rest = type.slice('millrace.${'.length).replace(/^dead-letter\..*$/, 'dead-letter.');
  return new RegExp(`millrace\\.\\$\\{[^}]+\\}\\.${rest.replaceAll('.', '\\.')}`).test(text);
}
