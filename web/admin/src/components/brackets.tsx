import classes from "./brackets.module.css";

export type Tone = "quiet" | "ink" | "coral" | "teal";

/** Corner brackets around the parent, which must be positioned. `inset` is a CSS length. */
export function Brackets({ tone = "quiet", inset = "0" }: { tone?: Tone; inset?: string }) {
  return (
    <span
      className={classes.brackets}
      data-tone={tone}
      style={{ "--inset": inset } as React.CSSProperties}
      aria-hidden="true"
    >
      <span className={classes.corner} />
      <span className={classes.corner} />
      <span className={classes.corner} />
      <span className={classes.corner} />
    </span>
  );
}
