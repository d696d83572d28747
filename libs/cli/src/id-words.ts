import { MillraceError } from '@millrace/contracts';

/** The parts of `<project>/<name>`; a bare name is in project `default`. */
export function idOf(word: string | undefined, what: string): { project: string; name: string } {
  if (word === undefined) throw new MillraceError('invalid-request', `Which ${what}? Give <project>/<name>, or the name alone in project default.`);
  const [first = '', second, ...rest] = word.split('/');
  if (rest.length > 0 || first === '' || second === '') throw new MillraceError('invalid-request', `"${word}" is not the id of a ${what}: <project>/<name>.`);
  return second === undefined ? { project: 'default', name: first } : { project: first, name: second };
}

/** The parts of `<project>/<name>@<version>`. */
export function versionIdOf(word: string | undefined): { project: string; name: string; version: number } {
  const [id, version] = (word ?? '').split('@');
  if (version === undefined || !/^[1-9]\d*$/.test(version)) throw new MillraceError('invalid-request', `"${word ?? ''}" is not a model version: <project>/<pipeline>@<number>.`);
  return { ...idOf(id, 'pipeline'), version: Number(version) };
}
