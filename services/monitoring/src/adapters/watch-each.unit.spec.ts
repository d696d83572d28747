import { watchEach } from './watch-each.js';

const pipelines = ['default/a', 'default/b', 'default/c'].map((pipeline) => ({ pipeline }));

describe('watching all pipelines', () => {
  const told: unknown[] = [];
  const logger = { error: (fields: unknown) => void told.push(fields) };
  const gone = new Error('the prediction log is gone');

  test('goes on behind one that fails, and tells of it', async () => {
    const watched: string[] = [];
    const watch = ({ pipeline }: { pipeline: string }): Promise<boolean> => {
      watched.push(pipeline);
      return pipeline === 'default/a' ? Promise.reject(gone) : Promise.resolve(pipeline === 'default/c');
    };
    expect(await watchEach(pipelines, watch, logger)).toBe(true);
    expect(watched).toEqual(['default/a', 'default/b', 'default/c']);
    expect(told).toEqual([{ pipeline: 'default/a', err: gone }]);
  });

  test('fails when nothing else was done, so that it is tried again with growing delay', async () => {
    await expect(watchEach(pipelines, ({ pipeline }) => (pipeline === 'default/b' ? Promise.reject(gone) : Promise.resolve(false)), logger)).rejects.toBe(gone);
    expect(await watchEach(pipelines, () => Promise.resolve(false), logger)).toBe(false);
  });
});
