import { type MouseEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { colorAround } from "../chroma";
import classes from "./chroma-dialog.module.css";

interface ChromaFrameProps {
  /** The frame as it is, and with the key applied. */
  original: string;
  keyed: string;
  ratio: number;
  /** Whether a click takes the colour under it. */
  picking: boolean;
  /** Take the colour of a corner to begin with, where the cloth usually is. */
  guess: boolean;
  onPicked: (color: string, byHand: boolean) => void;
}

/** One frame on a chequered ground; while a colour is picked, as it was filmed. */
export function ChromaFrame(props: ChromaFrameProps) {
  const { original, keyed, ratio, picking, guess, onPicked } = props;
  const { t } = useTranslation("videos");
  const guessed = useRef(!guess);
  const [broken, setBroken] = useState(false);
  const pick = (event: MouseEvent<HTMLImageElement>) => {
    const image = event.currentTarget;
    const box = image.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    onPicked(colorAt(image, x, y), true);
  };
  const loaded = (image: HTMLImageElement) => {
    setBroken(false);
    if (guessed.current) return;
    guessed.current = true;
    onPicked(colorAt(image, 0.03, 0.03), false);
  };
  return (
    <figure className={classes.frame} style={{ "--ratio": ratio } as React.CSSProperties}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above, by keyboard the colour field does the same */}
      <img
        src={original}
        alt={t("chroma.original")}
        data-picking={picking || undefined}
        hidden={!picking}
        onLoad={(event) => loaded(event.currentTarget)}
        onError={() => setBroken(true)}
        onClick={pick}
      />
      <img
        src={keyed}
        alt={t("chroma.result")}
        hidden={picking}
        data-testid="chroma-result"
        onError={() => setBroken(true)}
      />
      {broken && (
        <figcaption className={classes.broken} role="alert">
          {t("chroma.noPreview")}
        </figcaption>
      )}
    </figure>
  );
}

/** The colour of the picture at a point given in shares of its sides. */
function colorAt(image: HTMLImageElement, x: number, y: number): string {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  if (!context) return "#00b140";
  context.drawImage(image, 0, 0);
  const at = (share: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.round(share * length)));
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  return colorAround(pixels, at(x, canvas.width), at(y, canvas.height));
}
