import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A migration as its file has it: what is done on the way up, and the words before the class. */
interface Migration {
  file: string;
  up: string;
  doc: string;
}

/** What a process of the release before would stumble over while it still runs; each with the reason. */
const narrowing: readonly [RegExp, string][] = [
  [/\bdrop\s+(table|column|view|default)\b/i, 'takes away what the release before reads or writes'],
  [/\brename\b/i, 'renames what the release before reads or writes'],
  [/\balter\s+column\s+\S+\s+(set\s+not\s+null|(set\s+data\s+)?type)\b/i, 'refuses rows that the release before writes'],
  [/\badd\s+constraint\b/i, 'refuses rows that the release before writes'],
  [/\badd\s+column\s+(if\s+not\s+exists\s+)?\S+\s+(?:(?!\bdefault\b)[^,;`])*\bnot\s+null\b(?!(?:(?![,;`]).)*\bdefault\b)/i, 'asks for a column that the release before does not write'],
];

/** Sentences about what a migration narrows. One that says in its comment `Contract:` and why no process needs the old form any more may. */
function flawsOf({ file, up, doc }: Migration): string[] {
  if (/\bContract: \S+/.test(doc)) return [];
  const created = [...up.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi)].map((match) => match[1]);
  const statements = up.split(/;|`,|'\);|`\);/);
  const unique = statements.flatMap((statement) => /create\s+unique\s+index\s+\S+\s+on\s+"?(\w+)"?/i.exec(statement)?.[1] ?? []).filter((table) => !created.includes(table)).map((table) => `${file} refuses rows that the release before writes into ${table}`);
  return [...statements.flatMap((statement) => narrowing.filter(([pattern]) => pattern.test(statement)).map(([, why]) => `${file} ${why}: ${statement.trim().slice(0, 120)}`)), ...unique];
}

function migrationIn(file: string): Migration {
  const text = readFileSync(join(root, file), 'utf8');
  const down = /async down\([^]*?\n {2}\}/;
  const start = text.indexOf('export class');
  return { file, up: text.slice(start).replace(down, ''), doc: text.slice(0, start) };
}

function filesOf(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder)).filter((name) => pattern.test(name)).sort().map((name) => `${folder}/${name}`);
}

const services = readdirSync(join(root, 'services')).filter((name) => readdirSync(join(root, 'services', name, 'src')).includes('store') && readdirSync(join(root, 'services', name, 'src/store')).includes('migrations'));

describe('the migrations', () => {
  it('let processes of the release before go on while they run: they add, and take away only what a comment says nobody needs any more', () => {
    const files = [...services.flatMap((name) => filesOf(`services/${name}/src/store/migrations`, /^\d{4}-.*\.ts$/)), ...filesOf('libs/runtime/src/work', /-\d{4}\.ts$/)];
    expect(files.length).toBeGreaterThan(10);
    expect(files.map(migrationIn).flatMap(flawsOf)).toEqual([]);
  });

  it('are numbered without a gap and listed in that order, so that no database runs one twice or leaves one out', () => {
    for (const name of services) {
      const classes = filesOf(`services/${name}/src/store/migrations`, /^\d{4}-.*\.ts$/).map((file) => /export class (\w+)/.exec(readFileSync(join(root, file), 'utf8'))?.[1]);
      expect(classes.map((one) => Number(/\d{4}$/.exec(one ?? '')?.[0]))).toEqual(classes.map((_, index) => index + 1));
      const module = readFileSync(join(root, `services/${name}/src/${name}.module.ts`), 'utf8');
      expect({ name, listed: /migrations: \[([^\]]*)\]/.exec(module)?.[1]?.split(/,\s*/).filter((one) => one !== '') }).toEqual({ name, listed: classes });
    }
  });
});

describe('the rule for migrations', () => {
  const migration = (up: string, doc = ''): Migration => ({ file: '0002-x.ts', up: `await runner.query(\`${up}\`);`, doc });

  it.each([
    'alter table runs drop column rows', 'drop table runs', 'alter table runs rename column a to b', 'alter table runs rename to trainings', 'alter table runs alter column rows set not null', 'alter table runs alter column rows type bigint',
    'alter table runs add column note text not null', 'alter table runs add constraint positive check (rows > 0)', 'create unique index one on runs (pipeline)', 'alter table runs add column a text, add column b integer not null',
  ])('refuses: %s', (up) => expect(flawsOf(migration(up))).not.toEqual([]));

  it.each([
    'alter table runs add column note text', "alter table runs add column note text not null default ''", "alter table runs add column note text default '' not null", 'create table more (id text primary key not null); create unique index one on more (id)', 'create index some on runs (pipeline)',
    "update runs set note = '' where note is null",
  ])('lets through: %s', (up) => expect(flawsOf(migration(up))).toEqual([]));

  it('lets a migration take away what its comment says nobody needs any more', () => {
    expect(flawsOf(migration('alter table runs drop column rows', '/** Contract: since 0.2.0 nothing reads or writes rows. */'))).toEqual([]);
  });
});
