import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaAccess } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { databasePasswordName, kafkaClientOf, keepOutsideUser, prepareDatabases, prepareKafka, secretOf, securedSettings, startEmbeddedParts, tlsCertificates } from '@millrace/infra';
import { RegistryModule } from '@millrace/registry';
import { RecordProducer, runService } from '@millrace/runtime';
import type { Service } from '@millrace/runtime';
import { eventually, testEnvironment } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { accessLogOf } from './kafka-access-log.ts';
import { produce, subscribe } from '../examples/strangers/run-stranger.ts';

const clients = ['kafkajs', 'platformatic'];
const owners: ServiceName[] = ['registry', 'ingestion'];

/** A broker and a database with access switched on: what is refused, and in which words. That nothing is refused that is needed, the cascade shows. */
describe('with access switched on', () => {
  const home = mkdtempSync(join(tmpdir(), 'millrace-access-'));
  let parts: Awaited<ReturnType<typeof startEmbeddedParts>>;
  let environment: TestEnvironment;
  let databases: Record<string, string>;
  let caFile: string;
  const services: Service[] = [];

  beforeAll(async () => {
    environment = await testEnvironment();
    keepOutsideUser(home, { name: 'plant-7', writes: ['default/wear'], reads: ['millrace.registry.pipeline'] });
    parts = await startEmbeddedParts({ home, freePorts: true, durable: false, secure: true });
    ({ caFile } = await tlsCertificates(home));
    databases = await prepareDatabases(parts.postgres.url, 'millrace', owners, (service) => secretOf(home, databasePasswordName(service)));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await parts?.stop();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  const registry = async (change: Record<string, string> = {}): Promise<Service> => {
    const settings = { ...securedSettings('registry', home, caFile, databases['registry']), KAFKA_BROKERS: parts.kafka.brokers, TOPIC_PREFIX: '', LOG_LEVEL: 'silent', ...change };
    const env = { ...environment.envOf('registry'), ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`MILLRACE_REGISTRY_${name}`, value])) };
    const service = await runService(RegistryModule, { env, handleSignals: false });
    services.push(service);
    return service;
  };
  const clientOf = (user: string): Kafka => new Kafka({ ...kafkaClientOf(home, parts.kafka.brokers, user), logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const withAdmin = async (user: string, work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>): Promise<unknown> => {
    const admin = clientOf(user).admin();
    await admin.connect();
    return work(admin).finally(() => admin.disconnect());
  };
  /** Another home's certificates. */
  const strangeCa = async (): Promise<string> => (await tlsCertificates(mkdtempSync(join(home, 'other-')))).caFile;

  describe('on Kafka', () => {
    it.each(clients)('a service reads and writes what is its own, and one sentence says what it may not write (%s)', async (kafkaClient) => {
      const service = await registry({ KAFKA_CLIENT: kafkaClient });
      await eventually(async () => expect((await fetch(`${service.url}/health/ready`)).status).toBe(200), 30_000);
      await withAdmin('millrace-registry', (admin) => admin.createTopics({ topics: [{ topic: 'millrace.registry.pipeline' }] }));
      const producer = service.app.get(RecordProducer);
      await producer.send('millrace.registry.pipeline', [{ key: 'k', value: '{}' }]);
      await withAdmin('millrace-training', (admin) => admin.createTopics({ topics: [{ topic: 'millrace.training.run' }] }));
      await expect(producer.send('millrace.training.run', [{ key: 'k', value: '{}' }])).rejects.toMatchObject({
        code: 'kafka-access-refused', message: expect.stringMatching(/does not let millrace-registry do this; contracts\/access\.json says what each service needs/),
      });
      await service.stop(); // two clients do not share a group
    }, 60_000);

    it('nobody joins the group of another service, makes a topic of others, or changes what may be done', async () => {
      const consumer = clientOf('millrace-registry').consumer({ groupId: 'millrace.training' });
      await consumer.connect();
      await consumer.subscribe({ topics: ['millrace.registry.pipeline'] });
      const crashed = new Promise<string>((resolve) => void consumer.on('consumer.crash', ({ payload }) => resolve(payload.error.name)));
      await consumer.run({ eachMessage: () => Promise.resolve() }).catch(() => undefined);
      expect(await crashed).toBe('KafkaJSGroupCoordinatorNotFound'); // so says kafkajs; the broker knows why
      expect(accessLogOf(home).refused).toContainEqual(expect.objectContaining({ user: 'millrace-registry', resource: 'group', name: 'millrace.training' }));
      await consumer.disconnect();
      await expect(withAdmin('millrace-registry', (admin) => admin.createTopics({ topics: [{ topic: 'millrace.ingestion.segments' }] }))).rejects.toMatchObject({ errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }] });
      await expect(withAdmin('millrace-registry', (admin) => admin.deleteTopics({ topics: ['millrace.registry.pipeline'] }))).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
      await expect(withAdmin('millrace-registry', (admin) => admin.describeAcls({ resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 } as never))).rejects.toThrow(/authoriz/i);
    }, 60_000);

    it.each(clients)('a wrong password and an unknown authority are one sentence each, without the password (%s)', async (kafkaClient) => {
      const wrong = join(home, 'wrong-password');
      writeFileSync(wrong, 'not-the-password');
      const cases: [Record<string, string>, RegExp][] = [
        [{ KAFKA_PASSWORD_FILE: wrong }, /^Kafka at \S+ refuses the user millrace-registry: there is no such user or the password is another \(MILLRACE_KAFKA_USER, MILLRACE_KAFKA_PASSWORD_FILE\)$/],
        [{ KAFKA_CA_FILE: await strangeCa() }, /^The certificate of Kafka at \S+ is signed by no authority that is known here \(MILLRACE_KAFKA_CA_FILE\)$/],
      ];
      for (const [change, sentence] of cases) {
        const service = await registry({ ...change, KAFKA_CLIENT: kafkaClient });
        const refused = await service.app.get(RecordProducer).send('millrace.registry.pipeline', [{ key: 'k', value: '{}' }]).catch((error: Error) => error);
        expect((refused as Error).message).toMatch(sentence);
        expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain('not-the-password');
        await service.stop();
      }
    }, 90_000);

    it('a broker without TLS is named where TLS is asked for', async () => {
      const service = await registry({ KAFKA_BROKERS: environment.brokers });
      await expect(service.app.get(RecordProducer).send('millrace.registry.pipeline', [{ key: 'k', value: '{}' }])).rejects.toThrow(/^Kafka at \S+ ends connections before TLS is agreed on: it speaks none there, or is just starting \(MILLRACE_KAFKA_TLS/);
      await service.stop();
    }, 60_000);

    it('settings that do not fit together are refused before anything starts', async () => {
      await expect(registry({ KAFKA_TLS: 'false' })).rejects.toThrow('MILLRACE_KAFKA_CA_FILE is set, so MILLRACE_KAFKA_TLS must be true');
      await expect(registry({ KAFKA_PASSWORD_FILE: '/nowhere' })).rejects.toThrow(/MILLRACE_KAFKA_PASSWORD_FILE \/nowhere cannot be read/);
      await expect(registry({ DATABASE_CA_FILE: caFile.replace('ca.pem', 'server.key.pem') })).rejects.toThrow(/holds no certificate in PEM/);
    });

    it('a stranger signs in with the settings that were written for its client, and may do what it was given', async () => {
      const properties = (client: string): string => join(home, `secrets/plant-7.${client}.properties`);
      await withAdmin('millrace-ingestion', (admin) => admin.createTopics({ topics: [{ topic: 'millrace.data.default.wear' }, { topic: 'millrace.data.default.other' }] }));
      const record = { machine: 'm1' };
      expect(await produce('java', properties('java'), { topic: 'millrace.data.default.wear', keyColumn: 'machine', mode: 'structured', records: [record] })).toMatch(/1 records are on/);
      expect(await produce('python', properties('librdkafka'), { topic: 'millrace.data.default.wear', keyColumn: 'machine', mode: 'binary', records: [record] })).toMatch(/1 records are on/);
      await expect(produce('python', properties('librdkafka'), { topic: 'millrace.data.default.other', keyColumn: 'machine', mode: 'plain', records: [record] })).rejects.toThrow(/TOPIC_AUTHORIZATION_FAILED|authorization failed/i);
      expect(await subscribe('python', properties('librdkafka'), { group: 'plant-7.reader', count: 1, prefix: '', topics: ['millrace.registry.pipeline'] })).toHaveLength(1);
      await expect(subscribe('python', properties('librdkafka'), { group: 'millrace.registry', count: 1, prefix: '', topics: ['millrace.registry.pipeline'] })).rejects.toThrow(/GROUP_AUTHORIZATION_FAILED|Group authorization failed/i);
    }, 90_000);

    it('an operator names who administers Kafka, and prepare makes the users, the grants and the settings by which the services sign in', async () => {
      const administeredBy = (user: string) => ({ MILLRACE_KAFKA_ADMIN_USER: user, MILLRACE_KAFKA_ADMIN_PASSWORD_FILE: join(home, `secrets/kafka-${user}-password`), MILLRACE_KAFKA_BROKERS: parts.kafka.brokers, MILLRACE_KAFKA_CA_FILE: caFile });
      const elsewhere = join(home, 'elsewhere');
      await expect(prepareKafka(elsewhere, administeredBy('millrace-registry'))).rejects.toThrow('Kafka lets only its administrators make users');
      const settings = (await prepareKafka(elsewhere, administeredBy('millrace-admin')))('registry');
      expect(settings).toEqual({ KAFKA_TLS: 'true', KAFKA_CA_FILE: caFile, KAFKA_USER: 'millrace-registry', KAFKA_PASSWORD_FILE: join(elsewhere, 'secrets/kafka-millrace-registry-password') });
      const service = await registry({ ...settings });
      await service.app.get(RecordProducer).send('millrace.registry.pipeline', [{ key: 'k', value: '{}' }]);
      await service.stop();
      await prepareKafka(home, administeredBy('millrace-admin')); // the passwords of before
      expect(await prepareKafka(home, {}).then((settingsOf) => settingsOf('registry'))).toEqual({});
      await expect(prepareKafka(home, { MILLRACE_KAFKA_ADMIN_USER: 'operator' })).rejects.toThrow('MILLRACE_KAFKA_BROKERS must be set where MILLRACE_KAFKA_ADMIN_USER is.');
    }, 30_000);

    it('no user outside takes the name of a service, or reads what is internal', () => {
      expect(() => keepOutsideUser(home, { name: 'millrace-registry', writes: [], reads: [] })).toThrow(/not millrace/);
      expect(() => keepOutsideUser(home, { name: 'plant-8', writes: [], reads: ['millrace.feature-store.feature-value'] })).toThrow(/no topic that programs outside may read/);
      expect(() => keepOutsideUser(home, { name: 'plant-8', writes: ['wear'], reads: [] })).toThrow(/<project>\/<name>/);
    });
  });

  describe('on Postgres', () => {
    const asService = async (service: string, change: (url: URL) => void = () => undefined): Promise<pg.Client> => {
      const url = new URL(databases[service] ?? '');
      url.search = `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
      change(url);
      const client = new pg.Client({ connectionString: url.href });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    const refusalOf = async (service: string, sql: string): Promise<string> => {
      const client = await asService(service);
      return client.query(sql).then(() => 'allowed', (error: Error) => error.message).finally(() => client.end());
    };

    it('each role has its schema and nothing of another, makes nothing that is not its own, and holds a limited number of connections', async () => {
      expect(await refusalOf('ingestion', 'create table mine (id int); drop table mine')).toBe('allowed');
      expect(await refusalOf('ingestion', 'select * from registry.outbox')).toMatch(/permission denied for schema registry/);
      expect(await refusalOf('ingestion', 'create table registry.mine (id int)')).toMatch(/permission denied for schema registry/);
      for (const sql of ['create schema more', 'create role more', 'create database more', 'create table public.more (id int)', 'select pg_read_file(\'postgresql.conf\')', 'set role postgres']) expect(await refusalOf('ingestion', sql)).toMatch(/permission denied/);
      const admin = new pg.Client({ connectionString: parts.postgres.url });
      await admin.connect();
      const { rows } = await admin.query('select rolname, rolconnlimit, rolsuper from pg_roles where rolname like $1 order by 1', ['millrace%']);
      await admin.end();
      expect(rows).toEqual(['millrace_ingestion', 'millrace_registry'].map((rolname) => ({ rolname, rolconnlimit: 30, rolsuper: false })));
    }, 30_000);

    it('who comes without TLS is refused, and a role that may more than a service needs is not taken over', async () => {
      await expect(asService('registry', (url) => (url.search = ''))).rejects.toThrow(/pg_hba.conf rejects|no encryption/);
      const admin = new pg.Client({ connectionString: parts.postgres.url });
      await admin.connect();
      await admin.query('create role millrace_training superuser');
      await expect(prepareDatabases(parts.postgres.url, 'millrace', ['training'], () => 'x')).rejects.toThrow(/millrace_training: a service's role must be no superuser's/);
      await admin.end();
    }, 30_000);

    it('a wrong password and an unknown authority end the start with one sentence', async () => {
      const wrong = join(home, 'wrong-password');
      writeFileSync(wrong, 'not-the-password');
      await expect(registry({ DATABASE_PASSWORD_FILE: wrong })).rejects.toThrow(/^Postgres refuses the role: there is none of this name, or the password is another/);
      await expect(registry({ DATABASE_CA_FILE: await strangeCa() })).rejects.toThrow(/^The certificate of Postgres is signed by no authority that is known here/);
    }, 30_000);
  });

  it('has a user and a password file of mode 0600 for each service', () => {
    for (const { user } of Object.values(kafkaAccess.services)) expect(statSync(join(home, `secrets/kafka-${user}-password`)).mode & 0o777).toBe(0o600);
  });
});
