/**
 * Lists of Latin-1 texts as bytes, for buffers between threads: each text's length, a uint32 in
 * little-endian order, and its bytes.
 */

/** The bytes of `texts`; null when one of them has a character above U+00FF. */
export function packTexts(texts: readonly string[]): Uint8Array | null {
  let size = 0;
  for (const text of texts) size += 4 + text.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    if (!isLatin1(text)) return null;
    bytes.writeUInt32LE(text.length, at);
    bytes.write(text, at + 4, "latin1");
    at += 4 + text.length;
  }
  return bytes;
}

/** The texts that {@link packTexts} put into `bytes`. */
export function unpackTexts(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  for (let at = 0; at < buffer.length; ) {
    const end = at + 4 + buffer.readUInt32LE(at);
    texts.push(buffer.toString("latin1", at + 4, end));
    at = end;
  }
  return texts;
}

function isLatin1(text: string): boolean {
  return !/[^\0-\xff]/.test(text);
}
