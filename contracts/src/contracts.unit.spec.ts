import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { jest } from '@jest/globals';
import { eventCatalogue } from './generated/events.js';

// The generator runs as a process of its own, on a machine that may be busy.
jest.setTimeout(60_000);

const contracts = join(process.cwd(), 'contracts');
const generator = join(contracts, 'generate', 'generate.ts');

describe('the contracts', () => {
  it('have types, validators, AsyncAPI document and report that are current', () => {
    expect(() => execFileSync(process.execPath, [generator, '--check'], { encoding: 'utf8' })).not.toThrow();
  });

  it('make a valid AsyncAPI 3 document', async () => {
    const { document, diagnostics } = await new Parser().parse(readFileSync(join(contracts, 'asyncapi.yaml'), 'utf8'));
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
  });

  it('name exactly the consumers that the services have', () => {
    const differences = servicesWithEvents().flatMap((service) => {
      const handled = handledEvents(service);
      const declared = Object.entries(eventCatalogue).filter(([, { consumers }]) => consumers.includes(service)).map(([type]) => type);
      return [
        ...declared.filter((type) => !handled.has(type)).map((type) => `${service} is named as a consumer of ${type} and has no @On for it`),
        ...[...handled].filter((type) => !declared.includes(type)).map((type) => `${service} consumes ${type}, whose x-consumers do not name it`),
      ];
    });
    expect(differences).toEqual([]);
  });
});

describe('the generator', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'contracts-'));
    for (const part of ['events', 'schemas', 'http', 'config', 'errors.yaml', 'topics.yaml']) cpSync(join(contracts, part), join(folder, part), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('refuses an event whose example does not match its schema', () => {
    changeEvent((schema) => ({ ...schema, examples: [{ pipeline: 'default/churn', modelVersion: 'three' }] }));
    expect(complaints()).toMatch(/example 1: \/modelVersion must be integer/);
  });

  it('refuses an event without a key, naming the file', () => {
    changeEvent(({ 'x-key': _, ...schema }) => schema);
    expect(complaints()).toMatch(/model-version\.retired\.v1\.json needs x-key/);
  });

  it('refuses a reference to a schema that does not exist', () => {
    changeEvent((schema) => ({ ...schema, properties: { pipeline: { $ref: '../../schemas/nothing.json' } } }));
    expect(complaints()).toMatch(/refers to \.\.\/\.\.\/schemas\/nothing\.json/);
  });

  it('refuses changes since the last release that older programs would stumble over, and lets harmless ones through', () => {
    expect(run('--release').status).toBe(0);
    changeEvent((schema) => ({ ...schema, properties: { ...(schema['properties'] as object), note: { type: 'string', description: 'New' } } }));
    expect(run().status).toBe(0);
    changeEvent((schema) => ({ ...schema, required: ['pipeline', 'note'], properties: { ...(schema['properties'] as object), modelVersion: { type: 'string', description: 'Name' } }, examples: [{ pipeline: 'default/churn', note: '' }] }));
    const told = complaints('--release');
    expect(told).toMatch(/modelVersion no longer allows the type integer/);
    expect(told).toMatch(/note is newly required/);
    expect(told).toMatch(/because may be absent, which older readers refuse/);
    expect(run('--breaking').stderr).toMatch(/only a new major version/);
    expect(run('--release', '--breaking').status).toBe(0);
  });

  function changeEvent(change: (schema: Record<string, unknown>) => Record<string, unknown>): void {
    const file = join(folder, 'events', 'registry', 'model-version.retired.v1.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)));
  }

  function complaints(...options: string[]): string {
    const { status, stderr } = run(...options);
    expect(status).toBe(1);
    return stderr;
  }

  function run(...options: string[]): { status: number | null; stderr: string } {
    return spawnSync(process.execPath, [generator, '--root', folder, ...options], { encoding: 'utf8' });
  }
});

function servicesWithEvents(): string[] {
  const services = join(contracts, '..', 'services');
  return readdirSync(services).filter((service) => existsSync(join(services, service, 'src', `${service}.events.ts`)));
}

function handledEvents(service: string): Set<string> {
  const text = readFileSync(join(contracts, '..', 'services', service, 'src', `${service}.events.ts`), 'utf8');
  const named = [...text.matchAll(/@On\('([^']+)'\)/g)].map((match) => match[1] ?? '');
  return new Set([...named, ...allButOne(text)]);
}

/** Governance logs every event but the one that its source excepts. */
function allButOne(text: string): string[] {
  const excepted = /Object\.keys\(eventCatalogue\)/.test(text) ? /type !== '(millrace\.[^']+)'/.exec(text)?.[1] : undefined;
  return excepted === undefined ? [] : Object.keys(eventCatalogue).filter((type) => type !== excepted);
}
