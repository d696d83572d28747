import { findGaps } from './find-gaps.ts';
import type { Gap } from './find-gaps.ts';
import type { Release } from './release.ts';
import type { View } from './value-cases.ts';

/**
 * What programs of the last release would stumble over, one sentence each.
 *
 * Events are compared both ways: what older producers wrote (it lies on the topics, and a rolling upgrade writes more) must be accepted by newer
 * readers, and what newer producers write by older readers. Writers are strict, readers ignore fields they do not know. HTTP inputs and settings are
 * strict: what was accepted must stay so. HTTP answers: what a newer service answers, older callers must be able to read.
 */
export function breakingChanges(released: Release, present: Release): string[] {
  return [...eventChanges(released, present), ...dataTopicChanges(released, present), ...operationChanges(released, present), ...settingChanges(released, present), ...errorChanges(released, present)];
}

function eventChanges(released: Release, present: Release): string[] {
  return Object.entries(released.events).flatMap(([type, before]) => {
    const after = present.events[type];
    if (!after) return [`${type} was released and is gone: keep it beside the new one until nobody reads or writes it`];
    const moved = (['topic', 'key', 'retention'] as const).filter((name) => after[name] !== before[name]).map((name) => `${type} was released with the ${name} ${before[name]}, now it is ${after[name]}`);
    const forward = findGaps(type, referenceTo(before.dataTitle), referenceTo(after.dataTitle), { writer: closed(released), reader: open(present), namesRemoved: false });
    const backward = findGaps(type, referenceTo(after.dataTitle), referenceTo(before.dataTitle), { writer: closed(present), reader: open(released), namesRemoved: true });
    return [...moved, ...forward.map((gap) => narrowed(gap, 'events written before')), ...backward.map((gap) => widened(gap, 'older readers'))];
  });
}

function dataTopicChanges(released: Release, present: Release): string[] {
  return Object.entries(released.dataTopics).flatMap(([address, before]) => {
    const after = present.dataTopics[address];
    if (!after) return [`topic ${address} was open to other programs and is not any more`];
    const closed = before.open.filter((right) => !after.open.includes(right)).map((right) => `topic ${address} was open to ${right} for other programs and is not any more`);
    const lost = before.messages.filter((message) => !after.messages.includes(message)).map((message) => `topic ${address} no longer has the message ${message}`);
    const come = after.messages.filter((message) => before.open.includes('read') && !before.messages.includes(message)).map((message) => `topic ${address} has the message ${message}, which older readers do not know`);
    return [...closed, ...lost, ...come, ...(after.retention === before.retention ? [] : [`topic ${address} was released with the retention ${before.retention}, now it is ${after.retention}`])];
  });
}

function operationChanges(released: Release, present: Release): string[] {
  return Object.entries(released.operations).flatMap(([id, before]) => {
    const after = present.operations[id];
    if (!after) return [`operation ${id} (${before.method} ${before.path}) was released and is gone`];
    const input = findGaps(id, referenceTo(before.inputTitle), referenceTo(after.inputTitle), { writer: closed(released), reader: closed(present), namesRemoved: false });
    return [...routeChanges(id, before, after), ...parameterMoves(id, before, after), ...input.map((gap) => narrowed(gap, 'requests of older callers')), ...outputChanges(id, released, present)];
  });
}

type Operation = Release['operations'][string];

function routeChanges(id: string, before: Operation, after: Operation): string[] {
  const route = ({ service, method, path }: Operation): string => `${method} ${path} of ${service}`;
  const lostRoles = before.roles.filter((role) => !after.roles.includes(role) && !after.roles.includes('public'));
  const [limit, newLimit] = [before.maxBodyBytes, after.maxBodyBytes];
  return [
    ...(route(before) === route(after) ? [] : [`operation ${id} was ${route(before)}, now it is ${route(after)}`]),
    ...(before.status === after.status ? [] : [`operation ${id} answered with status ${before.status}, now with ${after.status}`]),
    ...(before.accepts === after.accepts ? [] : [`operation ${id} took ${before.accepts ?? 'no body'}, now ${after.accepts ?? 'no body'}`]),
    ...(before.produces === after.produces ? [] : [`operation ${id} answered with ${before.produces ?? 'no body'}, now with ${after.produces ?? 'no body'}`]),
    ...(lostRoles.length === 0 ? [] : [`operation ${id} no longer admits the role ${lostRoles.join(', ')}`]),
    ...(newLimit !== null && (limit === null || newLimit < limit) && after.accepts !== null ? [`operation ${id} takes at most ${newLimit} bytes, before ${limit ?? 'the service\'s limit'}`] : []),
  ];
}

