import type { ArContent } from "@arv/api-client";
import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { ContentCard } from "./content-card";
import classes from "./content-card.module.css";

interface ContentGridProps {
  contents: ArContent[];
  link: (content: ArContent, title: string, className: string) => ReactNode;
}

export function ContentGrid({ contents, link }: ContentGridProps) {
  return (
    <ul className={classes.grid}>
      {contents.map((content) => (
        <li key={content.id}>
          <ContentCard
            content={content}
            link={(title, className) => link(content, title, className)}
          />
        </li>
      ))}
    </ul>
  );
}

export function ContentGridSkeleton() {
  return (
    <div className={classes.grid} aria-hidden="true">
      {["a", "b", "c", "d"].map((key) => (
        <div key={key} className={classes.card}>
          <Skeleton className={classes.place} radius="lg" />
          <Skeleton height={20} width="70%" />
          <Skeleton height={14} width="40%" />
        </div>
      ))}
    </div>
  );
}
