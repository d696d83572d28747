import { linearOnnxModel } from '@millrace/testing';
import { loadModel } from './load-model.js';
import type { ModelSignature } from './model-signature.js';

const late: ModelSignature = {
  task: 'binary-classification',
  inputs: [{ name: 'distance', type: 'double', nullable: true }, { name: 'hour', type: 'long' }, { name: 'origin', type: 'string' }],
  output: 'probability',
};
const lateModel = linearOnnxModel({
  inputs: [{ name: 'distance', type: 'double', weight: 0.001 }, { name: 'hour', type: 'long', weight: 0.1 }, { name: 'origin', type: 'string', weights: { ORD: 1, ATL: -1 } }],
  bias: -2,
  output: 'probability',
});
const row = { distance: 500, hour: 5, origin: 'ORD' };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

async function refusalOf(work: Promise<unknown>): Promise<{ code: string; detail: string; fields: Record<string, unknown> }> {
  return work.then(() => { throw new Error('was not refused'); }, (error: unknown) => error as never);
}

describe('a served model', () => {
  it('answers the probability of class 1 for every row, in order', async () => {
    const model = await loadModel(lateModel, late);
    const scores = await model.score([row, { distance: 1000, hour: 20, origin: 'ATL' }, { distance: 0, hour: 0, origin: 'elsewhere' }]);
    expect([...scores].map((score) => score.toFixed(6))).toEqual([sigmoid(0), sigmoid(0), sigmoid(-2)].map((score) => score.toFixed(6)));
    await model.release();
  });

  it('answers the regressed value', async () => {
    const model = await loadModel(linearOnnxModel({ inputs: [{ name: 'x', type: 'double', weight: 3 }], bias: 1, output: 'value' }), { task: 'regression', inputs: [{ name: 'x', type: 'double' }], output: 'value' });
    expect([...(await model.score([{ x: 2 }, { x: -1 }]))]).toEqual([7, -2]);
    expect([...(await model.score([]))]).toEqual([]);
  });

  it('gives NaN to the model for a null only where the signature says nullable', async () => {
    const model = await loadModel(lateModel, late);
    expect((await model.score([{ ...row, distance: null }]))[0]).toBeNaN();
    await expect(model.score([{ ...row, hour: null }])).rejects.toMatchObject({ code: 'invalid-features', detail: 'Row 0: feature "hour" must not be null' });
  });

  it.each([
    ['a missing feature', { distance: 1, hour: 1 }, 'Row 0: feature "origin" is missing'],
    ['an unknown name', { ...row, colour: 'red' }, 'Row 0: feature "colour" is not an input of the model'],
    ['a string for a number', { ...row, distance: 'far' }, 'Row 0: feature "distance" takes a finite number, not "far"'],
    ['a number for a string', { ...row, origin: 7 }, 'Row 0: feature "origin" takes a string, not 7'],
    ['a fraction for a whole number', { ...row, hour: 1.5 }, 'Row 0: feature "hour" takes a whole number, not 1.5'],
  ])('refuses %s and names it', async (_, features, detail) => {
    const model = await loadModel(lateModel, late);
    await expect(model.score([features])).rejects.toMatchObject({ code: 'invalid-features', detail });
  });

  it('names every flaw of a request, twenty at most', async () => {
    const model = await loadModel(lateModel, late);
    const refusal = await refusalOf(model.score([row, { hour: 1.5, origin: 'ORD' }, ...Array.from({ length: 40 }, () => ({}))]));
    expect(refusal.fields['errors']).toHaveLength(20);
    expect(refusal.fields['errors']).toContainEqual({ row: 1, feature: 'distance', problem: 'is missing' });
  });
});

describe('loading a model', () => {
  it('refuses bytes that are no ONNX file', async () => {
    await expect(loadModel(Buffer.from('not a model'), late)).rejects.toMatchObject({ code: 'invalid-model' });
  });

  it('refuses a model whose inputs differ from the signature, naming them', async () => {
    const other = linearOnnxModel({ inputs: [{ name: 'distance', type: 'double' }, { name: 'weekday', type: 'double' }], output: 'probability' });
    const refusal = await refusalOf(loadModel(other, late));
    expect(refusal.detail).toContain('"hour" is missing');
    expect(refusal.detail).toContain('"weekday" is not in the signature');
  });

  it('refuses a model whose tensor has another type than the signature', async () => {
    const other = linearOnnxModel({ inputs: [{ name: 'x', type: 'string', weights: { a: 1 } }], output: 'value' });
    await expect(loadModel(other, { task: 'regression', inputs: [{ name: 'x', type: 'double' }], output: 'value' })).rejects.toMatchObject({ detail: 'The model\'s input "x" is string, the signature says double' });
  });
});
