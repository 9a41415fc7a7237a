import type { ArContent } from "@arv/api-client";
import type { ReactNode } from "react";
import { Print } from "@/components/print";
import classes from "./content-card.module.css";
import { MakingOverlay } from "./making-overlay";
import { ScoreBadge } from "./score-gauge";
import { StatusLine } from "./status-line";

interface ContentCardProps {
  content: ArContent;
  /** Wraps the title in the link to the content's page, which then covers the whole card. */
  link: (title: string, className: string) => ReactNode;
}

/** A content as a print on the table. */
export function ContentCard({ content, link }: ContentCardProps) {
  const { image, target } = content;
  return (
    <article className={classes.card}>
      <div className={classes.place}>
        <div style={{ width: printWidth(image.width / image.height) }}>
          <Print
            src={image.thumbnail_url}
            alt=""
            ratio={image.width / image.height}
            className={classes.print}
          >
            <MakingOverlay target={target} />
          </Print>
        </div>
      </div>
      <div className={classes.words}>
        <h2 className={classes.title}>{link(content.title, classes.link ?? "")}</h2>
        <div className={classes.facts}>
          <StatusLine content={content} />
          {target.score !== null && <ScoreBadge score={target.score} />}
        </div>
      </div>
    </article>
  );
}

/** Prints of every shape get about the same area, and none is taller than its square of the table. */
function printWidth(ratio: number): string {
  const share = Math.min(1, ratio, 0.86 * Math.sqrt(ratio));
  return `${Math.round(share * 100)}%`;
}
