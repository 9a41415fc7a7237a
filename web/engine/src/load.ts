import { ABI_VERSION, type ArvExports } from "./abi.js";
import { Engine } from "./engine.js";
import { LoadError } from "./errors.js";

export interface EngineUrls {
  /** arv_engine.wasm, the build with SIMD. */
  readonly url: string | URL;
  /** arv_engine_plain.wasm, for phones without it. */
  readonly plainUrl: string | URL;
}

/** Whether this browser runs WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4 and later). */
export function hasSimd(): boolean {
  // (module (func (result v128) i32.const 0 i8x16.splat)), which only a SIMD engine accepts.
  const probe = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15,
    11,
  ];
  return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(probe));
}

/** Fetches and compiles the build that suits this browser. Compiles while it downloads where possible. */
export async function compileEngineModule(urls: EngineUrls): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== "object") {
    throw new LoadError("no_webassembly", "this browser can not run WebAssembly");
  }
  const response = await fetchOrThrow(hasSimd() ? urls.url : urls.plainUrl);
  const type = response.headers.get("content-type") ?? "";
  try {
    // Streaming needs the right media type; a server that does not know it costs only the overlap.
    return type.startsWith("application/wasm") && "compileStreaming" in WebAssembly
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw new LoadError("broken", `the engine file can not be compiled: ${String(error)}`);
  }
}

/** An engine from a compiled module or from the bytes of a `.wasm` file. */
export async function instantiateEngine(
  source: WebAssembly.Module | BufferSource,
): Promise<Engine> {
  const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
  const instance = await WebAssembly.instantiate(module, {});
  const exports = instance.exports as ArvExports;
  const version = exports.arv_abi_version();
  if (version !== ABI_VERSION) {
    throw new LoadError(
      "abi",
      `the engine file has ABI ${version}, this library needs ${ABI_VERSION}`,
    );
  }
  return new Engine(exports);
}

/** An engine for this thread. */
export async function loadEngine(urls: EngineUrls): Promise<Engine> {
  return instantiateEngine(await compileEngineModule(urls));
}

async function fetchOrThrow(url: string | URL): Promise<Response> {
  const response = await fetch(url, { credentials: "same-origin" }).catch((error: unknown) => {
    throw new LoadError("network", `the engine file did not arrive: ${String(error)}`);
  });
  if (!response.ok) {
    throw new LoadError("network", `the engine file did not arrive: HTTP ${response.status}`);
  }
  return response;
}
