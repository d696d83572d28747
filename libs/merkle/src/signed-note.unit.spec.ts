import { formatSignerKey, formatVerifierKey, noteSignerOf, parseSignerKey, parseVerifierKey } from './note-key.js';
import { cosignNote, formatNote, parseNote, signNote, verifyNote } from './signed-note.js';

const SPEC_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const SPEC_NOTE = 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

const alice = noteSignerOf('alice.example/log', Buffer.alloc(32, 1));
const bob = noteSignerOf('bob.example/log', Buffer.alloc(32, 2));
const witness = noteSignerOf('witness.example/w1', Buffer.alloc(32, 3), 'cosignature-v1');

describe('a signed note', () => {
  it('of the specification verifies', () => {
    const verdict = verifyNote(parseNote(SPEC_NOTE), [parseVerifierKey(SPEC_KEY)]);
    expect(verdict).toMatchObject({ valid: true, signatures: [{ key: { name: 'example.com/foo', keyId: '530d903a' } }] });
  });

  it('is written as it was read', () => {
    expect(formatNote(parseNote(SPEC_NOTE))).toBe(SPEC_NOTE);
  });

  it('carries the signatures of several keys, of which an auditor needs to know one', () => {
    const note = parseNote(formatNote({ text: 'text\n', signatures: [signNote('text\n', alice), signNote('text\n', bob), cosignNote('text\n', witness, 1_679_315_147)] }));
    expect(verifyNote(note, [bob.key])).toEqual({ valid: true, signatures: [{ key: bob.key }] });
    expect(verifyNote(note, [witness.key])).toEqual({ valid: true, signatures: [{ key: witness.key, timeSeconds: 1_679_315_147 }] });
  });

  it('is refused when no known key signed it', () => {
    expect(verifyNote(parseNote(SPEC_NOTE), [alice.key])).toEqual({ valid: false, because: 'no known key signed this' });
  });

  it('is not signed by a stranger who takes the name or the id of a known key', () => {
    const stranger = noteSignerOf(alice.key.name, Buffer.alloc(32, 9));
    const sameId = { ...signNote('text\n', stranger), name: 'other.example', keyId: alice.key.keyId };
    const note = { text: 'text\n', signatures: [signNote('text\n', stranger), sameId] };
    expect(verifyNote(note, [alice.key])).toEqual({ valid: false, because: 'no known key signed this' });
  });

  it('is refused as a whole when the signature of one known key is wrong', () => {
    const note = { text: 'text\n', signatures: [signNote('text\n', alice), signNote('other\n', bob)] };
    expect(verifyNote(note, [alice.key, bob.key])).toEqual({ valid: false, because: 'the signature of bob.example/log is wrong' });
  });

  it('does not take a cosignature whose time was changed', () => {
    const cosigned = cosignNote('text\n', witness, 1_679_315_147);
    const later = Buffer.from(cosigned.signature);
    later.writeUInt8((later[7] as number) ^ 1, 7);
    expect(verifyNote({ text: 'text\n', signatures: [{ ...cosigned, signature: later }] }, [witness.key]).valid).toBe(false);
  });

  it('takes sixteen signatures and more', () => {
    const signatures = Array.from({ length: 20 }, (_, at) => signNote('text\n', noteSignerOf(`key-${at}.example`, Buffer.alloc(32, at))));
    expect(verifyNote(parseNote(formatNote({ text: 'text\n', signatures: [...signatures, signNote('text\n', alice)] })), [alice.key]).valid).toBe(true);
  });

  it('may hold blank lines in its text; the last one separates', () => {
    const note = parseNote(formatNote({ text: 'one\n\ntwo\n', signatures: [signNote('one\n\ntwo\n', alice)] }));
    expect(note.text).toBe('one\n\ntwo\n');
    expect(verifyNote(note, [alice.key]).valid).toBe(true);
  });

  it.each([
    ['without a blank line', SPEC_NOTE.replace('\n\n', '\n')],
    ['without the last newline', SPEC_NOTE.slice(0, -1)],
    ['with a carriage return', SPEC_NOTE.replace('message.', 'message.\r')],
    ['with a hyphen for the dash', SPEC_NOTE.replace('—', '-')],
    ['with base64 that is not canonical', SPEC_NOTE.replace('aQM=', 'aQN=')],
    ['with base64 without padding', SPEC_NOTE.replace('aQM=', 'aQM')],
    ['with a signature of four bytes', 'text\n\n— a.example AAAAAA==\n'],
    ['with a plus sign in a name', SPEC_NOTE.replace('— example', '— +example')],
    ['without signatures', 'text\n\n'],
  ])('is refused %s', (_name, note) => {
    expect(() => parseNote(note)).toThrow();
  });
});

describe('a verifier key', () => {
  it('is written as it was read', () => {
    expect(formatVerifierKey(parseVerifierKey(SPEC_KEY))).toBe(SPEC_KEY);
    expect(parseVerifierKey(formatVerifierKey(witness.key))).toEqual(witness.key);
  });

  it.each([
    ['whose id is of another key', SPEC_KEY.replace('530d903a', '530d903b')],
    ['of an unknown type', 'example.com/foo+530d903a+/+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['that is too short', 'example.com/foo+530d903a+AekyeRrm'],
    ['without a name', SPEC_KEY.slice('example.com/foo'.length)],
    ['with a space in the name', SPEC_KEY.replace('/', ' ')],
  ])('is refused %s', (_name, line) => {
    expect(() => parseVerifierKey(line)).toThrow();
  });

  it('belongs to the signer key that is kept secret', () => {
    const signer = parseSignerKey(formatSignerKey('alice.example/log', Buffer.alloc(32, 1)));
    expect(signer.key).toEqual(alice.key);
  });
});
