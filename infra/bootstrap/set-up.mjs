import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { logs, root, toolchain } from './places.mjs';
import { requireRoom } from './prerequisites.mjs';
import { stopCommands } from './run-command.mjs';
import { Sentence } from './sentence.mjs';
import { makeStep, pendingSteps, steps } from './steps.mjs';

const heartbeatMs = 15_000;

/**
 * Makes what is missing among the wanted steps, side by side where one does not need the other.
 * Prints a line when a step is ready and every 15 s what is still under way.
 */
export async function setUp(wanted) {
  if (pendingSteps(wanted).length === 0) return; // the usual case, without writing anything
  const release = await takeTurn();
  try {
    const pending = pendingSteps(wanted);
    if (pending.length === 0) return;
    requireRoom(pending.reduce((sum, name) => sum + steps[name].needsMegabytes, 0));
    for (const name of pending) await steps[name].check?.();
    await makeAll(pending);
  } finally {
    release();
  }
}

async function makeAll(pending) {
  const startedAt = Date.now();
  const say = (text) => console.log(`[${String(Math.round((Date.now() - startedAt) / 1000)).padStart(3)} s] ${text}`);
  const underWay = new Set(pending);
  const listed = () => [...underWay].map((name) => steps[name].title).join(', ');
  say(`Setting up ${listed()} (once; logs in ${logs.replace(`${root}/`, '')})`);
  const heartbeat = setInterval(() => say(`still under way: ${listed()}`), heartbeatMs);
  const made = new Map();
  const make = (name) => {
    if (!made.has(name)) made.set(name, Promise.all(steps[name].after.filter((other) => pending.includes(other)).map(make)).then(() => makeStep(name)).then(() => {
      underWay.delete(name);
      say(`${steps[name].title}: ready`);
    }));
    return made.get(name);
  };
  const results = await Promise.allSettled(pending.map(make));
  clearInterval(heartbeat);
  const faults = new Set(results.flatMap((result) => (result.status === 'rejected' ? [result.reason.message] : [])));
  if (faults.size > 0) throw new Sentence(`Set-up is not complete (run the same command again, it goes on from here): ${[...faults].join('\n')}`);
}

/** Two set-ups at once in one clone would undo each other: the second waits for the first. */
async function takeTurn() {
  requireRoom(0);
  const file = join(toolchain, 'set-up.pid');
  let told = false;
  while (!claim(file)) {
    const holder = Number(readFileSync(file, 'utf8').trim() || 0);
    if (!isRunning(holder)) rmSync(file, { force: true });
    else {
      if (!told) console.log(`Waiting for the set-up that process ${holder} is making.`);
      told = true;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  const release = () => rmSync(file, { force: true });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => {
    stopCommands();
    release();
    console.log('Set-up interrupted; the next run goes on from here.');
    process.exit(130);
  });
  return () => {
    release();
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  };
}

function claim(file) {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, `${process.pid}\n`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isRunning(pid) {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
