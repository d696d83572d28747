import { topicDifferences } from './topic-differences.js';

describe('the differences between topics as declared and as found', () => {
  const declared = { topic: 'millrace.registry.pipeline', partitions: 3, config: { 'cleanup.policy': 'compact', 'retention.ms': '1000' } };

  it('name each setting with both values, and nothing that agrees', () => {
    expect(topicDifferences([declared], [{ topic: declared.topic, partitions: 1, config: { 'cleanup.policy': 'delete', 'retention.ms': '1000' } }])).toEqual([
      { topic: declared.topic, setting: 'partitions', declared: '3', found: '1' },
      { topic: declared.topic, setting: 'cleanup.policy', declared: 'compact', found: 'delete' },
    ]);
    expect(topicDifferences([declared], [declared])).toEqual([]);
  });

  it('leave aside what is not declared and what could not be read', () => {
    expect(topicDifferences([{ topic: 'a', partitions: 1 }], [{ topic: 'a', partitions: 1, config: { 'retention.ms': '5' } }, { topic: 'b', partitions: 9 }])).toEqual([]);
    expect(topicDifferences([declared], [{ topic: declared.topic, partitions: 3 }])).toEqual([]);
    expect(topicDifferences([declared], [])).toEqual([]);
  });
});
