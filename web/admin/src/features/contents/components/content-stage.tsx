import type { ArContent } from "@arv/api-client";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Brackets, type Tone } from "@/components/brackets";
import { Print } from "@/components/print";
import { plainUrl } from "../plain-video";
import { readReport } from "../report";
import classes from "./content-stage.module.css";
import { HeatOverlay } from "./heat-overlay";
import { MakingOverlay } from "./making-overlay";

type View = "print" | "alive" | "heat";

/** The print on the light table: as printed, with its video playing in place, or with its heat map. */
export function ContentStage({ content }: { content: ArContent }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<View>("print");
  const views = viewsOf(content);
  const view = views.includes(chosen) ? chosen : "print";
  const { image, target } = content;
  const ratio = image.width / image.height;
  return (
    <section className={classes.stage} aria-label={t("stage.label")}>
      <div className={classes.table}>
        <div className={classes.place} style={{ "--ratio": ratio } as React.CSSProperties}>
          <Brackets tone={toneOf(content)} inset="-1.125rem" />
          <Print src={image.url} alt={content.title} ratio={ratio}>
            <MakingOverlay target={target} />
            {view === "alive" && <PlayingVideo content={content} />}
            {view === "heat" && <HeatOverlay heat={readReport(target.report).heat} />}
          </Print>
        </div>
      </div>
      {views.length > 1 && (
        <SegmentedControl
          aria-label={t("stage.label")}
          value={view}
          onChange={(value) => setChosen(value as View)}
          data={views.map((value) => ({ value, label: t(`stage.${value}`) }))}
        />
      )}
      {view === "heat" && <p className={classes.caption}>{t("stage.heatCaption")}</p>}
    </section>
  );
}

/** The video that plays first, filling the print as the viewer shows it. */
function PlayingVideo({ content }: { content: ArContent }) {
  const playable = content.videos.filter((one) => one.url);
  const video = playable.find((one) => one.id === content.default_video_id) ?? playable[0];
  if (!video?.url) return null;
  return (
    <video
      key={video.id}
      className={classes.video}
      src={plainUrl(video) ?? undefined}
      poster={video.poster_url ?? undefined}
      aria-label={video.name}
      autoPlay
      loop
      muted
      playsInline
      controls
    />
  );
}

function viewsOf(content: ArContent): View[] {
  const views: View[] = ["print"];
  if (content.videos.some((video) => video.url)) views.push("alive");
  if (readReport(content.target.report).heat) views.push("heat");
  return views;
}

function toneOf({ target }: ArContent): Tone {
  if (target.status === "ready") return "teal";
  return target.status === "failed" ? "quiet" : "coral";
}
