/** A small reader of the protobuf wire format, to check what the exporter writes. */
export interface Field {
  field: number;
  /** Varints and fixed64 as numbers, the rest as bytes. */
  value: number | Uint8Array;
}

export function decode(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("varint runs past the end");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) fields.push({ field, value: varint() });
    else if (wire === 1) {
      fields.push({ field, value: Number(view.getBigUint64(at, true)) });
      at += 8;
    } else if (wire === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error("message runs past the end");
      fields.push({ field, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`wire type ${wire}`);
  }
  return fields;
}

/** The only value of a field, or undefined. */
export function get(fields: Field[], field: number): number | Uint8Array | undefined {
  return fields.find((one) => one.field === field)?.value;
}

export function message(fields: Field[], field: number): Field[] {
  return decode(get(fields, field) as Uint8Array);
}

export function text(fields: Field[], field: number): string {
  return new TextDecoder().decode(get(fields, field) as Uint8Array);
}
