import type { ReactNode } from "react";
import classes from "./print.module.css";
import { StoredImage } from "./stored-image";

interface PrintProps {
  src: string | null;
  alt: string;
  /** Width divided by height of the picture. */
  ratio: number;
  /** What lies on the picture: progress, a heat map, a playing video. */
  children?: ReactNode;
  className?: string;
}

/** A picture shown as a print lying on the table. */
export function Print({ src, alt, ratio, children, className }: PrintProps) {
  return (
    <div className={`${classes.print} ${className ?? ""}`}>
      <div className={classes.picture} style={{ "--ratio": ratio } as React.CSSProperties}>
        {src && <StoredImage src={src} alt={alt} decoding="async" />}
        {children}
      </div>
    </div>
  );
}
