import { INITIAL_STATE, nextState, type ViewerEvent, type ViewerState } from "./viewer_state.js";

export type Listener = (state: ViewerState, previous: ViewerState) => void;

/** The one place the state lives. Listeners hear of changes only, in the order they came. */
export class ViewerStore {
  #state = INITIAL_STATE;
  readonly #listeners: Listener[] = [];

  get state(): ViewerState {
    return this.#state;
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  send(event: ViewerEvent): void {
    const previous = this.#state;
    this.#state = nextState(previous, event);
    if (this.#state === previous) return;
    for (const listener of this.#listeners) listener(this.#state, previous);
  }
}
