import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { dateHint, dateWords, rotationWords, turnWords, windowWords } from "../rule-words";
import { type Edited, moved, type Rotation, type Rules, without } from "../rules";
import { Poster, type VideoFace } from "./poster";
import classes from "./schedule.module.css";

interface LadderProps {
  rules: Rules;
  zone: string;
  videos: VideoFace[];
  defaultVideoId: string | null;
  canEdit: boolean;
  onChange: (rules: Rules) => void;
  onEdit: (edited: Edited) => void;
}

/** The rules in plain words, the most important first, and at the foot what plays otherwise. */
export function RuleLadder(props: LadderProps) {
  const { t } = useTranslation("schedule");
  const { rules, videos } = props;
  const usual = videos.find((video) => video.id === props.defaultVideoId) ?? videos[0];
  return (
    <ol className={classes.ladder}>
      {rules.dates.length > 0 && (
        <Group tone="date">
          <Dates {...props} />
        </Group>
      )}
      {rules.windows.length > 0 && (
        <Group tone="window">
          <Windows {...props} />
        </Group>
      )}
      {rules.rotation && (
        <Group tone="rotation">
          <Everyday {...props} rotation={rules.rotation} />
        </Group>
      )}
      <Group tone="default">
        <li className={classes.rule}>
          <Poster video={usual} />
          <span className={classes.ruleWords}>
            <strong>{usual?.name ?? t("noDefault")}</strong>
          </span>
        </li>
      </Group>
    </ol>
  );
}

function Group({
  tone,
  children,
}: {
  tone: "date" | "window" | "rotation" | "default";
  children: ReactNode;
}) {
  const { t } = useTranslation("schedule");
  return (
    <li className={classes.group} data-tone={tone}>
      <h3 className={classes.groupTitle}>{t(`group.${tone}`)}</h3>
      <ul className={classes.rules}>{children}</ul>
    </li>
  );
}

function Dates({ rules, videos, canEdit, onChange, onEdit }: LadderProps) {
  const { t, i18n } = useTranslation("schedule");
  const set = (dates: Rules["dates"]) => onChange({ ...rules, dates });
  return rules.dates.map((rule, index) => {
    const words = dateWords(rule, t, i18n.language);
    return (
      <RuleRow
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place
        key={index}
        name={rule.name}
        words={words}
        hint={dateHint(rule, t)}
        videoId={rule.video_id}
        videos={videos}
        canEdit={canEdit}
        onEdit={() => onEdit({ part: "date", index, rule })}
        list={rules.dates}
        index={index}
        onList={set}
      />
    );
  });
}

function Windows({ rules, zone, videos, canEdit, onChange, onEdit }: LadderProps) {
  const { t, i18n } = useTranslation("schedule");
  const set = (windows: Rules["windows"]) => onChange({ ...rules, windows });
  return rules.windows.map((rule, index) => (
    <RuleRow
      // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place
      key={index}
      name={rule.name}
      words={windowWords(rule, zone, t, i18n.language)}
      videoId={rule.video_id}
      videos={videos}
      canEdit={canEdit}
      onEdit={() => onEdit({ part: "window", index, rule })}
      list={rules.windows}
      index={index}
      onList={set}
    />
  ));
}

interface RowProps<T> {
  name: string | undefined;
  words: string;
  hint?: string | null;
  videoId: string;
  videos: VideoFace[];
  canEdit: boolean;
  onEdit: () => void;
  list: T[];
  index: number;
  onList: (list: T[]) => void;
}

function RuleRow<T>(props: RowProps<T>) {
  const { t } = useTranslation("schedule");
  const { name, words, hint, videos, canEdit, list, index } = props;
  const video = videos.find((each) => each.id === props.videoId);
  const problem = useProblem(video);
  const up = { label: t("rule.up"), icon: IconArrowUp };
  const down = { label: t("rule.down"), icon: IconArrowDown };
  const actions: ItemAction[] = [
    { label: t("rule.edit"), icon: IconPencil, onClick: props.onEdit },
    ...(index > 0 ? [{ ...up, onClick: () => props.onList(moved(list, index, -1)) }] : []),
    ...(index < list.length - 1
      ? [{ ...down, onClick: () => props.onList(moved(list, index, 1)) }]
      : []),
    {
      label: t("rule.remove"),
      icon: IconTrash,
      danger: true,
      onClick: () => props.onList(without(list, index)),
    },
  ];
  return (
    <li className={classes.rule}>
      <Poster video={video} />
      <span className={classes.ruleWords}>
        <strong>{words}</strong>
        <span>{[name, video?.name].filter(Boolean).join(" · ")}</span>
        {hint && <span>{hint}</span>}
        {problem && <span className={classes.problem}>{problem}</span>}
      </span>
      {canEdit && <ItemMenu label={t("rule.menu", { name: name || words })} actions={actions} />}
    </li>
  );
}

function useProblem(video: VideoFace | undefined): string | null {
  const { t } = useTranslation("schedule");
  if (!video) return t("gone");
  return video.url ? null : t("making");
}

function Everyday({
  rules,
  videos,
  canEdit,
  onChange,
  onEdit,
  rotation,
}: LadderProps & { rotation: Rotation }) {
  const { t, i18n } = useTranslation("schedule");
  const words = rotationWords(rotation, t);
  const remove = () => onChange({ ...rules, rotation: null });
  const edit = () => onEdit({ part: "rotation", rule: rotation });
  return (
    <li className={classes.rotation}>
      <div className={classes.rotationHead}>
        <strong>{words}</strong>
        {canEdit && (
          <ItemMenu
            label={t("rule.menu", { name: words })}
            actions={[
              { label: t("rule.edit"), icon: IconPencil, onClick: edit },
              { label: t("rule.remove"), icon: IconTrash, danger: true, onClick: remove },
            ]}
          />
        )}
      </div>
      <ol className={classes.turns}>
        {rotation.turns.map((turn, index) => {
          const video = videos.find((each) => each.id === turn.video_id);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a turn is known by its place
            <li key={index} className={classes.turn} data-off={!video?.url || undefined}>
              <Poster video={video} />
              <span className={classes.turnName}>{video?.name ?? t("gone")}</span>
              <span className={classes.turnWhen}>
                {turnWords(rotation, turn, t, i18n.language)}
              </span>
            </li>
          );
        })}
      </ol>
    </li>
  );
}
