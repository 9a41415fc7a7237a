import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { moved, type RotationKind, type Turn, without } from "../rules";
import { Poster, type VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";

interface TurnListProps {
  kind: RotationKind;
  turns: Turn[];
  videos: VideoFace[];
  onChange: (turns: Turn[]) => void;
}

/** Videos in their order; by time of day the time makes the order. */
export function TurnList({ kind, turns, videos, onChange }: TurnListProps) {
  const { t } = useTranslation("schedule");
  const add = () => {
    const used = new Set(turns.map((turn) => turn.video_id));
    const next = videos.find((video) => !used.has(video.id)) ?? videos[0];
    if (!next) return;
    const from_time = kind === "hours" ? "12:00" : null;
    onChange([...turns, { video_id: next.id, weight: 1, weekdays: [], from_time }]);
  };
  return (
    <fieldset className={classes.turns}>
      <legend className={classes.legend}>{t("form.turns")}</legend>
      {turns.map((turn, index) => (
        <TurnRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a turn is known by its place
          key={index}
          kind={kind}
          turn={turn}
          videos={videos}
          onChange={(part) =>
            onChange(turns.map((each, at) => (at === index ? { ...each, ...part } : each)))
          }
        >
          <Tools kind={kind} turns={turns} index={index} videos={videos} onChange={onChange} />
        </TurnRow>
      ))}
      <div>
        <Button leftSection={<IconPlus size={16} aria-hidden />} size="sm" onClick={add}>
          {t("form.addTurn")}
        </Button>
      </div>
    </fieldset>
  );
}

interface TurnRowProps {
  kind: RotationKind;
  turn: Turn;
  videos: VideoFace[];
  onChange: (part: Partial<Turn>) => void;
  children: React.ReactNode;
}

function TurnRow({ kind, turn, videos, onChange, children }: TurnRowProps) {
  const { t } = useTranslation("schedule");
  const known = videos.some((video) => video.id === turn.video_id);
  return (
    <div className={classes.turn}>
      {kind === "hours" && (
        <TextInput
          className={classes.turnTime}
          type="time"
          aria-label={t("form.fromTime")}
          value={turn.from_time ?? ""}
          onChange={(event) => onChange({ from_time: event.currentTarget.value || null })}
        />
      )}
      <Poster video={videos.find((video) => video.id === turn.video_id)} />
      <NativeSelect
        className={classes.turnVideo}
        aria-label={t("form.video")}
        value={turn.video_id}
        data={[
          ...(known ? [] : [{ value: turn.video_id, label: "–" }]),
          ...videos.map((video) => ({ value: video.id, label: video.name })),
        ]}
        onChange={(event) => onChange({ video_id: event.currentTarget.value })}
      />
      {kind === "random" && (
        <TextInput
          className={classes.turnWeight}
          type="number"
          min={1}
          max={100}
          aria-label={t("form.weight")}
          value={turn.weight ?? 1}
          onChange={(event) => onChange({ weight: within(event.currentTarget.valueAsNumber) })}
        />
      )}
      {children}
    </div>
  );
}

const within = (weight: number) => Math.min(100, Math.max(1, Math.round(weight) || 1));

function Tools({ kind, turns, index, videos, onChange }: TurnListProps & { index: number }) {
  const { t } = useTranslation("schedule");
  const name = videos.find((video) => video.id === turns[index]?.video_id)?.name ?? "–";
  return (
    <span className={classes.turnTools}>
      {kind !== "hours" && (
        <>
          <ActionIcon
            aria-label={t("form.upTurn", { name })}
            disabled={index === 0}
            onClick={() => onChange(moved(turns, index, -1))}
          >
            <IconArrowUp size={18} />
          </ActionIcon>
          <ActionIcon
            aria-label={t("form.downTurn", { name })}
            disabled={index === turns.length - 1}
            onClick={() => onChange(moved(turns, index, 1))}
          >
            <IconArrowDown size={18} />
          </ActionIcon>
        </>
      )}
      <ActionIcon
        aria-label={t("form.removeTurn", { name })}
        disabled={turns.length === 1}
        onClick={() => onChange(without(turns, index))}
      >
        <IconX size={18} />
      </ActionIcon>
    </span>
  );
}
