import fc from 'fast-check';
import { SMALLEST_FILE } from './flights.fixture.js';
import { parsePipeline } from './parse-pipeline.js';

const lineCount = SMALLEST_FILE.split('\n').length;

test('any cut or overwritten file gives a pipeline or mistakes that lie inside the file', () => {
  fc.assert(
    fc.property(fc.nat(SMALLEST_FILE.length), fc.nat(20), fc.string({ maxLength: 8 }), (at, removed, inserted) => {
      const source = SMALLEST_FILE.slice(0, at) + inserted + SMALLEST_FILE.slice(at + removed);
      const parsed = parsePipeline(source);
      if (parsed.pipeline) return;
      const last = lineCount + inserted.length;
      expect(parsed.errors.length).toBeGreaterThan(0);
      expect(parsed.errors.every((flaw) => flaw.line >= 1 && flaw.line <= last && flaw.column >= 1 && flaw.message.length > 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
