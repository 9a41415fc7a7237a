import type { ArContent, TargetVersion } from "@arv/api-client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { StoredImage } from "@/components/stored-image";
import { formatMoment } from "@/lib/format";
import { targetsQuery } from "../api/list-targets";
import { ScoreBadge } from "./score-gauge";
import classes from "./versions-panel.module.css";

/** The photos the content has had, the newest first; nothing while there has been only one. */
export function VersionsPanel({ content }: { content: ArContent }) {
  const several = content.target.version > 1 || content.replacement !== null;
  return several ? <Versions content={content} /> : null;
}

function Versions({ content }: { content: ArContent }) {
  const { t } = useTranslation("contents");
  const query = useQuery(targetsQuery(content));
  return (
    <Panel title={t("versions.title")}>
      <LoadProblem query={query} />
      <ol className={classes.list}>
        {query.data?.items.map((version) => (
          <VersionRow key={version.version} version={version} />
        ))}
      </ol>
    </Panel>
  );
}

function VersionRow({ version }: { version: TargetVersion }) {
  const { t, i18n } = useTranslation("contents");
  const state = version.is_in_use ? "inUse" : version.status;
  return (
    <li className={classes.row} data-in-use={version.is_in_use || undefined}>
      <StoredImage className={classes.picture} src={version.image.thumbnail_url} alt="" />
      <div className={classes.words}>
        <strong>{t("versions.number", { number: version.version })}</strong>
        <span>{formatMoment(version.created_at, i18n.language)}</span>
      </div>
      <span className={classes.state} data-state={state}>
        {t(`versions.state.${state}`)}
      </span>
      {version.score !== null && <ScoreBadge score={version.score} />}
    </li>
  );
}
