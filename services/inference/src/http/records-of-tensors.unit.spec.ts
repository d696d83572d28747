import type { Tensor } from '@millrace/contracts';
import { recordsOfTensors } from './records-of-tensors.js';

const columns = [
  { name: 'flight', type: 'string' as const, optional: false },
  { name: 'miles', type: 'double' as const, optional: true },
];
const flights: Tensor = { name: 'flight', shape: [2], datatype: 'BYTES', data: ['a', 'b'] };

describe('the inputs of a request', () => {
  it('become one record per row, flat or nested, without what is null', () => {
    expect(recordsOfTensors(columns, [flights, { name: 'miles', shape: [2, 1], datatype: 'FP32', data: [[1.5], [null]] as never }])).toEqual([{ flight: 'a', miles: 1.5 }, { flight: 'b' }]);
  });

  it.each<[string, Tensor, string]>([
    ['of another length', { name: 'miles', shape: [1], datatype: 'FP64', data: [1] }, 'Input "miles" has 1 rows, the first input has 2'],
    ['of another datatype', { name: 'miles', shape: [2], datatype: 'BYTES', data: ['1', '2'] }, 'Input "miles" is BYTES, takes FP64'],
    ['of a shape that is no column', { name: 'miles', shape: [1, 2], datatype: 'FP64', data: [1, 2] }, 'Input "miles" must have the shape [n] or [n, 1]'],
  ])('are refused when one is %s', (_what, input, sentence) => {
    expect(() => recordsOfTensors(columns, [flights, input])).toThrow(sentence);
  });
});
