import { MASK_NOISE, unmask, unmultiply } from "./unmask.js";

/** Draws a video that holds colour and mask side by side on a canvas, with true alpha. */
export interface MaskPainter {
  /** Whether it can go on; false when the browser took the graphics away. */
  paint(video: HTMLVideoElement): boolean;
}

/** Without a GPU every pixel is worked on here, so there are fewer. */
const PLAIN_WIDTH = 480;

const VERTEX = `
attribute vec2 corner;
varying vec2 at;
void main() { at = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }`;

// `seam`: one texel. Colour is kept at half size in the file, so nearer to the middle the halves would mix.
const FRAGMENT = `
precision mediump float;
varying vec2 at;
uniform sampler2D picture;
uniform float seam;
void main() {
  float x = at.x * 0.5;
  vec3 mask = texture2D(picture, vec2(clamp(x + 0.5, 0.5 + seam, 1.0 - seam), at.y)).rgb;
  vec3 colour = texture2D(picture, vec2(clamp(x, seam, 0.5 - seam), at.y)).rgb;
  float grey = (mask.r + mask.g + mask.b) / 3.0;
  float alpha = clamp((grey - ${MASK_NOISE}) / ${1 - 2 * MASK_NOISE}, 0.0, 1.0);
  gl_FragColor = vec4(min(colour, vec3(alpha)), alpha);
}`;

/** By WebGL where there is one, else by hand. A canvas has one kind of context for life. */
export function openPainter(canvas: HTMLCanvasElement): MaskPainter {
  return openGlPainter(canvas) ?? openPlainPainter(canvas);
}

export function openGlPainter(canvas: HTMLCanvasElement): MaskPainter | null {
  const gl = canvas.getContext("webgl", { alpha: true, premultipliedAlpha: true, depth: false });
  const program = gl && link(gl);
  if (!gl || !program) return null;
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
  const corner = gl.getAttribLocation(program, "corner");
  gl.enableVertexAttribArray(corner);
  gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
  const seam = gl.getUniformLocation(program, "seam");
  return {
    paint(video) {
      if (gl.isContextLost()) return false;
      fit(canvas, video.videoWidth / 2, video.videoHeight);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, video);
      gl.uniform1f(seam, 1 / video.videoWidth);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
      return true;
    },
  };
}

export function openPlainPainter(canvas: HTMLCanvasElement): MaskPainter {
  const context = canvas.getContext("2d");
  const whole = document.createElement("canvas");
  const reader = whole.getContext("2d", { willReadFrequently: true });
  return {
    paint(video) {
      if (!context || !reader) return false;
      const scale = Math.min(1, PLAIN_WIDTH / (video.videoWidth / 2));
      fit(canvas, (video.videoWidth / 2) * scale, video.videoHeight * scale);
      fit(whole, 2 * canvas.width, canvas.height);
      reader.drawImage(video, 0, 0, whole.width, whole.height);
      const shown = unmask(reader.getImageData(0, 0, whole.width, whole.height));
      unmultiply(shown);
      const image = new ImageData(shown.width, shown.height);
      image.data.set(shown.data);
      context.putImageData(image, 0, 0);
      return true;
    },
  };
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

function link(gl: WebGLRenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