/** An input that moved between path, query and body is a new one for callers. */
function parameterMoves(id: string, before: Operation, after: Operation): string[] {
  const placeOf = ({ pathTypes, queryTypes }: Operation, name: string): string => (name in pathTypes ? 'path' : name in queryTypes ? 'query' : 'body');
  const names = new Set([...Object.keys(before.pathTypes), ...Object.keys(before.queryTypes), ...Object.keys(after.pathTypes), ...Object.keys(after.queryTypes)]);
  const isKnown = (name: string): boolean => name in before.pathTypes || name in before.queryTypes;
  return [...names].filter((name) => isKnown(name) && placeOf(before, name) !== placeOf(after, name) && (placeOf(after, name) !== 'body' || after.accepts !== null))
    .map((name) => `${id}.${name} was a parameter in the ${placeOf(before, name)}, now it is in the ${placeOf(after, name)} or gone`);
}

function outputChanges(id: string, released: Release, present: Release): string[] {
  const [before, after] = [released.operations[id]?.outputTitle, present.operations[id]?.outputTitle];
  if (!before || !after) return [];
  const gaps = findGaps(`the answer of ${id}`, referenceTo(after), referenceTo(before), { writer: closed(present), reader: open(released), namesRemoved: true });
  // A caller that meets a value it does not know can say so; a field that is missing or of another type breaks it.
  return gaps.filter(({ what }) => !what.startsWith('the value ')).map((gap) => widened(gap, 'older callers'));
}

function settingChanges(released: Release, present: Release): string[] {
  return Object.entries(released.settings).flatMap(([service, before]) => {
    const after = present.settings[service];
    if (!after) return [`the settings of ${service} were released and are gone`];
    const lost = Object.entries(before.env).flatMap(([name, env]) => env.filter((variable) => after.env[name] !== undefined && !after.env[name].includes(variable)).map((variable) => `setting ${service}.${name} is no longer read from ${variable}`));
    const gaps = findGaps(`setting ${service}`, referenceTo(before.title), referenceTo(after.title), { writer: closed(released), reader: closed(present), namesRemoved: false });
    return [...lost, ...gaps.map((gap) => narrowed(gap, 'settings made before'))];
  });
}

function errorChanges(released: Release, present: Release): string[] {
  return Object.entries(released.errors).flatMap(([code, before]) => {
    const after = present.errors[code];
    if (!after) return [`the error code ${code} was released and is gone`];
    return after.kind === before.kind && after.status === before.status ? [] : [`the error code ${code} was ${before.kind} (${before.status}), now it is ${after.kind} (${after.status})`];
  });
}

/** What was allowed is refused. @param whose what stumbles */
function narrowed({ place, kind, what }: Gap, whose: string): string {
  return kind === 'required' ? `${place} is newly required, which ${whose} may not have` : `${place} no longer allows ${what}, which ${whose} may have`;
}

/** What was refused is allowed. @param readers who stumbles */
function widened({ place, kind, what }: Gap, readers: string): string {
  if (kind === 'removed') return `${place} was removed, which ${readers} may use`;
  return kind === 'required' ? `${place} may be absent, which ${readers} refuse` : `${place} allows ${what}, which ${readers} refuse`;
}

function referenceTo(title: string): { $ref: string } {
  return { $ref: `#/$defs/${title}` };
}

function closed({ definitions }: Release): View {
  return { definitions, isClosed: true };
}

function open({ definitions }: Release): View {
  return { definitions, isClosed: false };
}
