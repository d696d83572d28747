import { dateOf, type Departure, type Flights, type Outcome } from './flights.ts';
import type { PlatformClient } from './platform-client.ts';
import type { PublicEvents } from './public-events.ts';

const pipelinePath = 'default/flight-delays';
const predictionsPerRequest = 250;
const kilometresPerMile = 1.609344;

export interface DayReport { date: string; departures: number; badRecords: number; predictions: number; seconds: number }

/** Replays one day: its records to their topics in order of time, then its predictions, each asked as of its event time. Waits only for what any client can see. */
export class Replay {
  private readonly flights: Flights;
  private readonly client: PlatformClient;
  private readonly events: PublicEvents;

  constructor(flights: Flights, client: PlatformClient, events: PublicEvents) {
    this.flights = flights;
    this.client = client;
    this.events = events;
  }

  async day(day: number, options: { kilometres?: boolean } = {}): Promise<DayReport> {
    const startedMs = Date.now();
    const [sent, outcomes] = await Promise.all([this.flights.departures(day, day + 1), this.flights.outcomes(day, day + 1)]);
    const departures = options.kilometres ? sent.map((flight) => ({ ...flight, distance_miles: flight.distance_miles * kilometresPerMile })) : sent;
    const bad = badRecords(departures[0]!);
    await this.client.publish('flights', [...departures.map(message), ...bad]);
    const outcomesEnd = await this.client.publish('flight-outcomes', outcomes.map(message));
    await this.untilFresh(outcomesEnd);
    await this.predict(departures);
    await this.untilJudged(dateOf(day - 1));
    await this.whileTraining();
    return { date: dateOf(day), departures: departures.length, badRecords: bad.length, predictions: departures.length, seconds: (Date.now() - startedMs) / 1000 };
  }

  /** The replay's clock stands while a run is under way: from run.requested until its model version is approved or rejected, or the run failed. */
  async whileTraining(): Promise<void> {
    for (const requested of this.events.all('millrace.training.run.requested.v1')) {
      await this.events.first(`run ${requested.data.run} to end`, 300_000, (event) => event.data.run === requested.data.run && endsRun.has(event.type));
    }
    const approved = this.events.all('millrace.registry.model-version.approved.v1');
    for (const version of approved) {
      await this.events.first(`model version ${version.data.modelVersion} to be rolled out`, 60_000, (event) => event.type === 'millrace.deployment.rollout.started.v1' && event.data.modelVersion === version.data.modelVersion);
    }
  }

  private async predict(departures: Departure[]): Promise<void> {
    for (let start = 0; start < departures.length; start += predictionsPerRequest) {
      const rows = departures.slice(start, start + predictionsPerRequest);
      const tensor = (name: keyof Departure, datatype: 'BYTES' | 'FP64'): object => ({ name, datatype, shape: [rows.length, 1], data: rows.map((row) => row[name]) });
      await this.client.post('/v2/models/default.flight-delays/infer', {
        inputs: [tensor('flight_id', 'BYTES'), tensor('departed_at', 'BYTES'), tensor('origin', 'BYTES'), tensor('destination', 'BYTES'), tensor('distance_miles', 'FP64')],
      });
    }
  }

  /** Until the serving process has every outcome published so far: the features of this day's predictions are then complete. */
  private async untilFresh(outcomesEnd: Map<number, bigint>): Promise<void> {
    await until('online features to catch up', 60_000, async () => {
      const { views } = await this.client.get<Freshness>('/api/inference/freshness');
      const partitions = views.flatMap((view) => view.dataSets).find((dataSet) => dataSet.dataSet === 'default/flight-outcomes')?.partitions ?? [];
      return [...outcomesEnd].every(([partition, end]) => end === 0n || partitions.some((seen) => seen.partition === partition && BigInt(seen.sourceOffset) >= end - 1n));
    });
  }

  private async untilJudged(date: string): Promise<void> {
    await until(`monitoring to judge ${date}`, 60_000, async () => {
      const { windows } = await this.client.get<{ windows: { window: { from: string }; state: string }[] }>(`/api/monitoring/windows/${pipelinePath}`);
      return windows.length === 0 || windows.some((window) => window.window.from.slice(0, 10) >= date && window.state !== 'open');
    });
  }
}

interface Freshness { views: { dataSets: { dataSet: string; partitions: { partition: number; sourceOffset: number | string }[] }[] }[] }

const endsRun = new Set([
  'millrace.registry.model-version.approved.v1', 'millrace.registry.model-version.rejected.v1',
  'millrace.training.run.failed.v1', 'millrace.feature-store.training-set.refused.v1',
]);

function message(record: Departure | Outcome): { key: string; value: string } {
  return { key: record.flight_id, value: JSON.stringify(record) };
}

/** What real feeds also send: broken JSON, a distance that cannot be, a field nobody declared. */
function badRecords(sample: Departure): { key: string | null; value: string }[] {
  return [
    { key: 'F-broken', value: '{"flight_id": "F-broken", "departed_at": ' },
    { key: 'F-negative', value: JSON.stringify({ ...sample, flight_id: 'F-negative', distance_miles: -4 }) },
    { key: 'F-unknown', value: JSON.stringify({ ...sample, flight_id: 'F-unknown', gate: 'B12' }) },
  ];
}

async function until(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}. See the logs named above.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
