import { generateMachineDays, type MachineDay } from './generate.ts';

const generated = (options: Parameters<typeof generateMachineDays>[0] = {}): MachineDay[] => [...generateMachineDays(options)];

describe('the machine-wear records', () => {
  it('are the same for the same seed and others for another', () => {
    expect(generated({ days: 3 })).toEqual(generated({ days: 3 }));
    expect(generated({ days: 3, seed: 1 })).not.toEqual(generated({ days: 3, seed: 2 }));
  });

  it('do not depend on how many days are asked for', () => {
    expect(generated({ days: 5 }).slice(0, 3)).toEqual(generated({ days: 3 }));
  });

  it('put each reading on its day and each outcome on the day it became known, two to four hours later', () => {
    for (const { day, readings, outcomes } of generated({ days: 4 })) {
      expect(readings).toHaveLength(240);
      expect(readings.every((reading) => reading.event_time.startsWith(day))).toBe(true);
      expect(outcomes.every((outcome) => outcome.measured_at.startsWith(day))).toBe(true);
      for (const { event_time, measured_at } of outcomes) {
        const delayHours = (Date.parse(measured_at) - Date.parse(event_time)) / 3_600_000;
        expect(delayHours).toBeGreaterThanOrEqual(2);
        expect(delayHours).toBeLessThanOrEqual(4);
      }
    }
  });

  it('send the pressure in another unit during the incident and change nothing else', () => {
    const plain = generated({ days: 6, pressureInPsi: undefined });
    const broken = generated({ days: 6, pressureInPsi: { fromDay: 2, toDay: 4 } });
    expect(broken.map(({ outcomes }) => outcomes)).toEqual(plain.map(({ outcomes }) => outcomes));
    const ratios = broken.map(({ readings }, day) =>
      readings.map((reading, i) => reading.coolant_pressure_bar / (plain[day]?.readings[i]?.coolant_pressure_bar ?? NaN)),
    );
    ratios.forEach((ofDay, day) =>
      ofDay.forEach((ratio) => expect(ratio).toBeCloseTo(day === 2 || day === 3 ? 14.5038 : 1, 2)),
    );
  });

  it('change the wear and no reading at the planted concept change', () => {
    const plain = generated({ days: 6, conceptChangeDay: undefined });
    const changed = generated({ days: 6, conceptChangeDay: 3 });
    expect(changed.map(({ readings }) => readings)).toEqual(plain.map(({ readings }) => readings));
    expect(changed.slice(0, 3)).toEqual(plain.slice(0, 3));
    expect(changed[4]?.outcomes).not.toEqual(plain[4]?.outcomes);
  });
});
