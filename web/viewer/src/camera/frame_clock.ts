/** Calls `onFrame` for every new picture of `video`, as early as the browser tells. */
export function watchFrames(video: HTMLVideoElement, onFrame: (timeMs: number) => void): void {
  if ("requestVideoFrameCallback" in video) {
    const next = (timeMs: number) => {
      video.requestVideoFrameCallback(next);
      onFrame(timeMs);
    };
    video.requestVideoFrameCallback(next);
    return;
  }
  watchByClock(video, onFrame);
}

/** Older browsers say nothing of frames, but the time of the stream moves with them. */
function watchByClock(video: HTMLVideoElement, onFrame: (timeMs: number) => void): void {
  let last = -1;
  const next = (timeMs: number) => {
    requestAnimationFrame(next);
    if (video.currentTime === last) return;
    last = video.currentTime;
    onFrame(timeMs);
  };
  requestAnimationFrame(next);
}
