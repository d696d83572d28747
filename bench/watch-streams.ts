/** Watches some simulated streams and prints what came of it as JSON, for a test: outside of Jest the same takes a tenth of the time. */
import { simulatedStream } from './simulated-stream.ts';
import { watchStream } from './watched-stream.ts';

const streams = Number(process.argv[2] ?? 10);
const dayMs = 86_400_000;
const days = { reference: 56, calm: 60, changed: 20 };
const rules = { windowMs: dayMs, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 30 * dayMs } };
const watched = Array.from({ length: streams }, (_, seed) => watchStream(simulatedStream(seed + 1, 150, { fromDay: days.reference + days.calm, shift: 1 }), { reference: days.reference, live: days.calm + days.changed }, rules));
console.log(
  JSON.stringify({
    promised: watched.filter(({ promised }) => promised).length,
    alarmsAMonth: watched.reduce((sum, { alarms }) => sum + alarms.filter(({ day }) => day < days.calm).length, 0) / ((streams * days.calm) / 30),
    alarmedShare: watched.reduce((sum, { open }) => sum + open.slice(0, days.calm).filter(Boolean).length, 0) / (streams * days.calm),
    foundWithinFiveDays: watched.filter(({ alarms, open }) => open[days.calm - 1] || alarms.some(({ day }) => day >= days.calm && day < days.calm + 5)).length,
  }),
);
