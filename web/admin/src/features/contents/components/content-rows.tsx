import type { ArContent } from "@arv/api-client";
import { Checkbox, Skeleton } from "@mantine/core";
import type { ChangeEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { StoredImage } from "@/components/stored-image";
import { formatDate } from "@/lib/format";
import { allToggled, coverage, type Selection, toggled } from "../selection";
import classes from "./content-rows.module.css";
import { ScoreBadge } from "./score-gauge";
import { StatusLine } from "./status-line";

interface ContentRowsProps {
  contents: ArContent[];
  selection: Selection;
  /** Undefined for who may change nothing: then there is nothing to select for. */
  onSelect?: (selection: Selection) => void;
  link: (content: ArContent, className: string) => ReactNode;
  projectName: (projectId: string) => string | undefined;
}

/** Prints below one another, each with its box to select it. */
export function ContentRows({ contents, selection, onSelect, ...row }: ContentRowsProps) {
  const { t } = useTranslation("contents");
  const order = contents.map((content) => content.id);
  const covered = coverage(selection, order);
  if (contents.length === 0) return null;
  return (
    <>
      {onSelect && (
        <div className={classes.head}>
          <Checkbox
            label={t("select.all", { count: contents.length })}
            checked={covered === "all"}
            indeterminate={covered === "some"}
            onChange={() => onSelect(allToggled(selection, order))}
            data-testid="select-all"
          />
        </div>
      )}
      <ul className={classes.list} aria-label={t("all.title")}>
        {contents.map((content) => (
          <ContentRow
            key={content.id}
            content={content}
            chosen={selection.ids.has(content.id)}
            onToggle={
              onSelect && ((stretch) => onSelect(toggled(selection, content.id, order, stretch)))
            }
            {...row}
          />
        ))}
      </ul>
    </>
  );
}

interface ContentRowProps extends Pick<ContentRowsProps, "link" | "projectName"> {
  content: ArContent;
  chosen: boolean;
  onToggle: ((stretch: boolean) => void) | undefined;
}

function ContentRow({ content, chosen, onToggle, link, projectName }: ContentRowProps) {
  const { t, i18n } = useTranslation("contents");
  const { image, target } = content;
  const toggle = (event: ChangeEvent<HTMLInputElement>) =>
    onToggle?.((event.nativeEvent as MouseEvent).shiftKey);
  return (
    <li className={classes.row} data-chosen={chosen || undefined} data-testid="content-row">
      {onToggle && (
        <Checkbox
          aria-label={t("select.one", { title: content.title })}
          checked={chosen}
          onChange={toggle}
          className={classes.box}
        />
      )}
      <StoredImage className={classes.thumb} src={image.thumbnail_url} alt="" />
      <div className={classes.words}>
        {link(content, classes.link ?? "")}
        <span className={classes.project}>{projectName(content.project_id)}</span>
      </div>
      <div className={classes.state}>
        <StatusLine content={content} />
        {content.replacement && <span>{t("replacement.short")}</span>}
      </div>
      <span className={classes.videos} data-none={content.videos.length === 0 || undefined}>
        {content.videos.length === 0
          ? t("all.noVideo")
          : t("all.videos", { count: content.videos.length })}
      </span>
      <span className={classes.date}>{formatDate(content.created_at, i18n.language)}</span>
      <span className={classes.score}>
        {target.score !== null && <ScoreBadge score={target.score} />}
      </span>
    </li>
  );
}

export function ContentRowsSkeleton() {
  return (
    <div className={classes.list} aria-busy="true">
      {["a", "b", "c", "d", "e"].map((key) => (
        <div key={key} className={classes.row}>
          <Skeleton height={52} width={64} radius="sm" />
          <Skeleton height={18} width="60%" />
        </div>
      ))}
    </div>
  );
}
