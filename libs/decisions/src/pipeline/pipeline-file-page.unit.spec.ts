import { readFileSync } from 'node:fs';
import { parsePipeline } from './parse-pipeline.js';

test('the example of docs/pipeline-file.md is right', () => {
  const page = readFileSync(new URL('../../../../docs/pipeline-file.md', import.meta.url), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(parsePipeline(example).errors).toBeUndefined();
});
