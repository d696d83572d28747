import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';

describe('telemetry', () => {
  let collector: Server;
  let service: FixtureProcess | undefined;
  const received: Buffer[] = [];

  beforeAll(async () => {
    collector = createServer((request, response) => {
      request.on('data', (part: Buffer) => received.push(part));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await service?.kill();
    collector.close();
  });

  it("carries a cascade's trace from the producer of one event to the producer of the next", async () => {
    const environment = await testEnvironment();
    const kafka = new TestKafka(environment);
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    service = await FixtureProcess.start({
      ...environment.envOf('deployment'),
      MILLRACE_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_SERVICE_NAME: 'fixture',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
    const emitted = await kafka.collectEvents('millrace.deployment.pipeline-part.ready.v1');
    await kafka.sendEvents({ ...hold('default/a', '1'), traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    await eventually(() => expect(emitted()[0]?.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)`)));
    await eventually(() => {
      const spans = Buffer.concat(received);
      for (const part of ['process millrace.training.hold', 'send millrace.deployment.pipeline-part', 'messaging.consumer.group.name', 'fixture']) expect(spans.includes(part)).toBe(true);
      expect(spans.includes(Buffer.from(traceId, 'hex'))).toBe(true);
    });
    await kafka.stop();
  }, 60_000);
});
