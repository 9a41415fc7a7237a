import type { Project } from "@arv/api-client";
import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "@/components/mark";
import { StoredImage } from "@/components/stored-image";
import { projectDates } from "../project-dates";
import classes from "./project-card.module.css";

interface ProjectCardProps {
  project: Project;
  link: (title: string, className: string) => ReactNode;
  menu?: ReactNode;
}

/** A project as a pile of prints, the newest on top. */
export function ProjectCard({ project, link, menu }: ProjectCardProps) {
  const { t } = useTranslation();
  const { t: words, i18n } = useTranslation("contents");
  const dates = projectDates(project, words, i18n.language);
  return (
    <article className={classes.card}>
      <Pile project={project} />
      <div className={classes.words}>
        <div className={classes.heading}>
          <h2 className={classes.title}>{link(project.name, classes.link ?? "")}</h2>
          {menu && <div className={classes.menu}>{menu}</div>}
        </div>
        <p className={classes.facts}>
          {t("project.contents", { count: project.content_count })}
          {project.published_count > 0 &&
            ` · ${t("project.published", { count: project.published_count })}`}
        </p>
        {dates && <p className={classes.facts}>{dates}</p>}
      </div>
    </article>
  );
}

function Pile({ project }: { project: Project }) {
  return (
    <div className={classes.table} aria-hidden="true">
      <div className={classes.pile}>
        {project.content_count > 2 && <div className={classes.under} data-nth="2" />}
        {project.content_count > 1 && <div className={classes.under} data-nth="1" />}
        <div className={classes.top}>
          {project.cover_url ? (
            <StoredImage src={project.cover_url} alt="" decoding="async" />
          ) : (
            <span className={classes.bare}>
              <Mark size={34} />
            </span>
          )}
        </div>
      </div>
    </div>
  );
}

export function ProjectGridSkeleton() {
  return (
    <div className={classes.grid} aria-hidden="true">
      {["a", "b", "c"].map((key) => (
        <div key={key} className={classes.card}>
          <Skeleton className={classes.table} radius="lg" />
          <Skeleton height={22} width="65%" />
          <Skeleton height={14} width="40%" />
        </div>
      ))}
    </div>
  );
}

export function ProjectGrid({ children }: { children: ReactNode }) {
  return <ul className={classes.grid}>{children}</ul>;
}
