import { estimatedLossOf } from './estimated-loss.js';

const base = { usual: [{ meanLoss: 0.4 }, { meanLoss: 0.6 }], matured: [], shifted: 0.3, rows: 100, windowMs: 3_600_000 };

describe('the estimated loss of a change', () => {
  it('is the growth of measured losses, in usual ones, times the predictions of a day', () => {
    const estimate = estimatedLossOf({ ...base, matured: [{ meanLoss: 1, rows: 50 }, { meanLoss: 0.5, rows: 50 }] });
    expect(estimate).toEqual({ perPrediction: 0.5, predictionsPerDay: 2400, perDay: 1200, basis: 'measured' });
  });

  it('is guessed from the rows that moved while no outcome is final, and says so', () => {
    expect(estimatedLossOf(base)).toMatchObject({ perDay: 720, basis: 'moved-inputs' });
    expect(estimatedLossOf({ ...base, usual: [], matured: [{ meanLoss: 1, rows: 1 }] })).toMatchObject({ basis: 'moved-inputs' });
  });

  it('is nothing where losses did not grow', () => {
    expect(estimatedLossOf({ ...base, matured: [{ meanLoss: 0.2, rows: 10 }] })).toMatchObject({ perDay: 0, basis: 'measured' });
  });
});
