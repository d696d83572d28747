import { parsePipeline } from '@millrace/decisions';
import { lightPipelines } from './light-pipeline.ts';
import { machineWear } from './machine-wear.ts';

describe.each([machineWear, ...lightPipelines])('the use case $name of the campaign', (useCase) => {
  it('has a file that is accepted, in every revision another', () => {
    for (const revision of [1, 2]) expect(parsePipeline(useCase.fileOf(revision)).errors ?? []).toEqual([]);
    expect(useCase.fileOf(1)).not.toBe(useCase.fileOf(2));
    expect(parsePipeline(useCase.fileOf(1)).pipeline?.dataSets.map(({ name }) => name)).toEqual(Object.values(useCase.sets));
  });

  it('has the same records for the same seed, each with its key', () => {
    expect(useCase.quarterOf(5, 3)).toEqual(useCase.quarterOf(5, 3));
    expect(useCase.quarterOf(5, 3)).not.toEqual(useCase.quarterOf(6, 3));
    for (const record of useCase.quarterOf(5, 3).readings) expect(record[useCase.keyColumn]).toEqual(expect.any(String));
    expect(useCase.quarterOf(5, useCase.launchQuarters).readings.length).toBeGreaterThan(0);
  });
});
