import { IconPencil, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ItemMenu } from "@/components/item-menu";
import { reordered, Sortable } from "@/components/sortable";
import { useFindingWords } from "../finding-words";
import { type Findings, findingsOf } from "../rule-findings";
import { dateHint, dateWords, rotationWords, turnWords, windowWords } from "../rule-words";
import { type Edited, keyOfRule, type Rotation, type Rules } from "../rules";
import { Poster, type VideoFace } from "./poster";
import { RuleRow } from "./rule-row";
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

interface PartProps extends LadderProps {
  findings: Findings;
}

/** The rules in plain words, the most important first, and at the foot what plays otherwise. */
export function RuleLadder(props: LadderProps) {
  const { t } = useTranslation("schedule");
  const { rules, videos, zone } = props;
  const [now] = useState(Date.now);
  const usual = videos.find((video) => video.id === props.defaultVideoId) ?? videos[0];
  const plays = (id: string) => videos.some((video) => video.id === id && video.url !== null);
  const findings = findingsOf(rules, zone, plays, now);
  return (
    <ol className={classes.ladder}>
      {rules.dates.length > 0 && (
        <Group tone="date">
          <Dates {...props} findings={findings} />
        </Group>
      )}
      {rules.windows.length > 0 && (
        <Group tone="window">
          <Windows {...props} findings={findings} />
        </Group>
      )}
      {rules.rotation && (
        <Group tone="rotation">
          <Everyday {...props} findings={findings} rotation={rules.rotation} />
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

function Dates({ rules, zone, findings, onChange, onEdit, ...rest }: PartProps) {
  const { t, i18n } = useTranslation("schedule");
  const wordsOf = useFindingWords(rules, zone);
  const set = (dates: Rules["dates"]) => onChange({ ...rules, dates });
  const move = (from: number, to: number) => set(reordered(rules.dates, from, to));
  const rows = rules.dates.map((rule) => ({ rule, words: dateWords(rule, t, i18n.language) }));
  return (
    <Sortable items={rows.map(({ rule, words }) => itemOf(rule, words))} onMove={move}>
      {rows.map(({ rule, words }, index) => (
        <RuleRow
          key={keyOfRule(rule)}
          {...itemOf(rule, words)}
          {...rest}
          name={rule.name}
          words={words}
          hint={dateHint(rule, t)}
          warnings={(findings.dates[index] ?? []).map(wordsOf)}
          videoId={rule.video_id}
          onEdit={() => onEdit({ part: "date", index, rule })}
          list={rules.dates}
          index={index}
          onList={set}
          onMove={move}
        />
      ))}
    </Sortable>
  );
}

function Windows({ rules, zone, findings, onChange, onEdit, ...rest }: PartProps) {
  const { t, i18n } = useTranslation("schedule");
  const wordsOf = useFindingWords(rules, zone);
  const set = (windows: Rules["windows"]) => onChange({ ...rules, windows });
  const move = (from: number, to: number) => set(reordered(rules.windows, from, to));
  const rows = rules.windows.map((rule) => ({
    rule,
    words: windowWords(rule, zone, t, i18n.language),
  }));
  return (
    <Sortable items={rows.map(({ rule, words }) => itemOf(rule, words))} onMove={move}>
      {rows.map(({ rule, words }, index) => (
        <RuleRow
          key={keyOfRule(rule)}
          {...itemOf(rule, words)}
          {...rest}
          name={rule.name}
          words={words}
          hint={null}
          warnings={(findings.windows[index] ?? []).map(wordsOf)}
          videoId={rule.video_id}
          onEdit={() => onEdit({ part: "window", index, rule })}
          list={rules.windows}
          index={index}
          onList={set}
          onMove={move}
        />
      ))}
    </Sortable>
  );
}

const itemOf = (rule: Rules["dates"][number] | Rules["windows"][number], words: string) => ({
  id: keyOfRule(rule),
  name: rule.name || words,
});

function Everyday(props: PartProps & { rotation: Rotation }) {
  const { t } = useTranslation("schedule");
  const { rules, zone, canEdit, onChange, onEdit, rotation, findings } = props;
  const wordsOf = useFindingWords(rules, zone);
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
      {findings.rotation.map((finding) => (
        <p key={finding.kind} className={classes.finding}>
          {wordsOf(finding)}
        </p>
      ))}
      <Turns rotation={rotation} videos={props.videos} />
    </li>
  );
}

function Turns({ rotation, videos }: { rotation: Rotation; videos: VideoFace[] }) {
  const { t, i18n } = useTranslation("schedule");
  return (
    <ol className={classes.turns}>
      {rotation.turns.map((turn, index) => {
        const video = videos.find((each) => each.id === turn.video_id);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a turn is known by its place
          <li key={index} className={classes.turn} data-off={!video?.url || undefined}>
            <Poster video={video} />
            <span className={classes.turnName}>{video?.name ?? t("gone")}</span>
            <span className={classes.turnWhen}>{turnWords(rotation, turn, t, i18n.language)}</span>
          </li>
        );
      })}
    </ol>
  );
}
