import { readFileSync } from 'node:fs';
import { parsePipeline } from './parse-pipeline.js';

test.each(['docs/pipeline-file.md', 'README.md'])('the example of %s is right', (path) => {
  const page = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example]) => example ?? '').filter((example) => example.startsWith('pipeline:'));
  expect(examples.map((example) => parsePipeline(example).errors)).toEqual([undefined]);
});
