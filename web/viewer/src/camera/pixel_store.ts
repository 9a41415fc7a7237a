import type { Size } from "@arv/engine";

/** Pictures to copy frames into, used again and again: a new one every frame would be 100 MB a second. */
export class PixelStore {
  #free: ImageData[] = [];

  borrow({ width, height }: Size): ImageData {
    const picture = this.#free.pop();
    if (picture?.width === width && picture.height === height) return picture;
    // The phone was turned: pictures of the old size are of no more use.
    this.#free = [];
    return new ImageData(width, height);
  }

  giveBack(picture: ImageData): void {
    this.#free.push(picture);
  }
}
