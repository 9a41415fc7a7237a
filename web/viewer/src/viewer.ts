import { TargetError } from "@arv/engine";
import { Camera, CameraError, cameraPermission } from "./camera/camera.js";
import { reportFrame, reportReady } from "./diagnostics.js";
import type { Manifest } from "./manifest.js";
import { Playback } from "./playback/playback.js";
import { keepRight, type Renewal } from "./renewal.js";
import { Controls } from "./screen/controls.js";
import { element } from "./screen/elements.js";
import { Player } from "./screen/player.js";
import { ScanHint } from "./screen/scan_hint.js";
import { AlphaLayer } from "./stage/alpha_layer.js";
import { Stage } from "./stage/stage.js";
import type { ViewerStore } from "./state/store.js";
import type { FailedCause, ViewerState } from "./state/viewer_state.js";
import type { Translate } from "./text/translate.js";
import { LiveView, type ShownFrame } from "./tracking/live_view.js";
import { prepareRecognition, type Recognition } from "./tracking/recognition.js";

/** Puts the parts together: camera, recognition, stage, video and words, around one state. */
export class Viewer {
  readonly #manifest: Manifest;
  readonly #store: ViewerStore;
  readonly #stage: Stage;
  readonly #playback: Playback;
  readonly #controls: Controls;
  readonly #hint: ScanHint;
  readonly #renewal: Renewal;
  #camera: Camera | null = null;
  #view: LiveView | null = null;
  #recognition: Recognition | null = null;
  #preparing: Promise<void> | null = null;

  /** `view` is the visitor's opening of the print, from 0; it decides where every one shows another video. */
  constructor(manifest: Manifest, view: number, translate: Translate, store: ViewerStore) {
    this.#manifest = manifest;
    this.#store = store;
    this.#stage = new Stage(document, manifest.image);
    this.#controls = new Controls(manifest, translate);
    this.#hint = new ScanHint(manifest, translate);
    const video = element<HTMLVideoElement>("arv-video");
    this.#playback = new Playback(video, manifest, () =>
      this.#controls.renderSound(this.#playback),
    );
    if (manifest.video.alpha === "side_by_side") {
      new AlphaLayer(video, element<HTMLCanvasElement>("arv-alpha"));
    }
    this.#controls.bindPlayback(this.#playback);
    this.#controls.bindSnapshot(this.#stage, video, manifest.image, manifest.title);
    const player = new Player(manifest, translate, (open) => this.#playback.hold(open));
    this.#renewal = keepRight(manifest, view, [this.#playback, player]);
    store.onChange((state) => this.#render(state));
  }

  /** Everything that can start without the person starts now, side by side. */
  async open(): Promise<void> {
    this.#hint.render(this.#store.state);
    const permission = cameraPermission();
    void this.#prepare();
    if ((await permission) === "prompt") this.#store.send({ type: "permission_needed" });
    else await this.#openCamera();
  }

  /** The person tapped "turn on" or "try again". */
  start(): void {
    this.#store.send({ type: "start_requested" });
    void this.#prepare();
    void this.#openCamera();
  }

  async #openCamera(): Promise<void> {
    this.#camera?.close();
    const video = element<HTMLVideoElement>("camera");
    const opening = Camera.open(video, () => this.#fail("camera_ended"));
    // While the camera wakes up, which takes it a moment.
    this.#view ??= this.#openView(video);
    try {
      this.#camera = await opening;
    } catch (error) {
      this.#fail(error instanceof CameraError ? error.reason : "camera_error");
      return;
    }
    this.#controls.bindTorch(this.#camera);
    reportReady("camera");
    this.#store.send({ type: "camera_ready", time: performance.now() });
  }

  #openView(video: HTMLVideoElement): LiveView {
    const view = new LiveView(video, this.#stage, {
      onShown: (frame) => this.#afterFrame(frame),
      onBroken: () => this.#recognitionBroke(),
    });
    if (this.#recognition) view.useRecognition(this.#recognition);
    return view;
  }

  #fail(cause: FailedCause): void {
    this.#store.send({ type: "failed", cause });
  }

  /** Loads engine and target, once; again only after a failure. */
  #prepare(): Promise<void> {
    this.#preparing ??= prepareRecognition(this.#manifest.target.url, this.#manifest.id).then(
      (recognition) => {
        this.#recognition = recognition;
        this.#view?.useRecognition(recognition);
        reportReady("engine");
        this.#store.send({ type: "engine_ready", time: performance.now() });
      },
      (error: unknown) => {
        this.#preparing = null;
        this.#fail(error instanceof TargetError ? "target" : "engine");
      },
    );
    return this.#preparing;
  }

  #recognitionBroke(): void {
    this.#preparing = null;
    this.#recognition = null;
    this.#fail("engine");
  }

  /** Runs in the task in which the frame was drawn. */
  #afterFrame(frame: ShownFrame): void {
    const seen = frame.corners !== null;
    this.#store.send({ type: seen ? "target_seen" : "target_missed", time: frame.time });
    const { state } = this.#store;
    if (state.name === "tracking") this.#playback.resume();
    this.#hint.coach(state, frame.time, frame.level, this.#camera?.hasTorch ?? false);
    reportFrame(state, frame);
  }

  #render(state: ViewerState): void {
    this.#hint.render(state);
    if (state.name !== "tracking") this.#playback.pauseSoon();
    if (state.name === "scanning") void this.#renewal.renewIfDue();
  }
}
