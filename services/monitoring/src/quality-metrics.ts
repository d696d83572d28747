import { Injectable } from '@nestjs/common';
import { Metrics, UnitOfWork } from '@millrace/runtime';
import type { MeasuredWindow } from './store/performance.row.js';

const newest = (condition: string): string => `select distinct on (pipeline, model_version) pipeline, model_version, measured from performance_windows ${condition} order by pipeline, model_version, from_at desc`;
const LATEST = newest('');
const LATEST_MEASURED = newest(`where measured->>'quality' = 'measured'`);
const FACTS = `select pipeline, fact->>'fact' as fact, count(*) as count from loop_facts group by 1, 2`;

interface Newest {
  pipeline: string;
  model_version: number;
  measured: MeasuredWindow;
}

interface Value {
  labels: Record<string, string>;
  value: number;
}

/** Quality of the newest windows, and the loop's events, for Prometheus; read when it scrapes. */
@Injectable()
export class QualityMetrics {
  constructor(
    private readonly work: UnitOfWork,
    private readonly metrics: Metrics,
  ) {
    this.addOfWindows('quality', 'Metrics of the newest window whose outcomes are all known', LATEST_MEASURED, ['metric'], ({ metrics: known }) => known.flatMap(({ metric, value }) => (value === null ? [] : [{ labels: { metric }, value }])));
    this.addOfWindows('labels_waiting_ratio', "Share of the newest window's predictions whose outcome is not due yet", LATEST, [], ({ labels }) => [{ labels: {}, value: labels.waitingShare }]);
    this.addOfWindows('measure', 'What is watched besides losses, in the newest window', LATEST, ['measure'], ({ measures }) => measures.flatMap(({ name, value }) => (value === null ? [] : [{ labels: { measure: name }, value }])));
    this.addOfWindows('measures_out_of_bounds', 'Measures of the newest window that are out of bounds', LATEST, [], ({ measures }) => [{ labels: {}, value: measures.filter(({ verdict }) => verdict === 'out-of-bounds').length }]);
    metrics.gaugeByLabels('loop_events', 'Events of the loop by what they tell', ['pipeline', 'fact'], async () => {
      const rows = await work.read((tx) => tx.query<{ pipeline: string; fact: string; count: number }>(FACTS));
      return rows.map(({ pipeline, fact, count }) => ({ labels: { pipeline, fact }, value: count }));
    });
  }

  private addOfWindows(name: string, help: string, sql: string, labelNames: readonly string[], valuesOf: (measured: MeasuredWindow) => Value[]): void {
    this.metrics.gaugeByLabels(name, help, ['pipeline', 'version', ...labelNames], async () => {
      const rows = await this.work.read((tx) => tx.query<Newest>(sql));
      return rows.flatMap(({ pipeline, model_version: version, measured }) => valuesOf(measured).map(({ labels, value }) => ({ labels: { pipeline, version: String(version), ...labels }, value })));
    });
  }
}
