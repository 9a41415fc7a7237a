// Drives MindAR's own Controller, as its bundle ships it, frame by frame in a browser page.
//
// MindAR's loop (Controller.processVideo) asks requestAnimationFrame when to take the next camera
// frame and Date.now how late it is. Both are replaced before its bundle loads: the "camera" is a
// canvas, an animation frame comes when the next picture is on it, and the clock is the film's.
// Nothing inside MindAR is touched but its filter object, which is wrapped so that one run yields the
// pose of several filter settings (the filter never feeds back into tracking).

const EPOCH_MS = 1_000_000;
let clockMs = 0;
let waiting = [];
Date.now = () => EPOCH_MS + Math.round(clockMs);
window.requestAnimationFrame = (callback) => waiting.push(callback);

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });
let picture = null;
let controller = null;
let filters = [];
let running = false;
let processed = () => {};
let poses = {};

/** One more animation frame for whoever waits for it. */
function releaseFrame() {
  const ready = waiting;
  waiting = [];
  for (const callback of ready) callback(performance.now());
}

/** The controller's own filter (it is `own.constructor`) once for every setting asked for. */
function filterSet(own, targetIndex) {
  const members = filters.map(({ name, minCutOff, beta }) => {
    return { name, filter: new own.constructor({ minCutOff, beta }) };
  });
  return {
    reset: () => members.forEach(({ filter }) => filter.reset()),
    filter: (timeMs, matrix) => {
      poses[targetIndex] = { unfiltered: [...matrix] };
      for (const { name, filter } of members) {
        poses[targetIndex][name] = [...filter.filter(timeMs, matrix)];
      }
      return matrix;
    },
  };
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Grey pixels, one byte each, onto the canvas that stands for the camera. */
function show(base64) {
  const grey = bytesOf(base64);
  const rgba = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < grey.length; i++) rgba[i] = 0xff000000 | (grey[i] * 0x010101);
  context.putImageData(picture, 0, 0);
}

/** Load targets into a fresh controller and warm it up, as MindARThree.start does. */
window.setUp = async ({ width, height, mindBase64, maxTrack, filterSettings }) => {
  await import("/dist/mindar-image.prod.js");
  if (controller) stop();
  Object.assign(canvas, { width, height });
  picture = new ImageData(width, height);
  filters = filterSettings;
  controller = new window.MINDAR.IMAGE.Controller({
    inputWidth: width,
    inputHeight: height,
    maxTrack,
    onUpdate: (update) => update.type === "processDone" && processed(),
  });
  const { dimensions } = controller.addImageTargetsFromBuffer(bytesOf(mindBase64).buffer);
  context.fillRect(0, 0, width, height);
  controller.dummyRun(canvas);
  return { dimensions, projection: controller.getProjectionMatrix() };
};

function stop() {
  controller.stopProcessVideo();
  if (running) releaseFrame();
  running = false;
}

/** Forget everything seen: the loop starts again, its crop at the centre as in a new controller. */
window.restart = async () => {
  stop();
  await new Promise((resolve) => setTimeout(resolve));
  controller.cropDetector.lastRandomIndex = 4;
};

function start() {
  controller.processVideo(canvas);
  running = true;
}

/** One frame through the controller. `poses`: of shown targets, by index and filter. */
window.step = async ({ base64, timeMs }) => {
  show(base64);
  clockMs = timeMs;
  poses = {};
  const done = new Promise((resolve) => {
    processed = resolve;
  });
  const searched = !running || controller.trackingStates.filter((s) => s.isTracking).length < controller.maxTrack;
  const begin = performance.now();
  if (running) {
    releaseFrame();
  } else {
    start();
    controller.trackingStates.forEach((state, index) => {
      state.filter = filterSet(state.filter, index);
    });
  }
  await done;
  const ms = performance.now() - begin;
  const tracking = controller.trackingStates.map((state) => state.isTracking);
  return { ms, searched, tracking, poses };
};
