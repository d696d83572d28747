import { watchEach } from './watch-each.js';

const pipelines = ['default/a', 'default/b', 'default/c'].map((pipeline) => ({ pipeline }));

describe('watching all pipelines', () => {
  const said: unknown[] = [];
  const logger = { error: (fields: unknown) => void said.push(fields), debug: () => undefined };
  const telling = { logger, told: new Map<string, string>() };
  const gone = new Error('the prediction log is gone');

  test('goes on behind one that fails, and tells of it', async () => {
    const watched: string[] = [];
    const watch = ({ pipeline }: { pipeline: string }): Promise<boolean> => {
      watched.push(pipeline);
      return pipeline === 'default/a' ? Promise.reject(gone) : Promise.resolve(pipeline === 'default/c');
    };
    expect(await watchEach(pipelines, watch, telling)).toBe(true);
    expect(watched).toEqual(['default/a', 'default/b', 'default/c']);
    expect(said).toEqual([{ pipeline: 'default/a', err: gone }]);
  });

  test('says once what lasts, and again what came back', async () => {
    const failing = (): Promise<boolean> => watchEach(pipelines, ({ pipeline }) => (pipeline === 'default/a' ? Promise.reject(gone) : Promise.resolve(true)), telling);
    await failing();
    expect(said).toHaveLength(1);
    await watchEach(pipelines, () => Promise.resolve(true), telling);
    await failing();
    expect(said).toHaveLength(2);
  });

  test('fails when nothing else was done, so that it is tried again with growing delay', async () => {
    await expect(watchEach(pipelines, ({ pipeline }) => (pipeline === 'default/b' ? Promise.reject(gone) : Promise.resolve(false)), telling)).rejects.toBe(gone);
    expect(await watchEach(pipelines, () => Promise.resolve(false), telling)).toBe(false);
  });
});
