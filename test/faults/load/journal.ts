import type { Promises } from '../check/facts.ts';

/** Keeps what clients were promised, for the checker. */
export class Journal {
  readonly records = new Map<string, string[]>();
  readonly predictions: { dataSet: string; predictionId: string; durable: boolean }[] = [];
  readonly requests: { key: string; what: string; answers: string[]; makes: string | null }[] = [];
  readonly surprises: string[] = [];

  acknowledged(dataSet: string, keys: readonly string[]): void {
    this.records.set(dataSet, [...(this.records.get(dataSet) ?? []), ...keys]);
  }

  answered(key: string, what: string, makes: string | null, answer: string): void {
    const known = this.requests.find((request) => request.key === key);
    if (known) known.answers.push(answer);
    else this.requests.push({ key, what, answers: [answer], makes });
  }

  promises(inferenceDied: boolean): Promises {
    return { records: this.records, predictions: this.predictions, requests: this.requests, surprises: this.surprises, inferenceDied };
  }
}
