/** Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let position = from;
  while (position < to) {
    const lead = bytes[position] as number;
    position += 1;
    if (lead < 0x80) continue;
    const following = lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
    if (following < 0 || position + following > to || !isSecond(lead, bytes[position] as number)) return false;
    for (let index = 1; index < following; index += 1) if (((bytes[position + index] as number) & 0xc0) !== 0x80) return false;
    position += following;
  }
  return true;
}

function isSecond(lead: number, byte: number): boolean {
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const greatest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= greatest;
}
