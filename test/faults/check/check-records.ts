import type { Facts, Finding } from './facts.ts';
import { grouped } from './grouped.ts';

/** Every record of a data set stands once in the published table or once in quarantine, and what was acknowledged is on the topic. */
export function checkRecords({ records, dataSets, promises }: Pick<Facts, 'records' | 'dataSets' | 'promises'>): Finding[] {
  const byTopic = grouped(records, ({ topic }) => topic);
  return dataSets.flatMap((facts) => {
    const own = byTopic.get(facts.topic) ?? [];
    const onTopic = new Set(own.map(({ partition, offset }) => `${partition}@${offset}`));
    const settled = grouped([...facts.published, ...facts.quarantined], ({ partition, offset }) => `${partition}@${offset}`);
    const keys = new Set(own.map(({ key }) => key));
    const finding = (check: string, what: string): Finding => ({ check, detail: `${facts.dataSet}: ${what}` });
    return [
      ...[...onTopic].filter((place) => !settled.has(place)).map((place) => finding('no-record-lost', `${place} is neither published nor in quarantine`)),
      ...[...settled].filter(([, rows]) => rows.length > 1).map(([place, rows]) => finding('no-record-twice', `${place} stands ${rows.length} times`)),
      ...[...settled.keys()].filter((place) => !onTopic.has(place)).map((place) => finding('no-record-made-up', `${place} is not on the topic`)),
      ...(promises.records.get(facts.dataSet) ?? []).filter((key) => !keys.has(key)).map((key) => finding('acknowledged-is-kept', `${key} was acknowledged and is not on the topic`)),
    ];
  });
}
