/** A wait this long while it should play is a stall. */
const STALL_MS = 2500;

/** Calls `onStall` whenever `video` waits for the line for too long; each wait counts once. */
export function watchStalls(video: HTMLVideoElement, onStall: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flowing = () => clearTimeout(timer);
  video.addEventListener("waiting", () => {
    clearTimeout(timer);
    timer = setTimeout(onStall, STALL_MS);
  });
  for (const name of ["playing", "pause", "seeked", "emptied"]) {
    video.addEventListener(name, flowing);
  }
}
