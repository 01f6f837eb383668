/**
 * A writer of the protobuf wire format: fields in any order, nested messages by a second writer.
 * Numbers up to 2^53 are written exactly.
 */
const enum WireType {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
}

/** A message under construction; reused for many messages by {@link clear}. */
export class ProtobufWriter {
  private bytes = new Uint8Array(256);
  private length = 0;
  private static readonly encoder = new TextEncoder();

  clear(): void {
    this.length = 0;
  }

  /** The message's bytes; valid until the next change. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** A non-negative integer field of any varint type. */
  varint(field: number, value: number): void {
    this.reserve(20);
    this.writeVarint(field * 8 + WireType.Varint);
    this.writeVarint(value);
  }

  /** A fixed64 field with a non-negative integer. */
  fixed64(field: number, value: number): void {
    this.reserve(18);
    this.writeVarint(field * 8 + WireType.Fixed64);
    let rest = value;
    for (let i = 0; i < 8; i++) {
      this.bytes[this.length++] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  string(field: number, value: string): void {
    this.message(field, ProtobufWriter.encoder.encode(value));
  }

  /** A nested message, already encoded. */
  message(field: number, value: Uint8Array): void {
    this.reserve(20 + value.length);
    this.writeVarint(field * 8 + WireType.Bytes);
    this.writeVarint(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private writeVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.finish());
    this.bytes = larger;
  }
}
