import type { ArvExports } from "./abi.js";
import { EngineError } from "./errors.js";

/** Views of the module's memory, taken anew whenever it grew. */
export class Memory {
  readonly #exports: ArvExports;
  #bytes = new Uint8Array(0);

  constructor(exports: ArvExports) {
    this.#exports = exports;
  }

  get bytes(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  floats(pointer: number, count: number): Float32Array {
    return new Float32Array(this.#exports.memory.buffer, pointer, count);
  }

  words(pointer: number, count: number): Int32Array {
    return new Int32Array(this.#exports.memory.buffer, pointer, count);
  }

  /** Calls `use` with a pointer to a copy of `bytes` that lives as long as the call. */
  withCopy<T>(bytes: Uint8Array, use: (pointer: number, size: number) => T): T {
    return this.withBuffer(bytes.length, (pointer) => {
      this.bytes.set(bytes, pointer);
      return use(pointer, bytes.length);
    });
  }

  /** Calls `use` with a pointer to `size` bytes that live as long as the call. */
  withBuffer<T>(size: number, use: (pointer: number) => T): T {
    const pointer = this.#exports.arv_alloc(Math.max(1, size));
    if (pointer === 0) throw new EngineError("memory", "the engine's memory limit is reached");
    try {
      return use(pointer);
    } finally {
      this.#exports.arv_free(pointer);
    }
  }
}
