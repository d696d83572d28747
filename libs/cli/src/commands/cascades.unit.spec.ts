import { cascadeLines } from './cascades.js';

describe('a cascade in the terminal', () => {
  const node = (id: string, type: string, sinceStartMs: number, hopMs: number | null, summary: string | null = null) =>
    ({ id, type: `millrace.${type}.v1`, correlation: 'c', subject: 's', actor: 'service:x', time: '', sinceStartMs, hopMs, index: 0, summary });

  it('is a tree of causes with the time since the start and of each hop', () => {
    const nodes = [
      node('1', 'monitoring.drift.detected', 0, null, 'covariate'), node('2', 'training.run.requested', 40, 40),
      node('3', 'training.hold.placed', 50, 50), node('4', 'feature-store.training-set.created', 1540, 1500),
    ];
    const edges = [['1', '2'], ['1', '3'], ['2', '4']].map(([from = '', to = '']) => ({ from, to, kind: 'causation' as const }));
    expect(cascadeLines({ nodes, edges })).toEqual([
      '     0 ms monitoring drift.detected   covariate',
      '    40 ms ├─ training run.requested +40 ms',
      '    1.5 s │  └─ feature-store training-set.created +1.5 s',
      '    50 ms └─ training hold.placed +50 ms',
    ]);
  });

  it('names a further signal that was joined', () => {
    const nodes = [node('1', 'monitoring.drift.detected', 0, null), node('2', 'monitoring.performance.degraded', 5, null), node('3', 'training.run.requested', 9, 9)];
    const edges = [{ from: '1', to: '3', kind: 'causation' as const }, { from: '2', to: '3', kind: 'cause' as const }];
    expect(cascadeLines({ nodes, edges }).join('\n')).toContain('run.requested +9 ms   (also because of monitoring performance.degraded)');
  });
});
