/** Renderers that draw with the processor: Chromium's, Mesa's, Windows', and what browsers call theirs. */
const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Software|Basic Render/i;

/** Whether pictures are drawn by a graphics processor. Takes some milliseconds: ask once. */
export function hasGpu(): boolean {
  const gl = document.createElement("canvas").getContext("webgl");
  if (!gl) return false;
  const detail = gl.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = gl.getParameter(detail?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(String(name));
}
